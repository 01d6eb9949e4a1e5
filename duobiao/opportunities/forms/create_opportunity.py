"""The form that opens a deal on one screen."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from duobiao.identity.forms import CURRENCIES
from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.money import Money
from duobiao.opportunities.forms.fields import AmountField
from duobiao.opportunities.models import Product, PurchaseMethod
from duobiao.opportunities.queries.choices import owners_within_reach
from duobiao.playbooks.queries import DEFAULT_PLAYBOOK
from duobiao.playbooks.queries.process_words import SIGNS

NEW_CUSTOMER = "new"
TEN_THOUSANDS = "10000"
UNITS = [(TEN_THOUSANDS, _("× 10,000")), ("1", _("× 1"))]
LARGEST = Decimal(10) ** 13


class DealForm(forms.Form):
    """Name, customer, amount, method, day; everything else comes later from evidence.

    The customer is a reference, or ``NEW_CUSTOMER`` with its name in ``customer_name``; a name alone is looked up.
    """

    name = forms.CharField(label=_("Project name"), max_length=160)
    customer = forms.CharField(required=False, max_length=40)
    customer_name = forms.CharField(label=_("Customer"), required=False, max_length=120)
    duplicate_confirmed = forms.BooleanField(label=_("This is another customer of the same name"), required=False)
    amount = AmountField(label=_("Expected amount"), required=False, min_value=0, max_digits=20, decimal_places=6)
    unit = forms.ChoiceField(label=_("Unit of the amount"), choices=UNITS, required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES], required=False)
    purchase_method = forms.ChoiceField(
        label=_("Purchase method"), choices=PurchaseMethod.choices, initial=PurchaseMethod.UNKNOWN, required=False,
        help_text=_("Taken as your word for now; a paper proves it later"),
    )  # fmt: skip
    expected_close_on = forms.DateField(
        label=_("Expected signature"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    playbook = forms.ChoiceField(label=_("Playbook"), required=False)
    signs = forms.MultipleChoiceField(
        label=_("What speaks for a project"), choices=list(SIGNS.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    product = forms.ModelChoiceField(
        Product.objects.none(), label=_("Product"), required=False, to_field_name="ref", empty_label=_("none")
    )
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Owner"), required=False, to_field_name="ref", empty_label="—"
    )

    def __init__(
        self,
        given: QueryDict | None = None,
        *,
        actor: User,
        company: CompanySettings,
        playbooks: list[tuple[str, str]],
        initial: Mapping[str, object] | None = None,
    ) -> None:
        usual = {
            "currency": company.currency,
            "unit": "1" if get_language() == "en" else TEN_THOUSANDS,
            "owner": actor.ref,
            "playbook": DEFAULT_PLAYBOOK,
        }
        super().__init__(given, initial={**usual, **(initial or {})})
        self.actor, self.company = actor, company
        self._offer_rows("owner", owners_within_reach(actor))
        self._offer_rows("product", Product.objects.filter(is_active=True).order_by("name", "pk"))
        playbook = self.fields["playbook"]
        if isinstance(playbook, forms.ChoiceField):
            playbook.choices = playbooks

    def _offer_rows(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = rows

    def clean_amount(self) -> Decimal | None:
        """Refuse what no project costs."""
        amount: Decimal | None = self.cleaned_data["amount"]
        unit = Decimal("1" if self.data.get("unit") == "1" else TEN_THOUSANDS)
        if amount is not None and amount * unit > LARGEST:
            raise forms.ValidationError(_("The amount must lie between 0 and 10 trillion."))
        return amount

    def money(self) -> Money | None:
        """Return the amount in minor units."""
        amount = self.cleaned_data["amount"]
        if amount is None:
            return None
        return Money.of(amount * Decimal(self.cleaned_data["unit"] or TEN_THOUSANDS), self._currency())

    def values(self) -> dict[str, Any]:
        """Return what ``create_opportunity`` takes besides name and customer."""
        held = self.cleaned_data
        return {
            "amount": self.money(),
            "owner": held["owner"],
            "playbook": held["playbook"] or DEFAULT_PLAYBOOK,
            "purchase_method": held["purchase_method"] or PurchaseMethod.UNKNOWN,
            "values": {"expected_close_on": held["expected_close_on"], "product": held["product"]},
        }

    def _currency(self) -> str:
        return self.cleaned_data["currency"] or self.company.currency
