"""Forms of reviews: plan one, record what came of it."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import User
from duobiao.opportunities.actions.add_task import LONGEST
from duobiao.opportunities.forms.deal import day_field
from duobiao.playbooks.queries import text_of
from duobiao.reviews.actions.submit_gate_review import Minutes, Wanted
from duobiao.reviews.domain.gates import GateForm, Reply
from duobiao.reviews.models import Decision
from duobiao.reviews.models.review import LONG
from duobiao.reviews.queries.gates import GateChoice

OTHERS = ("other_1", "other_2", "other_3")
USUAL_DAYS = 3
ROWS = 6
REPLIES = [
    (Reply.YES.value, pgettext_lazy("reply", "yes")),
    (Reply.NO.value, pgettext_lazy("reply", "no")),
    (Reply.NOT_NEEDED.value, pgettext_lazy("reply", "not needed")),
]


def person_field(label: Any, empty: Any) -> forms.ModelChoiceField[User]:
    """Make a field that picks one colleague."""
    return forms.ModelChoiceField(
        User.objects.none(), label=label, required=False, to_field_name="ref", empty_label=empty
    )


def text_area(label: Any, *, rows: int, required: bool = True, help_text: Any = "") -> forms.CharField:
    """Make a field for several sentences."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONG, required=required, widget=widget, help_text=help_text)


class PeopleForm(forms.Form):
    """Who takes part: those near the deal as boxes, up to three others picked by name."""

    people = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Who takes part"),
        required=False,
        to_field_name="ref",
        widget=forms.CheckboxSelectMultiple,
    )
    other_1 = person_field(_("Another colleague"), _("nobody else"))
    other_2 = person_field(_("Another colleague"), _("nobody else"))
    other_3 = person_field(_("Another colleague"), _("nobody else"))

    def __init__(self, *args: Any, near: Any, everybody: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["people"], near)
        for name in OTHERS:
            choose(self.fields[name], everybody)

    def chosen(self) -> list[User]:
        """Return everybody who takes part."""
        held = self.cleaned_data
        return [*held["people"], *(held[name] for name in OTHERS if held[name] is not None)]


class PlanForm(PeopleForm):
    """Which control point, when, with whom."""

    gate = forms.ChoiceField(label=_("Control point"), widget=forms.RadioSelect)
    planned_on = day_field(_("Day"), required=True)
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, gates: Sequence[GateChoice], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        gate, planned_on = self.fields["gate"], self.fields["planned_on"]
        if isinstance(gate, forms.ChoiceField):
            gate.choices = [(choice.gate, f"{choice.gate} {choice.title}") for choice in gates]
        planned_on.initial = today + timedelta(days=USUAL_DAYS)
        planned_on.widget.attrs["min"] = today.isoformat()


class RecordForm(PeopleForm):
    """What came of a review; questions are ``reply_<key>`` with ``note_<key>``, conditions rows of three fields."""

    held_on = day_field(pgettext_lazy("review", "Held on"), required=True)
    decision = forms.ChoiceField(label=_("Decision"), choices=Decision.choices, widget=forms.RadioSelect)
    reason = text_area(_("Why"), rows=3, help_text=_("Kept in the ledger with the decision"))
    minutes = text_area(
        pgettext_lazy("review", "Minutes"), rows=6, required=False, help_text=_("What was said, and by whom")
    )
    conditions = forms.CharField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, gate: GateForm, owners: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = gate.questions
        self.fields["held_on"].initial = self.fields["held_on"].initial or today
        self.fields["held_on"].widget.attrs["max"] = today.isoformat()
        for question in gate.questions:
            title = text_of(question.title, get_language())
            self.fields[f"reply_{question.key}"] = forms.ChoiceField(
                label=title, choices=REPLIES, widget=forms.RadioSelect
            )
            self.fields[f"note_{question.key}"] = forms.CharField(label=_("Remark"), required=False, max_length=500)
        for number in range(1, ROWS + 1):
            self.fields[f"condition_{number}"] = forms.CharField(
                label=_("What has to be done"), required=False, max_length=LONGEST
            )
            owner = person_field(_("Who sees to it"), _("choose a person"))
            owner.queryset = owners
            self.fields[f"owner_{number}"] = owner
            due_on = day_field(_("Due on"))
            due_on.widget.attrs["min"] = today.isoformat()
            self.fields[f"due_on_{number}"] = due_on

    def replies(self) -> Iterable[tuple[Any, Any]]:
        """Yield each question's reply and remark as bound fields."""
        for question in self.questions:
            yield self[f"reply_{question.key}"], self[f"note_{question.key}"]

    def rows(self) -> Iterable[tuple[Any, Any, Any]]:
        """Yield text, owner and day of each condition as bound fields."""
        for number in range(1, ROWS + 1):
            yield self[f"condition_{number}"], self[f"owner_{number}"], self[f"due_on_{number}"]

    def values(self) -> Minutes:
        """Return what ``submit_gate_review`` takes."""
        held = self.cleaned_data
        return Minutes(
            held_on=held["held_on"],
            decision=held["decision"],
            reason=held["reason"],
            minutes=held["minutes"],
            replies={
                question.key: {"reply": held[f"reply_{question.key}"], "note": held[f"note_{question.key}"]}
                for question in self.questions
            },
            conditions=[
                Wanted(held[f"condition_{n}"], held[f"owner_{n}"], held[f"due_on_{n}"]) for n in range(1, ROWS + 1)
            ],
            people=self.chosen(),
        )


class CancelForm(forms.Form):
    """Why a review is called off."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


def choose(field: forms.Field, people: Any) -> None:
    """Let a field pick among people."""
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = people
