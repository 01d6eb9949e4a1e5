"""Forms about who takes part: our team, other companies; and about waivers."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.models import Customer
from duobiao.identity.people_picker import PersonField
from duobiao.opportunities.actions.ask_waiver import LONGEST_DAYS
from duobiao.opportunities.forms.deal import day_field
from duobiao.opportunities.models import DealRole, ParticipantRole

USUAL_WAIVER_DAYS = 30


class TeamForm(forms.Form):
    """A colleague and what they do on the deal."""

    user = PersonField(label=_("Colleague"))
    role = forms.ChoiceField(label=_("Role on the deal"), choices=DealRole.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.fields["user"]
        if isinstance(user, PersonField):
            user.queryset = people


class ParticipantForm(forms.Form):
    """A company and its part in the project."""

    customer = forms.ModelChoiceField(
        Customer.objects.none(),
        label=pgettext_lazy("participant", "Company"),
        to_field_name="ref",
        widget=forms.RadioSelect,
        empty_label=None,
    )
    role = forms.ChoiceField(label=_("Part in the project"), choices=ParticipantRole.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, offered: list[Customer], visible: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        customer = self.fields["customer"]
        if isinstance(customer, forms.ModelChoiceField):
            customer.queryset = visible


class WaiverForm(forms.Form):
    """Why an item may count without proof, and until when."""

    reason = forms.CharField(label=_("Why now"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    expires_on = day_field(_("Last day"), required=True)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        expires_on = self.fields["expires_on"]
        expires_on.initial = today + timedelta(days=USUAL_WAIVER_DAYS)
        last = today + timedelta(days=LONGEST_DAYS)
        expires_on.widget.attrs |= {"min": today.isoformat(), "max": last.isoformat()}
        expires_on.help_text = _("At most 90 days ahead; then it ends by itself")
