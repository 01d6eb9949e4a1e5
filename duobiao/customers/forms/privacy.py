"""Forms about the data of a person: an objection, its end, an erasure."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact, ErasureGround, ObjectionKind

DAY = {"type": "date"}


class ObjectionForm(forms.Form):
    """What the person does not want, how we know, since when."""

    wish = forms.ChoiceField(
        label=_("What they do not want"),
        choices=ObjectionKind.choices,
        initial=ObjectionKind.CALLS,
        widget=forms.RadioSelect,
    )
    source = forms.CharField(label=_("How we know"), max_length=200)
    said_on = forms.DateField(label=_("Said on"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"wish": ObjectionKind.CALLS, "said_on": today})


class LiftForm(forms.Form):
    """How we know that the person agrees again."""

    source = forms.CharField(label=_("How we know that they agree again"), max_length=200)


class EraseForm(forms.Form):
    """Why the data go, when that was asked for, and that what stays was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    ground = forms.ChoiceField(label=_("Why the data go"), choices=ErasureGround.choices, widget=forms.RadioSelect)
    asked_on = forms.DateField(label=_("Asked for on"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    read = forms.BooleanField(label=_("I have read what goes and what stays. This cannot be undone."))

    def __init__(self, data: Any = None, *, contact: Contact, today: date) -> None:
        super().__init__(data, initial={"version": contact.version, "asked_on": today})
