"""The form of a decision about a suggestion."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.opportunities.actions.decide_suggestion import Choice
from duobiao.opportunities.forms.deal import day_field
from duobiao.opportunities.models import DismissReason, SuggestionChoice

USUAL_DAYS = 7
CHOICES = (
    (SuggestionChoice.DONE, _("It is done, record it")),
    (SuggestionChoice.SNOOZED, _("Later")),
    (SuggestionChoice.DISMISSED, _("It does not help here")),
)


class DecideForm(forms.Form):
    """Done, later, or dismissed with a reason."""

    choice = forms.ChoiceField(label=_("What about it"), choices=CHOICES, widget=forms.RadioSelect)
    until = day_field(_("Comes back on"))
    reason = forms.ChoiceField(
        label=_("Why it does not help"), required=False, choices=[("", "–"), *DismissReason.choices]
    )
    note = forms.CharField(
        label=_("In words"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        until = self.fields["until"]
        until.initial = today + timedelta(days=USUAL_DAYS)
        until.widget.attrs["min"] = (today + timedelta(days=1)).isoformat()

    def decision(self) -> Choice:
        """Return what was decided."""
        held = self.cleaned_data
        return Choice(held["choice"], until=held["until"], reason=held["reason"], note=held["note"])
