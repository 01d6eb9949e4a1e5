"""Fields that the forms of rivals share."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.opportunities.forms.deal import day_field

LARGEST = 2**31 - 1
GRADES = [(str(n), str(n)) for n in range(1, 6)]


def line(label: Any, longest: int, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    """Make a field for one line."""
    return forms.CharField(label=label, max_length=longest, required=required, help_text=help_text)


def text_field(
    label: Any, longest: int, *, required: bool = True, rows: int = 3, help_text: Any = ""
) -> forms.CharField:
    """Make a field for a few sentences."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=longest, required=required, help_text=help_text, widget=widget)


def source_field() -> forms.CharField:
    """Make the field that asks who said it."""
    return line(pgettext_lazy("of knowledge", "Source"), 300, help_text=_("Who said it, where it stands"))


def day(label: Any) -> forms.DateField:
    """Make a field for a day."""
    return day_field(label, required=True)


def version_field() -> forms.IntegerField:
    """Make the hidden field of the version that was seen."""
    return forms.IntegerField(required=False, min_value=0, max_value=LARGEST, widget=forms.HiddenInput)


def until(form: forms.Form, *names: str, today: date) -> None:
    """Let day fields begin with today, and take nothing later."""
    for name in names:
        form.fields[name].initial = today
        form.fields[name].widget.attrs["max"] = today.isoformat()
