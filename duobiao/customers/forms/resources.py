"""The form of a resource."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import AccountResource, ResourceSide

NAMES = ("side", "name", "role", "allocation", "reached_by")


class ResourceForm(forms.Form):
    """Who or what works for a customer, how much of it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1, required=False)
    side = forms.ChoiceField(
        label=_("Whose"), choices=ResourceSide.choices, initial=ResourceSide.INTERNAL, widget=forms.RadioSelect
    )
    name = forms.CharField(label=_("Who or what"), max_length=120)
    role = forms.CharField(label=_("What it does for this customer"), max_length=200, required=False)
    allocation = forms.CharField(label=_("How much of it"), max_length=120, required=False)
    reached_by = forms.CharField(label=_("How to reach it"), max_length=120, required=False)

    def __init__(self, data: Any = None, *, resource: AccountResource | None = None) -> None:
        names = ("version", *NAMES)
        super().__init__(data, initial={n: getattr(resource, n) for n in names} if resource is not None else None)

    def values(self) -> dict[str, str]:
        """Return what was said."""
        return {name: self.cleaned_data[name] for name in NAMES}
