"""The values of a product, checked."""

from django.utils.translation import gettext as _

from duobiao.kernel.money import Money
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.edit_opportunity import LARGEST_AMOUNT_MINOR
from duobiao.opportunities.models import Product

LONGEST = {"code": 60, "name": 120, "series": 60}


class ProductCodeTaken(Conflict):
    """A product of this code exists."""

    code = "product_code_taken"


def fill_product(product: Product, *, code: str, name: str, series: str, list_price: Money | None) -> None:
    """Set the values of a product that is not saved yet.

    Raises:
        Invalid: a value cannot be accepted; every fault is named.
        ProductCodeTaken: another product has this code.
    """
    texts = {"code": code, "name": name, "series": series}
    cleaned = {field: " ".join(text.replace("\x00", "").split()) for field, text in texts.items()}
    faults = {
        field: _("At most %(n)d characters.") % {"n": LONGEST[field]}
        for field, text in cleaned.items()
        if len(text) > LONGEST[field]
    }
    faults |= {field: _("Fill this in.") for field in ("code", "name") if not cleaned[field]}
    if list_price is not None and not 0 <= list_price.amount_minor <= LARGEST_AMOUNT_MINOR:
        faults["list_price"] = _("The amount must lie between 0 and 10 trillion.")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    if Product.objects.filter(code=cleaned["code"]).exclude(pk=product.pk).exists():
        message = _("A product of this code exists.")
        raise ProductCodeTaken(message, fields={"code": message})
    product.code, product.name, product.series = cleaned["code"], cleaned["name"], cleaned["series"]
    product.list_price_minor = None if list_price is None else list_price.amount_minor
    if list_price is not None:
        product.currency = list_price.currency


def plain_product(product: Product) -> dict[str, object]:
    """Return the values as JSON can keep them."""
    return {
        "code": product.code,
        "name": product.name,
        "series": product.series,
        "list_price_minor": product.list_price_minor,
        "currency": product.currency,
        "is_active": product.is_active,
    }
