"""Forms of people outside, and of who knows whom."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.customers.actions.keep_network import OUTSIDER_FIELDS
from duobiao.customers.models import STRENGTHS, Outsider, OutsiderKind


class OutsiderForm(forms.Form):
    """What is known of a person or an institute outside."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1, required=False)
    part = forms.ChoiceField(
        label=_("What they are"), choices=OutsiderKind.choices, initial=OutsiderKind.EXPERT, widget=forms.RadioSelect
    )
    name = forms.CharField(label=_("Name of the person or institute"), max_length=60)
    organisation = forms.CharField(label=_("Organisation"), max_length=120, required=False)
    position = forms.CharField(label=_("Position"), max_length=60, required=False)
    mobile = forms.CharField(label=_("Mobile"), max_length=40, required=False)
    notes = forms.CharField(label=_("Notes"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None, *, outsider: Outsider | None = None) -> None:
        names = ("version", *OUTSIDER_FIELDS)
        super().__init__(data, initial={n: getattr(outsider, n) for n in names} if outsider is not None else None)

    def values(self) -> dict[str, str]:
        """Return what was said."""
        return {name: self.cleaned_data[name] for name in OUTSIDER_FIELDS}


class AcquaintanceForm(forms.Form):
    """Who knows somebody, how well, and how we know."""

    knower = forms.CharField(label=_("Who knows them?"), max_length=60)
    strength = forms.TypedChoiceField(
        label=_("How well?"), choices=STRENGTHS, initial=3, coerce=int, widget=forms.RadioSelect
    )
    can_introduce = forms.BooleanField(label=_("Can introduce us"), required=False, initial=True)
    source = forms.CharField(label=_("How we know"), max_length=200, required=False)

    def values(self) -> dict[str, Any]:
        """Return what was said of the acquaintance."""
        return {name: self.cleaned_data[name] for name in ("strength", "can_introduce", "source")}
