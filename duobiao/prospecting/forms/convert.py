"""What a lead is to become: new records, or existing ones among those found."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact, Customer
from duobiao.kernel.money import Money
from duobiao.opportunities.forms.deal import AmountField
from duobiao.opportunities.models import Opportunity
from duobiao.prospecting.actions.convert_lead import Into, suggested_name
from duobiao.prospecting.models import Lead
from duobiao.prospecting.queries.leads import Candidates

NEW, NONE = "new", "none"
WAN = 10_000


class ConvertForm(forms.Form):
    """Customer, contact and project: each a new one, one that was found, or (but for the customer) none."""

    customer = forms.ChoiceField(label=_("Customer"), widget=forms.RadioSelect)
    confirmed = forms.BooleanField(label=_("This is another customer of the same name"), required=False)
    contact = forms.ChoiceField(label=_("Contact"), widget=forms.RadioSelect)
    opportunity = forms.ChoiceField(label=_("Project"), widget=forms.RadioSelect)
    deal_name = forms.CharField(label=_("Name of the new project"), max_length=160, required=False)
    amount = AmountField(
        label=_("Expected amount"),
        required=False,
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, lead: Lead, found: Candidates, currency: str, **kwargs: Any) -> None:
        first = found.customers[0] if found.customers else None
        initial = {
            "customer": first.match.customer.ref if first else NEW,
            "contact": NEW if lead.contact_name else NONE,
            "opportunity": NEW,
            "deal_name": suggested_name(lead),
            "version": lead.version,
        }
        super().__init__(data, initial=initial, **kwargs)
        self.currency = currency
        self.customers: dict[str, Customer] = {row.match.customer.ref: row.match.customer for row in found.customers}
        self.contacts: dict[str, Contact] = {one.ref: one for row in found.customers for one in row.contacts}
        self.deals: dict[str, Opportunity] = {one.ref: one for row in found.customers for one in row.deals}
        self.fields["amount"].label = _("Expected amount (ten thousand %(currency)s)") % {"currency": currency}
        self._offer("customer", [(NEW, _("new: %(name)s") % {"name": lead.company})], self.customers)
        new_contact = [(NEW, _("new: %(name)s") % {"name": lead.contact_name})] if lead.contact_name else []
        self._offer("contact", [*new_contact, (NONE, _("no contact"))], self.contacts)
        self._offer("opportunity", [(NEW, _("new project")), (NONE, _("no project yet"))], self.deals)

    def _offer(self, name: str, first: list[tuple[str, Any]], known: dict[str, Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            several = len(self.customers) > 1 and name != "customer"
            field.choices = [
                *first,
                *((ref, f"{row} · {row.customer.label}" if several else str(row)) for ref, row in known.items()),
            ]

    def into(self) -> Into:
        """Return what was chosen."""
        held = self.cleaned_data
        amount = held["amount"]
        return Into(
            customer=self.customers.get(held["customer"]),
            contact=self.contacts.get(held["contact"]),
            opportunity=self.deals.get(held["opportunity"]),
            with_contact=held["contact"] != NONE,
            with_deal=held["opportunity"] != NONE,
            deal_name=held["deal_name"],
            amount=None if amount is None else Money.of(amount * WAN, self.currency),
            duplicate_confirmed=held["confirmed"],
        )
