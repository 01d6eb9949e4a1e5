"""Forms of plans: begin one, its goals, milestones and reviews, its deals, the budget cycle, closing."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import UserQuerySet
from duobiao.identity.people_picker import PersonField
from duobiao.kernel.money import Money
from duobiao.opportunities.forms.deal import day_field
from duobiao.opportunities.forms.fields import AmountField
from duobiao.opportunities.models import Opportunity
from duobiao.planning.actions.keep_goals import AMOUNTS
from duobiao.planning.models import AccountPlan, BudgetPhase, DateKind, Measure, Phase, PlanDate, PlanGoal

LARGEST = 2**31 - 1


def _version() -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)


class DraftForm(forms.Form):
    """The year, and where the account should stand at its end."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int, widget=forms.RadioSelect)
    aim = forms.CharField(
        label=_("Where the account should stand at the end of the year"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In the customer's words: what it will have reached, and what we have to do with it."),
    )

    def __init__(self, data: Any = None, *, years: Iterable[int], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        year = self.fields["year"]
        if isinstance(year, forms.ChoiceField):
            year.choices = [(str(held), str(held)) for held in years]


class AimForm(forms.Form):
    """Where the account should stand at the end of the year."""

    aim = DraftForm.base_fields["aim"]
    version = _version()


class GoalForm(forms.Form):
    """A goal: what it is measured by, how much."""

    measure = forms.ChoiceField(label=_("Measured by"), choices=Measure.choices, widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("Goal"),
        max_length=200,
        required=False,
        help_text=_("Left empty, it is called after its measure; a goal that nothing counts needs a name."),
    )
    amount = AmountField(
        label=_("Target amount"), required=False, min_value=0, max_digits=13, decimal_places=2,
        help_text=_("For amounts, in whole units"),
    )  # fmt: skip
    count = forms.IntegerField(
        label=_("Target number"), required=False, min_value=1, max_value=1_000_000, help_text=_("For projects, people and own numbers"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    words = forms.CharField(
        label=_("Target in words"), max_length=300, required=False, help_text=_("For goals in words")
    )
    version = _version()

    def __init__(self, data: Any = None, *, plan: AccountPlan, goal: PlanGoal | None = None) -> None:
        super().__init__(data, initial=_goal_values(goal) if goal is not None else {"measure": Measure.WON_AMOUNT})
        self.currency = plan.currency
        self.fields["amount"].label = f"{self.fields['amount'].label} ({plan.currency})"

    def clean(self) -> dict[str, Any]:
        """Ask for the target that the measure needs."""
        held: dict[str, Any] = super().clean() or {}
        name = self.needed()
        if name and held.get(name) in (None, "") and name not in self.errors:
            self.add_error(name, _("This measure needs a target here."))
        return held

    def needed(self) -> str:
        """Return which of the three targets the measure takes."""
        measure = self.cleaned_data.get("measure", "")
        if not measure:
            return ""
        if measure in AMOUNTS:
            return "amount"
        return "words" if measure == Measure.WORDS else "count"

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        name = self.needed()
        target = self.cleaned_data[name]
        held = Money.of(target, self.currency) if name == "amount" else target
        return {"measure": self.cleaned_data["measure"], "title": self.cleaned_data["title"], "target": held}

    def name_of(self, field: str) -> str:
        """Return the name under which this form asks what a refusal calls ``field``."""
        return self.needed() if field == "target" else field


class ReachedForm(forms.Form):
    """What was reached of a goal that nothing counts."""

    count = forms.IntegerField(
        label=pgettext_lazy("goal", "Reached"), required=False, min_value=0, max_value=1_000_000, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )  # fmt: skip
    words = forms.CharField(
        label=_("In words"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = _version()

    def __init__(self, data: Any = None, *, goal: PlanGoal) -> None:
        initial = {"count": goal.reached_count, "words": goal.reached_words, "version": goal.version}
        super().__init__(data, initial=initial)
        if goal.measure != Measure.COUNT:
            del self.fields["count"]


class DateForm(forms.Form):
    """A milestone or a review: what, who, by when."""

    what = forms.ChoiceField(label=_("Kind"), choices=DateKind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=_("What is to be reached"), max_length=200)
    owner = PersonField(label=_("Who sees to it"))
    due_on = day_field(_("Due on"), required=True)
    version = _version()

    def __init__(
        self, data: Any = None, *, plan: AccountPlan, people: UserQuerySet, row: PlanDate | None = None, what: str = ""
    ) -> None:
        initial: dict[str, Any] = {"what": what or DateKind.MILESTONE, "owner": plan.customer.owner.ref}
        if row is not None:
            initial = {name: getattr(row, name) for name in ("what", "title", "due_on", "version")}
            initial["owner"] = row.owner.ref
        super().__init__(data, initial=initial)
        owner, due_on = self.fields["owner"], self.fields["due_on"]
        if isinstance(owner, PersonField):
            owner.queryset = people
        due_on.widget.attrs |= {"min": f"{plan.year}-01-01", "max": f"{plan.year + 1}-03-31"}

    def values(self) -> dict[str, Any]:
        """Return what the action takes."""
        return {name: self.cleaned_data[name] for name in ("what", "title", "owner", "due_on")}


class DoneForm(forms.Form):
    """When a milestone was reached or a review held, and what came of it."""

    done_on = day_field(pgettext_lazy("account plan", "On"), required=True)
    outcome = forms.CharField(
        label=_("Outcome"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, row: PlanDate, today: date) -> None:
        super().__init__(data, initial={"done_on": today})
        self.fields["done_on"].widget.attrs["max"] = today.isoformat()
        self.fields["outcome"].required = row.what == DateKind.REVIEW
        if row.what == DateKind.REVIEW:
            self.fields["outcome"].help_text = _("What is on course, what is not, what we change")


class DealsForm(forms.Form):
    """Which projects of the customer serve the plan."""

    deals = forms.MultipleChoiceField(label=_("Projects"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, offered: Sequence[Opportunity], chosen: Iterable[str] = ()) -> None:
        super().__init__(data, initial={"deals": list(chosen)})
        self.offered = {deal.ref: deal for deal in offered}
        deals = self.fields["deals"]
        if isinstance(deals, forms.MultipleChoiceField):
            deals.choices = [(deal.ref, f"{deal.name} · {deal.get_outcome_display()}") for deal in offered]

    def chosen(self) -> list[Opportunity]:
        """Return the deals chosen."""
        return [self.offered[ref] for ref in self.cleaned_data["deals"]]


class BudgetForm(forms.Form):
    """In which months the customer does what with its budget."""

    def __init__(self, data: Any = None, *, phases: Iterable[BudgetPhase] = ()) -> None:
        held = {row.phase: row for row in phases}
        super().__init__(data)
        months = [("", "–"), *((str(number), name) for number, name in MONTHS.items())]
        for phase in Phase:
            for end, label in (("first", _("from")), ("last", _("to"))):
                row = held.get(phase.value)
                initial = getattr(row, f"{end}_month") if row is not None else ""
                self.fields[f"{phase.value}_{end}"] = forms.TypedChoiceField(
                    label=label, choices=months, coerce=int, empty_value=None, required=False, initial=initial
                )

    @property
    def rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Name, first and last month of every phase."""
        return [(str(phase.label), self[f"{phase.value}_first"], self[f"{phase.value}_last"]) for phase in Phase]

    def clean(self) -> dict[str, Any]:
        """Ask for both months or none."""
        held: dict[str, Any] = super().clean() or {}
        for phase in Phase:
            first, last = held.get(f"{phase.value}_first"), held.get(f"{phase.value}_last")
            if (first is None) != (last is None):
                missing = "last" if last is None else "first"
                self.add_error(f"{phase.value}_{missing}", _("Give both months, or none."))
        return held

    def values(self) -> dict[str, tuple[int, int] | None]:
        """Return the months by phase."""
        found: dict[str, tuple[int, int] | None] = {}
        for phase in Phase:
            first, last = self.cleaned_data[f"{phase.value}_first"], self.cleaned_data[f"{phase.value}_last"]
            found[phase.value] = None if first is None else (first, last)
        return found


class CloseForm(forms.Form):
    """What came of the year."""

    result = forms.CharField(
        label=pgettext_lazy("account plan", "What came of it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was reached, what was not, why, and what goes into the next plan"),
    )
    version = _version()


def _goal_values(goal: PlanGoal) -> dict[str, Any]:
    amount = Money(goal.target_minor, goal.plan.currency).amount if goal.target_minor is not None else None
    return {
        "measure": goal.measure,
        "title": goal.title,
        "amount": amount,
        "count": goal.target_count,
        "words": goal.target_words,
        "version": goal.version,
    }
