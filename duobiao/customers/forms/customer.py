"""The customer form (客户基本信息表), its three-field beginning, and handing a customer over."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from duobiao.customers.actions.field_rules import CUSTOMER_FIELDS, PROFILE_FIELDS, REVENUE, revenue_of
from duobiao.customers.forms.facts import FactsForm, carry_initial, model_fields
from duobiao.customers.models import Customer, CustomerProfile
from duobiao.identity.models import CompanySettings, User
from duobiao.identity.people_picker import PersonField
from duobiao.kernel.money import Money

CUSTOMER_GROUPS: Final[tuple[tuple[str, Any, tuple[str, ...]], ...]] = (
    ("start", _("To start with"), ("name", "industry", "region")),
    (
        "identity",
        _("Name and address"),
        ("short_name", "credit_code", "phone", "website", "address", "parent", "notes"),
    ),
    ("industry", _("Industry"), ("industry_maturity", "industry_margin_percent", "competitors")),
    ("lifecycle", _("Stage of life"), ("founded_year", "lifecycle_stage")),
    (
        "scale",
        _("Scale"),
        ("scale", "branch_count", "employee_count", "industry_position", "industry_position_note"),
    ),
    ("organisation", _("Organisation"), ("organisation_chart", "departments", "power_structure", "key_deciders")),
    ("goals", _("Goals"), ("short_term_goals", "long_term_goals")),
    (
        "operations",
        _("Operations"),
        (
            REVENUE,
            "profitability",
            "profitability_note",
            "technical_strength",
            "suppliers",
            "business_scope",
            "product_range",
            "pressing_problem",
        ),
    ),
    (
        "relationship",
        _("Relationship"),
        (
            "dealings",
            "relationship",
            "relationship_note",
            "investment_trend",
            "investment_note",
            "credit_standing",
            "credit_note",
            "project_scale",
            "project_value",
            "project_importance",
            "project_importance_note",
        ),
    ),
)
"""Groups of the customer form: three fields to start, contact data, then the seven dimensions."""


class CustomerForm(FactsForm):
    """The customer form (客户基本信息表) with its seven dimensions."""

    groups_of = CUSTOMER_GROUPS

    def __init__(self, data: Any = None, *, customer: Customer, profile: CustomerProfile, user: User) -> None:
        initial = {name: getattr(customer, name) for name in CUSTOMER_FIELDS}
        initial |= {name: getattr(profile, name) for name in PROFILE_FIELDS}
        initial["parent"] = customer.parent.name if customer.parent is not None else ""
        revenue = revenue_of(profile)
        initial[REVENUE] = revenue.amount if revenue else None
        super().__init__(data, initial=initial)
        self.currency = revenue.currency if revenue else CompanySettings.load().currency
        self.fields.update(model_fields(Customer, [name for name in CUSTOMER_FIELDS if name != "parent"]))
        self.fields.update(model_fields(CustomerProfile, PROFILE_FIELDS))
        self.others = Customer.objects.visible_to(user).exclude(pk=customer.pk).order_by("name", "pk")
        self.fields["parent"] = forms.CharField(label=_("subsidiary of"), max_length=120, required=False)
        self.fields["parent"].widget.attrs["list"] = "parents"
        self.fields[REVENUE] = forms.DecimalField(
            label=_("annual revenue (%(currency)s)") % {"currency": self.currency},
            required=False,
            min_value=Decimal(0),
            max_digits=16,
            decimal_places=2,
        )
        carry_initial(self.fields)

    def clean_parent(self) -> Customer | None:
        """Find the customer by its name or reference."""
        name = self.cleaned_data["parent"].strip()
        if not name or "parent" not in self.changed_data:
            return None
        found = list(self.others.filter(models.Q(name=name) | models.Q(ref=name))[:2])
        if not found:
            raise forms.ValidationError(_("There is no such customer. Choose one from the list."))
        if len(found) > 1:
            raise forms.ValidationError(_("Several customers have this name. Enter the reference of one, C-…"))
        return found[0]

    def parent_names(self) -> list[str]:
        """Return names to choose a parent from."""
        return list(self.others.values_list("name", flat=True)[:200])

    def changed(self) -> dict[str, Any]:
        """Return the changed values; the revenue as money."""
        values = super().changed()
        if values.get(REVENUE) is not None:
            values[REVENUE] = Money.of(values[REVENUE], self.currency)
        return values


class QuickCustomerForm(forms.Form):
    """Three fields to start a customer with."""

    name = forms.CharField(label=_("Name of the customer"), max_length=120)
    industry = forms.CharField(label=_("Industry"), max_length=60, required=False)
    handler = forms.CharField(
        label=_("Handler (经手人)"),
        max_length=60,
        required=False,
        help_text=_("The person we talk to; may follow later."),
    )
    confirmed = forms.BooleanField(label=_("This is another customer of the same name"), required=False)


class HandoverForm(forms.Form):
    """Who takes over."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    to = PersonField(label=_("New owner"))

    def __init__(self, data: Any = None, *, besides: User, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        to = self.fields["to"]
        if isinstance(to, PersonField):
            to.queryset = User.objects.active().exclude(pk=besides.pk)
