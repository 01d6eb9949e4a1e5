"""Fields that forms of needs share."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact
from duobiao.engagement.forms.parts import Label, person_label
from duobiao.opportunities.models import Channel

LARGEST = 2**31 - 1
NONE = "NONE"
"""Value of a chip that chooses nothing."""


def version_field() -> forms.IntegerField:
    """Make the hidden version of what the person saw."""
    return forms.IntegerField(min_value=0, max_value=LARGEST, required=False, widget=forms.HiddenInput)


def text_field(
    label: Label, *, longest: int = 2000, rows: int = 2, required: bool = False, help_text: Any = ""
) -> forms.CharField:
    """Make a field for a few sentences."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=longest, required=required, widget=widget, help_text=help_text)


def line_field(label: Label, *, longest: int = 300, required: bool = False, help_text: Any = "") -> forms.CharField:
    """Make a field for one line."""
    return forms.CharField(label=label, max_length=longest, required=required, help_text=help_text)


def chips(label: Label, choices: Sequence[tuple[str, Any]], *, required: bool = True, help_text: Any = "") -> Any:
    """Make a choice drawn as chips."""
    return forms.ChoiceField(
        label=label, choices=list(choices), required=required, widget=forms.RadioSelect, help_text=help_text
    )


def day_of(label: Label, *, required: bool = False) -> forms.DateField:
    """Make a field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget)


def channel_field() -> forms.ChoiceField:
    """Make a choice of the channel."""
    return forms.ChoiceField(label=_("Said through"), required=False, choices=[("", "–"), *Channel.choices])


class PeopleForm(forms.Form):
    """A form that names people of the deal's companies.

    Attributes:
        people: Those offered, by reference.
        named: Names of the fields that choose one of them.
    """

    named: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *, contacts: Sequence[Contact], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.people = {contact.ref: contact for contact in contacts}
        choices = [("", "–"), *((ref, person_label(contact)) for ref, contact in self.people.items())]
        for name in self.named:
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def person(self, name: str) -> Contact | None:
        """Return who was chosen in a field."""
        return self.people.get(self.cleaned_data.get(name) or "")


def person_field(label: Label, *, required: bool = False, help_text: Any = "") -> forms.ChoiceField:
    """Make a choice of one person; the form offers them."""
    return forms.ChoiceField(label=label, required=required, help_text=help_text)
