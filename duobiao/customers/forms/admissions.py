"""The forms of supplier admissions."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.actions.keep_admissions import ADMISSION_FIELDS, DAYS
from duobiao.customers.models import Admission, AdmissionKind, AdmissionState, Customer
from duobiao.customers.queries.admissions import next_states
from duobiao.customers.queries.issues import issue_people
from duobiao.identity.models import User

FIRST_STATES = (AdmissionState.PREPARING, AdmissionState.SUBMITTED, AdmissionState.ADMITTED, AdmissionState.REJECTED)


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget)


class AdmissionForm(forms.Form):
    """A register or platform: its name, our number, who sees to it, until when it holds."""

    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    listing = forms.ChoiceField(
        label=_("Kind of list"),
        choices=AdmissionKind.choices,
        initial=AdmissionKind.REGISTER,
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("Register or platform"), max_length=120)
    state = forms.ChoiceField(
        label=pgettext_lazy("admission", "State"),
        choices=[(value.value, value.label) for value in FIRST_STATES],
        initial=AdmissionState.PREPARING,
        widget=forms.RadioSelect,
    )
    happened_on = _day(_("Since"), required=True)
    number = forms.CharField(label=_("Our number there"), max_length=60, required=False)
    address = forms.URLField(label=_("Address of the platform"), max_length=200, required=False, assume_scheme="https")
    login_holder = forms.CharField(
        label=_("Who holds the account"),
        max_length=80,
        required=False,
        help_text=_("Name or mailbox. Passwords are not kept here."),
    )
    responsible = forms.ModelChoiceField(
        User.objects.none(), label=_("Who sees to it"), to_field_name="ref", empty_label=None
    )
    valid_from = _day(_("Valid from"))
    valid_until = _day(_("Valid until"))
    remarks = forms.CharField(
        label=_("Remarks"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, data: Any = None, *, customer: Customer, actor: User, today: date, admission: Admission | None = None
    ) -> None:
        initial: dict[str, Any] = {"responsible": customer.owner.ref, "happened_on": today}
        if admission is not None:
            initial = {name: getattr(admission, name) for name in ("version", *ADMISSION_FIELDS)}
            initial["responsible"] = admission.responsible.ref
        super().__init__(data, initial=initial)
        if admission is not None:
            del self.fields["state"], self.fields["happened_on"]
        else:
            self.fields["happened_on"].widget.attrs["max"] = today.isoformat()
        person = self.fields["responsible"]
        if isinstance(person, forms.ModelChoiceField):
            people = issue_people(customer, actor)
            held = User.objects.filter(pk=admission.responsible_id).distinct() if admission is not None else None
            person.queryset = people | held if held is not None else people

    def values(self) -> dict[str, Any]:
        """Return the facts."""
        return {name: self.cleaned_data[name] for name in ADMISSION_FIELDS}


class AdmissionStepForm(forms.Form):
    """To which state an admission came, when; its first and last day from then on."""

    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    state = forms.ChoiceField(label=pgettext_lazy("admission", "State"), widget=forms.RadioSelect)
    happened_on = _day(_("Since"), required=True)
    valid_from = _day(_("Valid from"))
    valid_until = _day(_("Valid until"))
    note = forms.CharField(label=_("Remark"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, admission: Admission, today: date) -> None:
        initial = {"version": admission.version, "happened_on": today}
        super().__init__(data, initial=initial | {name: getattr(admission, name) for name in DAYS})
        state = self.fields["state"]
        if isinstance(state, forms.ChoiceField):
            state.choices = next_states(admission)
        self.fields["happened_on"].widget.attrs |= {"min": admission.since_on.isoformat(), "max": today.isoformat()}

    def days(self) -> dict[str, date | None]:
        """Return the first and the last day."""
        return {name: self.cleaned_data[name] for name in DAYS}
