"""Products of another system."""

from typing import Any

from duobiao.identity.actions import keep_version
from duobiao.integrations.actions.context import Context, Planned, Values
from duobiao.integrations.events import ProductImported
from duobiao.kernel.refs import Ref
from duobiao.opportunities.models import Product
from duobiao.timeline.actions.record import record

TEXTS = ("name", "code", "series")


def check_product(_context: Context, values: Values, _new: bool) -> None:
    """Check the texts of a product."""
    given = {name: values[name] or "" for name in TEXTS if name in values}
    keep_version.check(Product(**given), only=[name for name in given if given[name]])


def create_product(context: Context, row: Planned) -> int:
    """Add a product; without a code its id serves as one."""
    columns = _columns(row.values)
    columns.setdefault("code", row.external_id[:60])
    product = Product.objects.create(
        **{"currency": context.currency, **columns},
        external_source=context.source,
        external_id=row.external_id,
    )
    data = {"name": product.name, "note": product.name}
    record(ProductImported(subject=Ref.of(product), data=data), actor=context.actor, at=context.now)
    return product.pk


def change_product(context: Context, pk: int, values: Values) -> None:
    """Change what the source says of a product."""
    product = Product.objects.select_for_update().get(pk=pk)
    columns = _columns(values)
    changed = keep_version.changes(product, columns)
    if changed:
        keep_version.write(product, columns, version=product.version)
        data = {"name": product.name, "changes": changed}
        record(ProductImported(subject=Ref.of(product), data=data), actor=context.actor, at=context.now)


def _columns(values: Values) -> dict[str, Any]:
    columns: dict[str, Any] = {name: values[name] or "" for name in TEXTS if name in values}
    if not columns.get("code", "x"):
        del columns["code"]
    if values.get("is_active") is not None:
        columns["is_active"] = values["is_active"]
    if "list_price" in values:
        price = values["list_price"]
        columns["list_price_minor"] = price.amount_minor if price else None
        if price:
            columns["currency"] = price.currency
    return columns
