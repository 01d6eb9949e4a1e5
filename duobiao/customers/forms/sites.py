"""The form of a site."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Site, SiteKind


class SiteForm(forms.Form):
    """Name, kind and address of a place."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1, required=False)
    name = forms.CharField(label=_("Name of the site"), max_length=120)
    purpose = forms.ChoiceField(label=_("Kind of site"), choices=SiteKind.choices, initial=SiteKind.PLANT)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, site: Site | None = None) -> None:
        names = ("version", "name", "purpose", "address", "note")
        super().__init__(data, initial={name: getattr(site, name) for name in names} if site is not None else None)

    def values(self) -> dict[str, str]:
        """Return what was said."""
        return {name: self.cleaned_data[name] for name in ("name", "purpose", "address", "note")}
