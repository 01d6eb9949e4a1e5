"""Resources that work for a customer: add, change, take out."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from duobiao.customers.actions.keep_resources import add_resource, edit_resource, remove_resource
from duobiao.customers.forms.facts import show_refusal
from duobiao.customers.forms.resources import ResourceForm
from duobiao.customers.models import AccountResource, Customer
from duobiao.customers.queries.customers import get_customer
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import Refusal
from duobiao.web.api import found_or_404
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment

CHANGED = "resources-changed"


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """Note a resource."""
    actor = actor_of(request)
    customer = get_customer(ref=ref, user=actor)
    require(actor, "customers.edit", customer)
    form = ResourceForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        add_resource(customer=customer, values=form.values(), actor=actor, now=timezone.now())

    return _answer(request, form, act, customer, here=reverse("customers:add_resource", args=[ref]))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change a resource."""
    actor = actor_of(request)
    resource = _resource(request, ref)
    require(actor, "customers.edit", resource.customer)
    form = ResourceForm(request.POST if request.method == "POST" else None, resource=resource)

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        edit_resource(resource=resource, version=version, values=form.values(), actor=actor, now=timezone.now())

    here = reverse("customers:edit_resource", args=[ref])
    return _answer(request, form, act, resource.customer, here=here, resource=resource)


@require_POST
def remove(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a resource out."""
    actor, resource = actor_of(request), _resource(request, ref)
    remove_resource(resource=resource, actor=actor, now=timezone.now())
    back = reverse("customers:customer", args=[resource.customer.ref])
    return done(request, to=back, fires=CHANGED, toast=_("Resource taken out"))


def _resource(request: HttpRequest, ref: str) -> AccountResource:
    rows = AccountResource.objects.visible_to(actor_of(request)).select_related("customer__owner")
    return found_or_404(rows.filter(ref=ref).first())


def _answer(
    request: HttpRequest,
    form: ResourceForm,
    act: Any,
    customer: Customer,
    *,
    here: str,
    resource: AccountResource | None = None,
) -> HttpResponse:
    back, status = reverse("customers:customer", args=[customer.ref]), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with once(request) as submission:
                    if submission.first:
                        act()
                return done(request, to=back, fires=CHANGED, toast=_("Resource kept"))
            except Refusal as refusal:
                status = show_refusal(form, refusal)
    context = {"form": form, "customer": customer, "resource": resource, "here": here, "back": back}
    return page_or_fragment(
        request, page="customers/resource.html", fragment="customers/_resource.html", context=context, status=status
    )
