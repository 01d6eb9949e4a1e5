"""Forms of what is observed, how far we came, what changed."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.models import RelationCell, Stance
from duobiao.opportunities.forms.deal import day_field
from duobiao.opportunities.models import Channel
from duobiao.stakeholders.domain.judging import DECIDER_ONLY
from duobiao.stakeholders.domain.judging import Topic as Subject
from duobiao.stakeholders.models import CellState, ChainRole, ChangeKind, DealPerson, Origin, Topic

STANCES = [(str(value), Stance(value).label) for value in (2, 1, 0, -1, -2)]
SURE = [("90", _("said so, or did so")), ("60", _("rather sure")), ("30", _("a guess"))]


def _words(label: Any, *, longest: int, required: bool = False, rows: int = 2, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=longest, required=required, widget=widget, help_text=help_text)


class OnADay(forms.Form):
    """A form with a day that may not lie ahead."""

    day = ""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[self.day].initial = today
        self.fields[self.day].widget.attrs["max"] = today.isoformat()


class _Observing(OnADay):
    """What both forms of an observation ask."""

    day = "observed_on"
    quote = _words(_("In their words"), longest=2000)
    told_by = forms.ModelChoiceField(
        DealPerson.objects.none(),
        label=_("Told by"),
        required=False,
        to_field_name="ref",
        empty_label=_("seen ourselves"),
    )
    source = forms.CharField(
        label=_("Where it was seen"),
        max_length=120,
        required=False,
        help_text=_("Visit, call, meeting, who told us; empty: our own impression"),
    )
    observed_on = day_field(_("Day"), required=True)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told_by = self.fields["told_by"]
        if isinstance(told_by, forms.ModelChoiceField):
            told_by.queryset = people

    @property
    def topic(self) -> str:
        """What is observed."""
        return str(Topic.STANCE)

    def seen(self) -> dict[str, Any]:
        """Return what the action takes, the person apart."""
        held = self.cleaned_data
        source = held["source"].strip()
        return {
            "topic": self.topic,
            "value": self.number(),
            "source": source,
            "percent": int(held["confidence"]),
            "on": held["observed_on"],
            "quote": held["quote"],
            "told_by": held["told_by"],
            "origin": "" if source or held["told_by"] is not None else str(Origin.OWN),
        }

    def number(self) -> int:
        """Return the value."""
        return int(self.cleaned_data["value"])


class ObserveForm(_Observing):
    """Three taps: the stance, how sure, the words; source and day are begun with what is usual."""

    value = forms.ChoiceField(label=_("Where do they stand"), choices=STANCES, widget=forms.RadioSelect)
    confidence = forms.ChoiceField(label=_("How sure"), choices=SURE, initial="60", widget=forms.RadioSelect)


class ObserveMoreForm(_Observing):
    """Full numbers, for those who ask: any subject, its value, the confidence in percent."""

    subject = forms.ChoiceField(label=_("What"), widget=forms.RadioSelect)
    value = forms.IntegerField(label=_("Value"), min_value=-10, max_value=10, help_text="")
    confidence = forms.IntegerField(label=_("Confidence in percent"), min_value=1, max_value=100, initial=60)

    def __init__(self, *args: Any, person: DealPerson, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decides = person.role == ChainRole.FINAL_DECIDER
        offered = [choice for choice in Topic.choices if decides or Subject(choice[0]) not in DECIDER_ONLY]
        subject = self.fields["subject"]
        if isinstance(subject, forms.ChoiceField):
            subject.choices = offered
        self.scales = [(label, scale) for value, label in offered for scale in [SCALES[Subject(value)]]]

    @property
    def topic(self) -> str:
        """What is observed."""
        return str(self.cleaned_data["subject"])


SCALES: dict[Subject, Any] = {
    Subject.STANCE: _("−2 strongly opposes … 2 champions"),
    Subject.INFLUENCE: _("1 hardly any … 5 decisive"),
    Subject.ACCESS: _("0 none … 3 at any time"),
    Subject.MODE: _("1 wants to grow, 2 in trouble, 3 content, 4 overconfident"),
    Subject.DESIRE: _("0 … 10"),
    Subject.MOTIVATION: _("0 … 10"),
    Subject.SWAY: _("−10 against us … 10 for us"),
}
"""What the values of a subject mean."""


class RelationForm(OnADay):
    """How far we came with a person in one cell, and what shows it."""

    day = "happened_on"
    cell = forms.ChoiceField(label=_("Which cell"), choices=RelationCell.choices)
    state = forms.TypedChoiceField(
        label=_("How far"), choices=CellState.choices, coerce=int, widget=forms.RadioSelect, initial=CellState.ACCEPTED
    )
    words = _words(_("What shows it"), longest=1000, required=True, help_text=_("What they said or did; needed"))
    channel = forms.ChoiceField(
        label=_("They said so by"),
        required=False,
        choices=[("", pgettext_lazy("channel", "not said")), *Channel.choices],
    )
    happened_on = day_field(_("Day"), required=True)


class ChangeForm(OnADay):
    """Somebody left, moved or is new."""

    day = "happened_on"
    what = forms.ChoiceField(label=_("What has happened"), choices=ChangeKind.choices, widget=forms.RadioSelect)
    happened_on = day_field(_("Day"), required=True)
    note = forms.CharField(label=_("How we know"), max_length=500, required=False)
    successor = forms.ModelChoiceField(
        DealPerson.objects.none(), label=_("Successor"), required=False, to_field_name="ref", empty_label=_("not known")
    )
    backup = _words(_("Until the relation is rebuilt we"), longest=500)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        successor = self.fields["successor"]
        if isinstance(successor, forms.ModelChoiceField):
            successor.queryset = people


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = _words(_("Why"), longest=500, required=True)
