"""Products: what we list and sell, kept by an administrator; optional on a deal."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.refusals import Refusal
from duobiao.opportunities.actions.add_product import add_product
from duobiao.opportunities.actions.edit_product import edit_product
from duobiao.opportunities.forms.products import ProductForm
from duobiao.opportunities.models import Product
from duobiao.web.api import found_or_404
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment, render

MOST_SHOWN = 500


@require_safe
def products(request: HttpRequest) -> HttpResponse:
    """Show products, those on sale first."""
    _keeper(request)
    q = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    rows = Product.objects.order_by("-is_active", "series", "name", "pk")
    if q:
        rows = rows.filter(name__icontains=q) | rows.filter(code__icontains=q)
    return render(request, "opportunities/products.html", {"products": list(rows[:MOST_SHOWN]), "q": q})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a product."""
    actor = _keeper(request)
    form, status = ProductForm(initial={"is_active": True}), 200
    if request.method == "POST":
        form, status = ProductForm(request.POST), 422
        if form.is_valid():
            try:
                with once(request) as submission:
                    if submission.first:
                        add_product(**form.values(), actor=actor, now=timezone.now())
            except Refusal as refusal:
                status = refused(form, refusal)
            else:
                return done(request, to="opportunities:products", toast=_("Product added"))
    return _form_page(request, form, None, status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change a product, or take it off sale."""
    actor = _keeper(request)
    product = found_or_404(Product.objects.filter(ref=ref).first())
    form, status = ProductForm.of(product), 200
    if request.method == "POST":
        form, status = ProductForm(request.POST), 422
        if form.is_valid():
            held = form.cleaned_data
            try:
                edit_product(
                    product=product, version=held["version"] or 0, is_active=held["is_active"], **form.values(),
                    actor=actor, now=timezone.now(),
                )  # fmt: skip
            except Refusal as refusal:
                status = refused(form, refusal)
            else:
                return done(request, to="opportunities:products", toast=_("Product saved"))
    return _form_page(request, form, product, status)


def _form_page(request: HttpRequest, form: ProductForm, product: Product | None, status: int) -> HttpResponse:
    return page_or_fragment(
        request,
        page="opportunities/product.html",
        fragment="opportunities/_product.html",
        context={"form": form, "product": product},
        status=status,
    )


def _keeper(request: HttpRequest) -> User:
    actor = actor_of(request)
    policy.require(actor, "opportunities.products")
    return actor
