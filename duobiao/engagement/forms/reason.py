"""The form that asks why."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """A reason, and the version the person saw."""

    reason = forms.CharField(
        label=_("Why"), max_length=240, widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True})
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
