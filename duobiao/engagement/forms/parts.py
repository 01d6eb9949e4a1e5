"""Fields that the forms of calls and visits share."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Label: TypeAlias = "str | _StrPromise"
"""Words shown to people: a string or a lazy translation."""
MOMENT_FORMAT = "%Y-%m-%dT%H:%M"
OTHER = "other"
NONE = "none"
YES, NO = "yes", "no"
YES_NO: Sequence[tuple[str, Label]] = ((YES, _("yes")), (NO, _("no")))


class MomentField(forms.DateTimeField):
    """A moment typed in the browser's own picker, in the person's zone."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT_FORMAT)
        super().__init__(input_formats=[MOMENT_FORMAT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], widget=widget, **kwargs)


class DayField(forms.DateField):
    """A day typed in the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def line(label: Label, longest: int = 300, **attrs: Label) -> forms.CharField:
    """Make an optional line of text."""
    return forms.CharField(
        label=label, required=False, max_length=longest, widget=forms.TextInput(attrs={"autocomplete": "off", **attrs})
    )


def text(label: Label, longest: int = 2000, rows: int = 2, **attrs: Label) -> forms.CharField:
    """Make an optional text of several lines."""
    return forms.CharField(
        label=label, required=False, max_length=longest, widget=forms.Textarea(attrs={"rows": rows, **attrs})
    )


def one_of(label: Label, choices: Iterable[tuple[str, Label]], *, initial: str = "") -> forms.ChoiceField:
    """Make an optional choice, drawn as chips."""
    return forms.ChoiceField(
        label=label, required=False, choices=list(choices), widget=forms.RadioSelect, initial=initial
    )


def some_of(label: Label, choices: Iterable[tuple[str, Label]]) -> forms.MultipleChoiceField:
    """Make a choice of several, drawn as chips."""
    return forms.MultipleChoiceField(
        label=label, required=False, choices=list(choices), widget=forms.CheckboxSelectMultiple
    )


def switch(label: Label, *, initial: bool = False) -> forms.BooleanField:
    """Make a switch."""
    return forms.BooleanField(label=label, required=False, initial=initial)


def truth(value: str) -> bool | None:
    """Read yes, no, or nothing."""
    return {YES: True, NO: False}.get(value)


def truth_name(value: bool | None) -> str:
    """Write yes, no, or nothing."""
    return "" if value is None else YES if value else NO


def moment_of(value: str) -> datetime | None:
    """Read a moment written by ``slot_value``; None where it is not one."""
    moment = parse_datetime(value) if value else None
    if moment is None:
        return None
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def slot_value(moment: datetime) -> str:
    """Write a moment as the value of a radio button."""
    return timezone.localtime(moment).isoformat(timespec="minutes")


def person_label(contact: Contact) -> str:
    """Return how a contact is offered: name and post."""
    return f"{contact.name} · {contact.position}" if contact.position else contact.name


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, Label]]) -> None:
    """Set what a choice field offers."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)
