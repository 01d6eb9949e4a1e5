"""Forms of needs: what is known of one, its place, priority, steps, stances, how it is met, changes."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.engagement.models import NeedKind
from duobiao.kernel.money import Money
from duobiao.needs.actions.keep_need import Said
from duobiao.needs.forms.fields import (
    NONE,
    PeopleForm,
    channel_field,
    chips,
    day_of,
    line_field,
    person_field,
    text_field,
    version_field,
)
from duobiao.needs.models import (
    CostPer,
    ModuleFit,
    Need,
    NeedFit,
    NeedLayer,
    NeedLevel,
    NeedPriority,
    SolutionModule,
    Voice,
)
from duobiao.opportunities.forms.fields import AmountField

RATINGS = [(NONE, pgettext_lazy("rating", "not rated")), *((str(n), str(n)) for n in range(1, 6))]
YEARS = [(NONE, "–"), ("3", "3"), ("4", "4"), ("5", "5")]
PLAIN = ("text", "level", "layer", "need_kind", "words", "said_on", "channel", "impact", "wanted_by", "forecast")
NUMBERS = ("severity", "urgency", "forecast_years")


class NeedForm(PeopleForm):
    """A need as the customer has it."""

    named = ("said_by", "owner_contact")
    text = line_field(_("The need, in one sentence"), required=True)
    level = chips(
        _("Level"),
        NeedLevel.choices,
        help_text=_("Surface: asked for. Business: what work needs. Strategic: where they want to be. Hidden: unsaid."),
    )
    layer = chips(_("Layer"), NeedLayer.choices, help_text=_("Ask on: what stands behind it, and what behind that."))
    need_kind = chips(
        _("Does the customer see it?"), [(NONE, pgettext_lazy("need", "not noted")), *NeedKind.choices], required=False
    )
    words = text_field(
        _("The customer's own words or figures"),
        rows=3,
        help_text=_("Left empty, the need is marked as assumed: nobody defines a need for the customer."),
    )
    said_by = person_field(_("Said by"))
    said_on = day_of(_("Said on"))
    channel = channel_field()
    owner_contact = person_field(_("Whose need it is"))
    impact = text_field(_("Effect"), help_text=_("What it does to them, with figures where possible"))
    wanted_by = line_field(_("Wanted by"), longest=120)
    severity = chips(_("Severity"), RATINGS, required=False, help_text=_("1 a nuisance … 5 it stops them"))
    urgency = chips(_("Urgency"), RATINGS, required=False, help_text=_("1 some day … 5 now"))
    inaction = AmountField(
        label=_("Cost of doing nothing"), required=False, min_value=0, max_digits=13, decimal_places=2
    )
    inaction_per = forms.ChoiceField(label=_("Per"), required=False, choices=CostPer.choices)
    forecast = text_field(_("In 3 to 5 years"), help_text=_("Growth the customer told: capacity, lines, plants"))
    forecast_years = chips(_("Years ahead"), YEARS, required=False)
    version = version_field()

    SECTIONS = (
        (_("The need"), ("text", "level", "layer", "need_kind")),
        (_("Who said it, and how"), ("words", "said_by", "said_on", "channel", "owner_contact")),
        (_("The pain"), ("impact", "wanted_by", "severity", "urgency", "inaction", "inaction_per")),
        (_("What comes later"), ("forecast", "forecast_years")),
    )

    def __init__(
        self, data: Any = None, *, currency: str, need: Need | None = None, begun: Any = None, **kwargs: Any
    ) -> None:
        self.currency = need.inaction_currency if need is not None and need.inaction_currency else currency
        self.need = need
        super().__init__(data, initial=initial_of(need) if need is not None else begun, **kwargs)
        self.fields["inaction"].label = f"{self.fields['inaction'].label} ({self.currency})"

    @property
    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields in their parts."""
        return [(title, [self[name] for name in names]) for title, names in self.SECTIONS]

    def said(self, **more: Any) -> Said:
        """Return what the actions take."""
        held = self.cleaned_data
        values: dict[str, Any] = {name: "" if held[name] == NONE else held[name] for name in PLAIN}
        values |= {name: None if held[name] in ("", NONE) else int(held[name]) for name in NUMBERS}
        values |= {name: self.person(name) for name in self.named}
        if not values["words"]:
            values |= {"said_by": None, "said_on": None, "channel": ""}
        amount = held["inaction"]
        inaction = Money.of(amount, self.currency) if amount is not None else None
        if inaction is not None:
            values["inaction_per"] = held["inaction_per"]
        return Said(values, inaction, clears_inaction=inaction is None and self.need is not None, **more)


