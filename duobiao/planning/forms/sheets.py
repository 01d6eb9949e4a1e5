"""Forms of sheets, made from their definitions: an entry, striking one out, an action of a pair, an industry."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import UserQuerySet
from duobiao.identity.people_picker import PersonField
from duobiao.kernel.refs import Ref
from duobiao.opportunities.forms.deal import day_field
from duobiao.opportunities.models import Opportunity
from duobiao.planning.actions.note_entry import Said
from duobiao.planning.domain.sheets import Definition, Field, Kind
from duobiao.planning.models import SheetEntry
from duobiao.planning.queries.definitions import words
from duobiao.planning.queries.sheets import LineShown

USUAL_DAYS = 14
PREFIX = "v_"
"""Before the key of a field of the definition."""


class EntryForm(forms.Form):
    """What an entry says; its fields come from the definition."""

    text = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    noted_on = day_field(_("As of"), required=True)
    source = forms.CharField(
        label=_("Source"), max_length=300, required=False, help_text=_("Who said it, where it stands")
    )
    evidence = forms.ChoiceField(label=_("What shows it"), required=False)
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        definition: Definition,
        today: date,
        evidence: Sequence[tuple[str, list[tuple[str, str]]]],
        begun: SheetEntry | None = None,
    ) -> None:
        """Make the form.

        Args:
            begun: The entry to begin from: the one that is changed, or the one above.
        """
        super().__init__(data, initial=_initial(definition, begun, today))
        self.definition = definition
        self.fields["text"].label = words(definition.statement)
        self.fields["noted_on"].widget.attrs["max"] = today.isoformat()
        chosen = self.fields["evidence"]
        if isinstance(chosen, forms.ChoiceField):
            chosen.choices = _with_begun([("", _("nothing")), *evidence], begun)
        for field in definition.fields:
            self.fields[f"{PREFIX}{field.key}"] = _field(field)

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields of the definition, in their order."""
        return [self[f"{PREFIX}{field.key}"] for field in self.definition.fields]

    def said(self) -> Said:
        """Return what the entry says."""
        held = self.cleaned_data
        kind, _colon, ref = held["evidence"].partition(":")
        return Said(
            text=held["text"],
            noted_on=held["noted_on"],
            values={field.key: _value(field, held[f"{PREFIX}{field.key}"]) for field in self.definition.fields},
            source=held["source"],
            evidence=Ref(kind, ref) if kind and ref else None,
        )

    def name_of(self, field: str) -> str:
        """Return the name under which this form asks what a refusal calls ``field``."""
        return f"{PREFIX}{field}" if self.definition.field_of(field) is not None else field


class ReasonForm(forms.Form):
    """Why an entry above does not hold here."""

    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class PairForm(forms.Form):
    """Two entries set against each other, and what is done about it."""

    inner = forms.ChoiceField(widget=forms.RadioSelect)
    outer = forms.ChoiceField(widget=forms.RadioSelect)
    opportunity = forms.ModelChoiceField(
        Opportunity.objects.none(), label=_("For which project"), to_field_name="ref", empty_label=_("choose a project")
    )
    title = forms.CharField(label=_("What is to be done"), max_length=200)
    owner = PersonField(label=_("Who does it"))
    due_on = day_field(_("Due on"), required=True)

    def __init__(
        self,
        data: Any = None,
        *,
        inner: Sequence[LineShown],
        outer: Sequence[LineShown],
        titles: tuple[str, str],
        deals: Sequence[Opportunity],
        people: UserQuerySet,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        for name, lines, title in (("inner", inner, titles[0]), ("outer", outer, titles[1])):
            field = self.fields[name]
            field.label = title
            if isinstance(field, forms.ChoiceField):
                field.choices = [(line.entry.ref, line.entry.text) for line in lines]
        opportunity, owner, due_on = self.fields["opportunity"], self.fields["owner"], self.fields["due_on"]
        if isinstance(opportunity, forms.ModelChoiceField):
            opportunity.queryset = Opportunity.objects.filter(pk__in=[deal.pk for deal in deals]).order_by("name", "pk")
        if isinstance(owner, PersonField):
            owner.queryset = people
        due_on.initial = today + timedelta(days=USUAL_DAYS)
        due_on.widget.attrs["min"] = today.isoformat()


class IndustryForm(forms.Form):
    """Which industry."""

    name = forms.CharField(label=_("Industry"), max_length=60)


def _initial(definition: Definition, begun: SheetEntry | None, today: date) -> dict[str, Any]:
    if begun is None:
        return {"noted_on": today}
    found: dict[str, Any] = {
        "text": begun.text,
        "noted_on": begun.noted_on,
        "source": begun.source,
        "evidence": f"{begun.evidence_kind}:{begun.evidence_ref}" if begun.evidence_kind else "",
        "version": begun.version,
    }
    return found | {f"{PREFIX}{field.key}": begun.values.get(field.key) for field in definition.fields}


def _with_begun(choices: list[Any], begun: SheetEntry | None) -> list[Any]:
    """Keep what an entry cites among what is offered, whatever it is."""
    if begun is None or not begun.evidence_kind:
        return choices
    token = f"{begun.evidence_kind}:{begun.evidence_ref}"
    offered = {key for _title, rows in choices[1:] for key, _label in rows}
    return choices if token in offered else [*choices, (token, _("as before"))]


def _field(field: Field) -> forms.Field:
    label, hint = words(field.title), words(field.hint)
    if field.kind is Kind.TEXT:
        return forms.CharField(
            label=label,
            help_text=hint,
            max_length=500,
            required=field.required,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
    if field.kind is Kind.CHOICE:
        choices = [(choice.key, words(choice.title)) for choice in field.choices]
    else:
        choices = [(str(score), str(score)) for score in range(field.lowest, field.highest + 1)]
    return forms.ChoiceField(
        label=label, help_text=hint, choices=choices, required=field.required, widget=forms.RadioSelect
    )


def _value(field: Field, value: str) -> Any:
    return int(value) if field.kind is Kind.SCALE and value else value
