"""Add a product to those we list."""

from datetime import datetime

from django.db import transaction

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.money import Money
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.product_values import fill_product, plain_product
from duobiao.opportunities.events import ProductAdded
from duobiao.opportunities.models import Product
from duobiao.timeline.actions.record import record


@transaction.atomic
def add_product(*, code: str, name: str, series: str, list_price: Money | None, actor: User, now: datetime) -> Product:
    """Add a product.

    Raises:
        NotAllowed: the actor may not keep products.
        Invalid: a value cannot be accepted.
        ProductCodeTaken: a product of this code exists.
    """
    policy.require(actor, "opportunities.products")
    product = Product()
    fill_product(product, code=code, name=name, series=series, list_price=list_price)
    product.save(force_insert=True)
    record(ProductAdded(subject=Ref.of(product), data=plain_product(product)), actor=actor, at=now)
    return product
