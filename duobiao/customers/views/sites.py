"""Sites of a customer: add, change, take out."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from duobiao.customers.actions.keep_sites import add_site, edit_site, remove_site
from duobiao.customers.forms.facts import show_refusal
from duobiao.customers.forms.sites import SiteForm
from duobiao.customers.models import Customer, Site
from duobiao.customers.queries.customers import get_customer
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import Refusal
from duobiao.web.api import found_or_404
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment

CHANGED = "sites-changed"


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """Note a site."""
    actor = actor_of(request)
    customer = get_customer(ref=ref, user=actor)
    require(actor, "customers.edit", customer)
    form = SiteForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        add_site(customer=customer, values=form.values(), actor=actor, now=timezone.now())

    return _answer(request, form, act, customer, here=reverse("customers:add_site", args=[ref]))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change a site."""
    actor = actor_of(request)
    site = _site(request, ref)
    require(actor, "customers.edit", site.customer)
    form = SiteForm(request.POST if request.method == "POST" else None, site=site)

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        edit_site(site=site, version=version, values=form.values(), actor=actor, now=timezone.now())

    here = reverse("customers:edit_site", args=[ref])
    return _answer(request, form, act, site.customer, here=here, site=site)


@require_POST
def remove(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a site out."""
    actor, site = actor_of(request), _site(request, ref)
    remove_site(site=site, actor=actor, now=timezone.now())
    back = reverse("customers:customer", args=[site.customer.ref])
    return done(request, to=back, fires=CHANGED, toast=_("Site taken out"))


def _site(request: HttpRequest, ref: str) -> Site:
    rows = Site.objects.visible_to(actor_of(request)).select_related("customer__owner")
    return found_or_404(rows.filter(ref=ref).first())


def _answer(
    request: HttpRequest, form: SiteForm, act: Any, customer: Customer, *, here: str, site: Site | None = None
) -> HttpResponse:
    back, status = reverse("customers:customer", args=[customer.ref]), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with once(request) as submission:
                    if submission.first:
                        act()
                return done(request, to=back, fires=CHANGED, toast=_("Site kept"))
            except Refusal as refusal:
                status = show_refusal(form, refusal)
    context = {"form": form, "customer": customer, "site": site, "here": here, "back": back}
    return page_or_fragment(
        request, page="customers/site.html", fragment="customers/_site.html", context=context, status=status
    )
