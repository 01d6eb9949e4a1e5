"""The form that records evidence; its grade follows from what is attached, nobody picks it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from duobiao.customers.models import Contact
from duobiao.documents.models import Document
from duobiao.opportunities.actions.confirm_evidence import Draft
from duobiao.opportunities.domain.support import claim_of
from duobiao.opportunities.models import Channel, Grade, PurchaseMethod
from duobiao.playbooks.domain.model import METHOD_KEY, Accept, Until

YEARS_AHEAD = 4


class MultipleFileInput(forms.ClearableFileInput):
    """A file control that takes several files."""

    allow_multiple_selected = True


class MultipleFileField(forms.FileField):
    """Several files, or none."""

    widget = MultipleFileInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Check each file."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(MultipleFileField, self).clean(one, initial) for one in given]


class ContactChoice(forms.ModelChoiceField[Contact]):
    """A person of the project, with what makes their word count."""

    def label_from_instance(self, obj: Any) -> str:
        """Say name, part and company."""
        part = pgettext("part", "handler") if obj.is_handler else obj.position
        return f"{obj.name} · {part}" if part else str(obj.name)


class ProofForm(forms.Form):
    """What happened, when, and what shows it.

    Args:
        keys: Evidence that may be recorded, as (key, title).
        until: How the last day of each key is found, where it has one.
        documents: What already hangs on the deal, as (reference, name).
        contacts: The people of the project.
    """

    key = forms.ChoiceField(label=_("What is proved"), widget=forms.RadioSelect)
    method = forms.ChoiceField(
        label=_("Purchase method"),
        required=False,
        widget=forms.RadioSelect,
        choices=[choice for choice in PurchaseMethod.choices if choice[0] != PurchaseMethod.UNKNOWN],
    )
    uploads = MultipleFileField(label=_("Files"), required=False)
    documents = forms.MultipleChoiceField(
        label=_("Files of this deal"), required=False, widget=forms.CheckboxSelectMultiple
    )
    by_buyer = forms.BooleanField(
        label=_("The customer issued this file"),
        required=False,
        help_text=_("Stamped, signed or replied to by the customer, or a notice of a platform"),
    )
    quote = forms.CharField(
        label=_("The customer's words, or what the paper says"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    happened_on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    contact = ContactChoice(
        Contact.objects.none(), label=_("Who said it"), required=False, to_field_name="ref", empty_label="–"
    )
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[("", "–"), *Channel.choices])
    budget_year = forms.TypedChoiceField(label=_("Budget year"), required=False, coerce=int, empty_value=None)
    valid_until = forms.DateField(
        label=_("Good until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The last day the paper itself names; leave it empty if it names none"),
    )

    def __init__(
        self,
        given: QueryDict | None = None,
        sent_files: MultiValueDict[str, Any] | None = None,
        *,
        keys: Sequence[tuple[str, str]],
        until: dict[str, Until],
        documents: Sequence[tuple[str, str]],
        contacts: Any,
        today: date,
        initial: dict[str, Any] | None = None,
    ) -> None:
        usual: dict[str, Any] = {"happened_on": today, "budget_year": today.year, **(initial or {})}
        if len(keys) == 1:
            usual["key"] = keys[0][0]
        super().__init__(given, sent_files, initial=usual)
        self.keys, self.until, self.today = dict(keys), until, today
        self._offer("key", keys)
        self._offer("documents", documents)
        self._offer("budget_year", [(year, str(year)) for year in range(today.year - 1, today.year + YEARS_AHEAD)])
        contact = self.fields["contact"]
        if isinstance(contact, forms.ModelChoiceField):
            contact.queryset = contacts
        self.fields["happened_on"].widget.attrs["max"] = today.isoformat()

    def _offer(self, name: str, choices: Iterable[tuple[Any, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)

    @property
    def asks_for_year(self) -> list[str]:
        """Keys whose last day is the end of a budget year."""
        return [key for key in self.keys if self.until.get(key) is Until.YEAR_END]

    @property
    def asks_for_last_day(self) -> list[str]:
        """Keys whose paper names its own last day."""
        return [key for key in self.keys if self.until.get(key) is Until.PROOF]

    @property
    def asks_for_method(self) -> bool:
        """Whether the purchase method is what is proved."""
        return METHOD_KEY in self.keys

    def clean(self) -> dict[str, Any]:
        """Ask for the method where that is what is proved, and for a person only together with a channel."""
        held: dict[str, Any] = super().clean() or {}
        if held.get("key") == METHOD_KEY and not held.get("method"):
            self.add_error("method", _("Say which purchase method it shows."))
        return held

    def draft(self, documents: Sequence[Document]) -> Draft:
        """Return what the checked form wants to record."""
        held = self.cleaned_data
        return Draft(
            key=held["key"],
            grade=Grade(
                claim_of(
                    files=len(documents),
                    by_buyer=held["by_buyer"],
                    words=bool(held["quote"].strip()),
                    person=held["contact"] is not None and bool(held["channel"]),
                )
            ),
            happened_on=held["happened_on"],
            quote=held["quote"].strip(),
            contact=held["contact"],
            channel=held["channel"],
            documents=documents,
            valid_until=self.last_day(held["key"], held.get("budget_year"), held.get("valid_until")),
            method=held["method"] if held["key"] == METHOD_KEY else "",
        )

    def last_day(self, key: str, year: int | None, day: date | None) -> date | None:
        """Return the last day of the proof, from what its key asks for."""
        if self.until.get(key) is Until.YEAR_END:
            return date(year, 12, 31) if year else None
        return day if self.until.get(key) is Until.PROOF else None


def until_of(accepts: Iterable[Accept]) -> dict[str, Until]:
    """Return how the last day is found, by evidence key, where a proof carries it."""
    return {accept.evidence: accept.until for accept in accepts if accept.until is not None}
