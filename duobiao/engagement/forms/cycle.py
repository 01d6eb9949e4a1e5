"""The form of a contact plan."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.engagement.models import ContactCycle
from duobiao.engagement.models.cycle import LONGEST, SHORTEST

USUAL_DAYS = 30


class ContactPlanForm(forms.Form):
    """How often, and what for."""

    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    every_days = forms.IntegerField(
        label=_("Speak every (days)"),
        min_value=SHORTEST,
        max_value=LONGEST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    aim = forms.CharField(label=_("What for"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, cycle: ContactCycle | None) -> None:
        initial = {"every_days": USUAL_DAYS}
        if cycle is not None:
            initial = {name: getattr(cycle, name) for name in ("version", "every_days", "aim")}
        super().__init__(data, initial=initial)
