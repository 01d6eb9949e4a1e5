"""Forms of playbooks."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NoteForm(forms.Form):
    """An improvement to be considered in the next version."""

    title = forms.CharField(label=_("What to improve"), max_length=120)
    text = forms.CharField(
        label=_("What we saw, and what we propose"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class DecisionForm(forms.Form):
    """What becomes of an improvement."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason (needed for rejecting)"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
