"""The form of a weekly report."""

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.engagement.models.report import LONGEST


class ReportForm(forms.Form):
    """What was done and what is planned."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    done = forms.CharField(label=_("Done this week"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 16}))
    plans = forms.CharField(
        label=_("Planned for next week"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
