"""Forms about the rivals of a deal."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from duobiao.competition.actions.keep_barrier import BarrierSaid
from duobiao.competition.actions.keep_reach import ReachSaid
from duobiao.competition.actions.place_rival import Placing
from duobiao.competition.forms.fields import GRADES, day, line, source_field, text_field, until, version_field
from duobiao.competition.models import (
    Barrier,
    BarrierKind,
    Bidding,
    DealRival,
    Depth,
    MoveKind,
    Position,
    Rival,
    RivalClass,
    Trend,
)
from duobiao.competition.queries.settings import settings, words
from duobiao.customers.models import Contact, Function
from duobiao.opportunities.forms.tasks import TaskForm

PLACING = (
    "rival_class", "position", "share_percent", "trend", "offers", "focus", "bidding", "bid_basis", "source", "noted_on",
)  # fmt: skip
BARRIER = ("sort", "text", "strength", "break_point", "source", "noted_on")


class PlacingForm(forms.Form):
    """What is known of a rival on a deal; a new one is named along with it."""

    rival = forms.ModelChoiceField(
        Rival.objects.none(), label=_("Rival"), to_field_name="ref", required=False, empty_label=_("not in the list")
    )
    new_rival = line(_("Or a new rival"), 120, required=False, help_text=_("Name of the company"))
    rival_class = forms.ChoiceField(
        label=_("Class"),
        choices=RivalClass.choices,
        widget=forms.RadioSelect,
        initial=RivalClass.DIRECT,
        help_text=_("Direct: offers the same. Indirect: solves it another way. Potential: may come in."),
    )
    position = forms.ChoiceField(
        label=_("Position in the race"), choices=Position.choices, widget=forms.RadioSelect, initial=Position.UNKNOWN
    )
    offers = text_field(_("What it offers"), 1000, required=False, rows=2)
    focus = line(_("What it plays on"), 300, required=False)
    share_percent = forms.IntegerField(
        label=_("Share at this customer (%)"), required=False, min_value=0, max_value=100
    )
    trend = forms.ChoiceField(label=_("Trend of its share"), choices=Trend.choices, initial=Trend.UNKNOWN)
    bidding = forms.ChoiceField(label=_("Will it bid"), choices=Bidding.choices, initial=Bidding.UNKNOWN)
    bid_basis = line(
        _("Public facts it rests on"),
        300,
        required=False,
        help_text=_("Public facts only: who took the tender documents is confidential before the opening."),
    )
    source = line(_("Source"), 300, required=False, help_text=_("Who said it; without one it proves nothing"))
    noted_on = day(_("As of"))
    distinct = forms.BooleanField(
        label=_("The new rival is another company"), required=False, help_text=_("Where one of a like name is known.")
    )
    version = version_field()

    def __init__(self, *args: Any, today: date, row: DealRival | None = None, taken: Sequence[int] = (), **kw: Any):
        super().__init__(*args, **kw)
        until(self, "noted_on", today=today)
        if row is not None:
            for name in ("rival", "new_rival", "distinct"):
                del self.fields[name]
        elif isinstance(field := self.fields["rival"], forms.ModelChoiceField):
            field.queryset = Rival.objects.live().filter(is_active=True).exclude(pk__in=taken).order_by("name", "pk")

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one rival."""
        held = super().clean() or {}
        if "rival" in self.fields and bool(held.get("rival")) == bool(held.get("new_rival")):
            self.add_error("rival", _now("Choose a rival, or name a new one."))
        return held

    def placing(self) -> Placing:
        """Return what the actions take."""
        return Placing(**{name: self.cleaned_data[name] for name in PLACING})


def begun_from(row: DealRival) -> dict[str, Any]:
    """Return what the form begins with."""
    return {name: getattr(row, name) for name in (*PLACING, "version")}


class LeftForm(forms.Form):
    """When and why a rival left the race."""

    left_on = day(_("Left on"))
    reason = line(_("Why"), 300)
    version = version_field()

    def __init__(self, *args: Any, today: date, **kw: Any):
        super().__init__(*args, **kw)
        until(self, "left_on", today=today)


class ScoreForm(forms.Form):
    """Scores of one side; what is left empty keeps its score."""

    on = day(_("As of"))
    source = source_field()

    def __init__(self, *args: Any, today: date, **kw: Any):
        super().__init__(*args, **kw)
        until(self, "on", today=today)
        for row in settings().dimensions:
            self.fields[row.key] = forms.ChoiceField(
                label=words(row.title),
                help_text=words(row.hint),
                choices=GRADES,
                required=False,
                widget=forms.RadioSelect,
            )

    @property
    def asked(self) -> list[forms.BoundField]:
        """The dimensions, in their order."""
        return [self[key] for key in settings().keys]

    def scores(self) -> dict[str, int]:
        """Return the scores given."""
        held = self.cleaned_data
        return {key: int(held[key]) for key in settings().keys if held[key]}

    def name_of(self, field: str) -> str:
        """Return the field at which a refusal is shown."""
        return settings().keys[0] if field == "scores" else field


