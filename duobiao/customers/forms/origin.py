"""Where facts come from: source and day, asked once for all that a form changes."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from duobiao.customers.actions.note_sources import LONGEST_SOURCE, Origin
from duobiao.identity.http import actor_of, company_of
from duobiao.kernel.days import local_day
from duobiao.kernel.refusals import Refusal


class OriginForm(forms.Form):
    """Source and day."""

    source = forms.CharField(label=_("Source"), max_length=LONGEST_SOURCE, required=False)
    known_on = forms.DateField(
        label=_("Known on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"known_on": today})
        self.fields["known_on"].widget.attrs["max"] = today.isoformat()

    def origin(self) -> Origin:
        """Return what was said."""
        return Origin(self.cleaned_data["source"], self.cleaned_data["known_on"])

    def concerns(self, refusal: Refusal) -> bool:
        """Say whether a refusal is about the origin."""
        return bool(refusal.fields.keys() & self.fields.keys())


def own_today(request: HttpRequest) -> date:
    """Return today where the reader sits."""
    return local_day(timezone.now(), actor_of(request).time_zone or company_of(request).time_zone)
