"""Products: what may be named on a deal."""

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from duobiao.identity.api_support import MoneyIn, MoneyOut, PageOut, PageQuery, StrictSchema, found_or_404, page_of
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.opportunities.actions.add_product import add_product
from duobiao.opportunities.actions.edit_product import edit_product
from duobiao.opportunities.models import Product

router = Router(tags=["products"])


class ProductIn(StrictSchema):
    """A product to list."""

    code: str = Field(min_length=1, max_length=60)
    name: str = Field(min_length=1, max_length=120)
    series: str = Field("", max_length=60)
    list_price: MoneyIn | None = None


class ProductPatch(StrictSchema):
    """Values to change; what is left out stays."""

    version: int = Field(ge=1, le=2**31 - 1)
    code: str | None = Field(None, max_length=60)
    name: str | None = Field(None, max_length=120)
    series: str | None = Field(None, max_length=60)
    list_price: MoneyIn | None = None
    is_active: bool | None = Field(None, description="Whether it is on sale: may be picked for deals.")


class ProductOut(Schema):
    """A product."""

    ref: str
    code: str
    name: str
    series: str
    list_price: MoneyOut | None
    is_active: bool
    version: int

    @staticmethod
    def resolve_list_price(product: Product) -> MoneyOut | None:
        """Give the price where there is one."""
        return MoneyOut.of(product.list_price)


class ProductsQuery(PageQuery):
    """Which products, in which order."""

    q: str = Field("", max_length=80, description="Part of name or code.")
    is_active: bool | None = None
    sort: str = Field("name", pattern=r"^-?(name|code|series)$")


@router.get("/products", response=PageOut[ProductOut], operation_id="list_products", summary="List products")
def list_products(request: HttpRequest, query: Query[ProductsQuery]) -> dict[str, object]:
    """List the products; name one on a deal by its ``ref``."""
    require(actor_of(request), "opportunities.view")
    rows = Product.objects.all()
    if query.q:
        rows = rows.filter(Q(name__icontains=query.q) | Q(code__icontains=query.q))
    if query.is_active is not None:
        rows = rows.filter(is_active=query.is_active)
    page = page_of(rows, page=query, sort=query.sort)
    return {"items": page.items, "next": page.next}


@router.post("/products", response={201: ProductOut}, operation_id="add_product", summary="Add a product")
def post_product(request: HttpRequest, payload: ProductIn) -> Status[Product]:
    """Add a product; 409 ``product_code_taken`` when one of this code exists."""
    made = add_product(
        code=payload.code,
        name=payload.name,
        series=payload.series,
        list_price=payload.list_price.money() if payload.list_price else None,
        actor=actor_of(request),
        now=timezone.now(),
    )
    return Status(201, made)


@router.get("/products/{ref}", response=ProductOut, operation_id="get_product", summary="Read a product")
def get_product(request: HttpRequest, ref: str) -> Product:
    """Read a product."""
    require(actor_of(request), "opportunities.view")
    return found_or_404(Product.objects.filter(ref=ref).first())


@router.patch("/products/{ref}", response=ProductOut, operation_id="edit_product", summary="Change a product")
def patch_product(request: HttpRequest, ref: str, payload: ProductPatch) -> Product:
    """Change a product, or take it off sale."""
    actor = actor_of(request)
    require(actor, "opportunities.products")
    held = found_or_404(Product.objects.filter(ref=ref).first())
    price = held.list_price
    if "list_price" in payload.model_fields_set:
        price = payload.list_price.money() if payload.list_price else None
    return edit_product(
        product=held,
        version=payload.version,
        code=held.code if payload.code is None else payload.code,
        name=held.name if payload.name is None else payload.name,
        series=held.series if payload.series is None else payload.series,
        list_price=price,
        is_active=held.is_active if payload.is_active is None else payload.is_active,
        actor=actor,
        now=timezone.now(),
    )