class WeightsForm(forms.Form):
    """What each dimension weighs."""

    usual = forms.BooleanField(label=_("Use the usual weights again"), required=False)
    version = version_field()

    def __init__(self, *args: Any, **kw: Any):
        super().__init__(*args, **kw)
        for row in settings().dimensions:
            self.fields[row.key] = forms.IntegerField(
                label=words(row.title), min_value=0, max_value=100, required=False, help_text="%"
            )

    @property
    def asked(self) -> list[forms.BoundField]:
        """The dimensions, in their order."""
        return [self[key] for key in settings().keys]

    def weights(self) -> dict[str, int]:
        """Return the weights given; none for the usual ones."""
        held = self.cleaned_data
        return {} if held["usual"] else {key: held[key] or 0 for key in settings().keys}

    def name_of(self, field: str) -> str:
        """Return the field at which a refusal is shown."""
        return settings().keys[0] if field == "weights" else field


class BarrierForm(forms.Form):
    """What keeps us out, and where it breaks."""

    sort = forms.ChoiceField(label=_("Kind of barrier"), choices=BarrierKind.choices, widget=forms.RadioSelect)
    text = text_field(_("What keeps us out"), 500, rows=2)
    strength = forms.TypedChoiceField(
        label=_("Strength"),
        choices=GRADES,
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("1 weak, 5 hardly to be overcome"),
    )
    break_point = text_field(
        _("Where it breaks"),
        500,
        required=False,
        rows=2,
        help_text=_("A change of people, the end of a contract, a test"),
    )
    source = source_field()
    noted_on = day(_("As of"))
    version = version_field()

    def __init__(self, *args: Any, today: date, **kw: Any):
        super().__init__(*args, **kw)
        until(self, "noted_on", today=today)

    def said(self) -> BarrierSaid:
        """Return what the actions take."""
        return BarrierSaid(**{name: self.cleaned_data[name] for name in BARRIER})


def begun_from_barrier(row: Barrier) -> dict[str, Any]:
    """Return what the form begins with."""
    return {name: getattr(row, name) for name in (*BARRIER, "version")}


class ReachForm(forms.Form):
    """Whom a rival reaches."""

    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Person"), to_field_name="ref", required=False, empty_label=_("nobody by name")
    )
    function = forms.ChoiceField(
        label=_("Department"),
        choices=[("", "–"), *Function.choices],
        required=False,
        help_text=_("Where nobody is known by name, or the person's department is not known"),
    )
    depth = forms.TypedChoiceField(label=_("How deep"), choices=Depth.choices, coerce=int, widget=forms.RadioSelect)
    source = source_field()
    noted_on = day(_("As of"))

    def __init__(self, *args: Any, today: date, people: QuerySet[Contact], **kw: Any):
        super().__init__(*args, **kw)
        until(self, "noted_on", today=today)
        if isinstance(field := self.fields["contact"], forms.ModelChoiceField):
            field.queryset = people

    def said(self) -> ReachSaid:
        """Return what the actions take."""
        held = self.cleaned_data
        return ReachSaid(**{name: held[name] for name in ("contact", "function", "depth", "source", "noted_on")})


class MoveForm(forms.Form):
    """What a rival did."""

    sort = forms.ChoiceField(label=_("What it did"), choices=MoveKind.choices, widget=forms.RadioSelect)
    text = text_field(_("In words"), 500, rows=2)
    source = source_field()
    happened_on = day(_("Day"))

    def __init__(self, *args: Any, today: date, **kw: Any):
        super().__init__(*args, **kw)
        until(self, "happened_on", today=today)


class CounterForm(TaskForm):
    """What is done against a rival, by whom, by when."""

    barrier = forms.ModelChoiceField(
        Barrier.objects.none(), label=_("To break"), to_field_name="ref", required=False, empty_label=_("no barrier")
    )

    def __init__(self, *args: Any, row: DealRival, **kw: Any):
        super().__init__(*args, **kw)
        if isinstance(field := self.fields["barrier"], forms.ModelChoiceField):
            field.queryset = row.barriers.filter(removed_at=None).order_by("-strength", "pk")


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = line(_("Why"), 300)
