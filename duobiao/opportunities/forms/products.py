"""The form of a product."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.forms import CURRENCIES
from duobiao.kernel.money import Money
from duobiao.opportunities.forms.fields import AmountField
from duobiao.opportunities.models import Product


class ProductForm(forms.Form):
    """Code, name, series, list price."""

    code = forms.CharField(label=_("Code"), max_length=60)
    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=120)
    series = forms.CharField(label=_("Series"), max_length=60, required=False)
    list_price = AmountField(label=_("List price"), required=False, min_value=0, max_digits=15, decimal_places=2)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    is_active = forms.BooleanField(label=_("On sale"), required=False, initial=True)
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    @classmethod
    def of(cls, product: Product) -> "ProductForm":
        """Return the form filled with a product."""
        names = ("code", "name", "series", "currency", "is_active", "version")
        price = product.list_price
        initial = {name: getattr(product, name) for name in names}
        return cls(initial={**initial, "list_price": price.amount if price else None})

    def values(self) -> dict[str, Any]:
        """Return what the actions take."""
        held = self.cleaned_data
        price = held["list_price"]
        return {
            "code": held["code"],
            "name": held["name"],
            "series": held["series"],
            "list_price": None if price is None else Money.of(price, held["currency"]),
        }
