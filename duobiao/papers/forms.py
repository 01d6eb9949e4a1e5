"""The form of a template."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TemplateForm(forms.Form):
    """A Word file, and the version of the template it replaces."""

    file = forms.FileField(
        label=_("Word file"),
        help_text=_("A .docx of at most 5 MB with your page, fonts, header, footer and logo."),
    )
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
