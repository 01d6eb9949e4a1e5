"""Change a product, or take it off sale."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.money import Money
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import StaleVersion
from duobiao.opportunities.actions.product_values import fill_product, plain_product
from duobiao.opportunities.events import ProductEdited
from duobiao.opportunities.models import Product
from duobiao.timeline.actions.record import record


@transaction.atomic
def edit_product(
    *,
    product: Product,
    version: int,
    code: str,
    name: str,
    series: str,
    list_price: Money | None,
    is_active: bool,
    actor: User,
    now: datetime,
) -> Product:
    """Change a product; one no longer on sale stays on its deals and cannot be picked for new ones.

    Raises:
        NotAllowed: the actor may not keep products.
        StaleVersion: somebody changed it meanwhile.
        Invalid: a value cannot be accepted.
        ProductCodeTaken: another product has this code.
    """
    policy.require(actor, "opportunities.products")
    held = Product.objects.select_for_update().get(pk=product.pk)
    before = plain_product(held)
    if held.version != version:
        message = _("Somebody else changed this product meanwhile. Look at it again.")
        raise StaleVersion(message, details={"current": {**before, "version": held.version}})
    fill_product(held, code=code, name=name, series=series, list_price=list_price)
    held.is_active = is_active
    if plain_product(held) == before:
        return held
    held.version += 1
    held.save()
    record(
        ProductEdited(subject=Ref.of(held), data={"before": before, "after": plain_product(held)}), actor=actor, at=now
    )
    return held
