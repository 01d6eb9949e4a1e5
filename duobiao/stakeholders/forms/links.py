"""Forms of lines, plans and suppositions."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.opportunities.forms.deal import day_field
from duobiao.opportunities.forms.tasks import TaskForm
from duobiao.stakeholders.forms.judging import OnADay
from duobiao.stakeholders.models import DealPerson, LinkKind, Tie
from duobiao.stakeholders.queries.definitions import rules, words

STRENGTHS = [("0.5", _("weak")), ("1.0", _("ordinary")), ("1.5", _("strong")), ("2.0", _("very strong"))]


class PersonChoice(forms.ModelChoiceField[DealPerson]):
    """One person of the chain, told apart from others of the same name by post and company."""

    def label_from_instance(self, obj: DealPerson) -> str:
        """Return name, post and company."""
        contact = obj.contact
        return " · ".join(filter(None, [contact.name, contact.position, contact.customer.label]))


class LinkForm(OnADay):
    """Who reports to whom, or who influences whom, and since when that is known."""

    day = "since"

    kind = forms.ChoiceField(
        label=_("Kind of relation"), choices=LinkKind.choices, initial="INFORMAL", widget=forms.RadioSelect
    )
    source = PersonChoice(
        DealPerson.objects.none(), label=_("Who"), to_field_name="ref", empty_label=_("choose a person")
    )
    target = PersonChoice(
        DealPerson.objects.none(), label=_("Whom"), to_field_name="ref", empty_label=_("choose a person")
    )
    tie = forms.ChoiceField(
        label=_("It rests on"), choices=Tie.choices, required=False, initial=Tie.TRUST, widget=forms.RadioSelect
    )
    strength = forms.ChoiceField(
        label=_("How strong"), choices=STRENGTHS, required=False, initial="1.0", widget=forms.RadioSelect
    )
    label = forms.CharField(label=_("In a few words"), max_length=40, required=False)
    since = day_field(_("Known since"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "target"):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = people

    def line(self) -> dict[str, Any]:
        """Return what the action takes."""
        held = self.cleaned_data
        return {
            "source": held["source"],
            "target": held["target"],
            "kind": held["kind"],
            "tie": held["tie"],
            "strength": float(held["strength"] or 1),
            "label": held["label"],
            "since": held["since"],
        }

    def name_of(self, field: str) -> str:
        """Return the name under which this form asks what a refusal calls ``field``."""
        return {"from": "source", "to": "target"}.get(field, field)


class PlanInfluenceForm(TaskForm):
    """What is done to win somebody, on which tier, by whom, by when."""

    tier = forms.ChoiceField(label=_("On which tier"), widget=forms.RadioSelect)
    aim = forms.CharField(label=_("What it is to achieve"), max_length=200, required=False)

    def __init__(self, *args: Any, people: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, people=people, today=today, **kwargs)
        tier = self.fields["tier"]
        if isinstance(tier, forms.ChoiceField):
            tier.choices = [(key, words(title)) for key, title in rules().tiers.items()]

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        return {**super().values(), "tier": self.cleaned_data["tier"], "aim": self.cleaned_data["aim"]}