def initial_of(need: Need) -> dict[str, Any]:
    """Return what a need says, as its form begins with it."""
    found: dict[str, Any] = {name: getattr(need, name) for name in (*PLAIN, *NUMBERS, "version", "inaction_per")}
    found |= {name: NONE if found[name] is None else str(found[name]) for name in NUMBERS}
    found["need_kind"] = need.need_kind or NONE
    found["said_by"] = need.said_by.ref if need.said_by is not None else ""
    found["owner_contact"] = need.owner_contact.ref if need.owner_contact is not None else ""
    found["inaction"] = need.inaction.amount if need.inaction is not None else None
    return found


class MoveForm(forms.Form):
    """Where a need is to stand."""

    parent = forms.ChoiceField(label=_("Below"), required=False)
    before = forms.ChoiceField(label=_("Before"), required=False, help_text=_("Left empty, it comes last there."))
    version = version_field()

    def __init__(self, data: Any = None, *, offered: Sequence[tuple[str, str]], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        for name, nothing in (("parent", _("at the root")), ("before", _("last"))):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", nothing), *offered]


class RemoveForm(forms.Form):
    """Why a need is none any more."""

    reason = line_field(_("Why is it no need any more?"), required=True)
    version = version_field()


class RankForm(forms.Form):
    """A priority and why."""

    priority = chips(_("Priority"), NeedPriority.choices)
    reason = line_field(_("Why"), help_text=_("Needed where it had another priority before"))
    version = version_field()


class VerifyForm(PeopleForm):
    """What shows that a step of verification is done."""

    named = ("contact",)
    note = text_field(_("What shows it"), rows=3, required=True)
    kpi = line_field(_("Measure of the benefit"), help_text=_("With its value today and the one wanted"))
    contact = person_field(_("Confirmed by"))
    channel = channel_field()
    done_on = day_of(_("Day"))
    version = version_field()


class VoiceForm(PeopleForm):
    """How a person stands to a need."""

    named = ("contact",)
    contact = person_field(_("Person"), required=True)
    voice = chips(
        pgettext_lazy("need", "Stance"), [*Voice.choices, (NONE, pgettext_lazy("need", "not noted"))], required=False
    )
    note = line_field(_("What they said"))


class AnswerForm(forms.Form):
    """How the solution answers a need."""

    fit = chips(_("Answer of the solution"), NeedFit.choices)
    note = text_field(
        _("How"), help_text=_("Needed for a substitute, a way to upgrade and what is met in part"), rows=3
    )
    version = version_field()

    def __init__(self, data: Any = None, *, modules: Iterable[SolutionModule], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.modules = {module.ref: module for module in modules}
        for ref, module in self.modules.items():
            choices = [(NONE, pgettext_lazy("fit of a module", "not at all")), *ModuleFit.choices]
            self.fields[f"module_{ref}"] = chips(module.name, choices, required=False)

    def answers(self) -> dict[str, str]:
        """Return how far each module answers, by reference; those that do not are left out."""
        found = {ref: self.cleaned_data[f"module_{ref}"] for ref in self.modules}
        return {ref: fit for ref, fit in found.items() if fit not in ("", NONE)}


class ModuleForm(forms.Form):
    """A module of the solution."""

    name = line_field(_("Module"), longest=120)
    product = forms.ChoiceField(label=_("or one of our products"), required=False)

    def __init__(self, data: Any = None, *, products: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        field = self.fields["product"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "–"), *products]


class ChangeForm(PeopleForm):
    """A change of a confirmed need."""

    named = ("asked_by",)
    text = line_field(_("The need as it is to be"), required=True)
    reason = text_field(_("Why it changes"), required=True)
    impact = text_field(
        _("Effect on scope, date and price"),
        required=True,
        rows=3,
        help_text=_("What has to be done again, what it delays"),
    )
    asked_by = person_field(_("Asked for by"))
    cost = AmountField(label=_("Cost"), required=False, min_value=0, max_digits=13, decimal_places=2)
    days = forms.IntegerField(label=_("Days more"), required=False, min_value=-3650, max_value=3650)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["cost"].label = f"{self.fields['cost'].label} ({currency})"

    def amount(self) -> Money | None:
        """Return what it costs."""
        held = self.cleaned_data["cost"]
        return None if held is None else Money.of(held, self.currency)


class DecisionForm(forms.Form):
    """How a change is decided."""

    decision = chips(
        _("Decision"), [("accept", _("Accept: the need changes and is verified anew")), ("reject", _("Reject"))]
    )
    reason = line_field(_("Why"), required=True)
    version = version_field()
