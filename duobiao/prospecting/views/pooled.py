"""Customers in pools: those of one pool, putting one in, taking it, giving it back, keeping it, taking it out."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.customers.queries.customers import get_customer
from duobiao.identity.http import actor_of
from duobiao.identity.policy import allows, require
from duobiao.prospecting.actions.pool_customers import (
    claim_customer,
    keep_customer,
    pool_page,
    put_customer,
    return_customer,
    take_customer_out,
)
from duobiao.prospecting.forms.pooled import KeepForm, NoteForm, PutCustomerForm
from duobiao.prospecting.queries.pooled import get_pooled, pool_of_customers, pooled_rows, pools_for_customer
from duobiao.prospecting.views.common import answer
from duobiao.prospecting.views.manufacturers import today_of
from duobiao.web.http import done, render


@require_safe
def customers(request: HttpRequest, ref: str) -> HttpResponse:
    """List the customers of a pool: free ones to take, and those the reader sees anyway."""
    actor = actor_of(request)
    require(actor, "prospecting.view")
    pool = pool_of_customers(ref=ref, user=actor, all_pools=allows(actor, "prospecting.pools"))
    rows = pooled_rows(pool, actor, on=today_of(request))
    context = {"pool": pool, "rows": rows, "may_claim": pool.is_active and allows(actor, "prospecting.claim")}
    return render(request, "prospecting/pooled.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def put(request: HttpRequest, ref: str) -> HttpResponse:
    """Put a customer into a pool."""
    actor = actor_of(request)
    customer = get_customer(ref=ref, user=actor)
    require(actor, "prospecting.assign", customer)
    form = PutCustomerForm(request.POST if request.method == "POST" else None, pools=pools_for_customer(actor))

    def act() -> str:
        pool, free = form.cleaned_data["pool"], form.cleaned_data["free"] == "1"
        return pool_page(put_customer(customer=customer, pool=pool, free=free, actor=actor, now=timezone.now()).pool)

    back = f"/customers/{ref}/"
    context = {"title": _("Put %(name)s into a pool") % {"name": customer.label}, "back": back}
    return answer(request, form, act, to=back, fragment="put_customer", context=context, toast=_("Put into the pool"))


@require_POST
def claim(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a free customer; its new owner goes on to its page."""
    actor = actor_of(request)
    held = claim_customer(entry=get_pooled(ref=ref, user=actor), actor=actor, now=timezone.now())
    return done(request, to=f"/customers/{held.customer.ref}/", toast=_("It is yours now"))


@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: HttpRequest, ref: str) -> HttpResponse:
    """Let a customer lie free again."""
    actor = actor_of(request)
    entry = get_pooled(ref=ref, user=actor)
    require(actor, "customers.edit", entry.customer)
    form = NoteForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        return_customer(entry=entry, note=form.cleaned_data["note"], actor=actor, now=timezone.now())

    context = {
        "title": _("Give %(name)s back to its pool") % {"name": entry.customer.label},
        "back": pool_page(entry.pool),
    }
    return answer(
        request, form, act, to=pool_page(entry.pool), fragment="return_customer", context=context, toast=_("Given back")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, ref: str) -> HttpResponse:
    """Keep a customer with its holder until a day."""
    actor = actor_of(request)
    entry = get_pooled(ref=ref, user=actor)
    require(actor, "prospecting.assign", entry.customer)
    form = KeepForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        asked = form.cleaned_data
        keep_customer(entry=entry, until=asked["until"], reason=asked["reason"], actor=actor, now=timezone.now())

    back = pool_page(entry.pool)
    context = {"title": _("Keep %(name)s from coming back") % {"name": entry.customer.label}, "back": back}
    return answer(request, form, act, to=back, fragment="keep_customer", context=context, toast=_("Saved"))


@require_POST
def take_out(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a customer out of its pool."""
    actor = actor_of(request)
    entry = get_pooled(ref=ref, user=actor)
    take_customer_out(entry=entry, actor=actor, now=timezone.now())
    return done(request, to=pool_page(entry.pool), toast=_("Taken out of the pool"))
