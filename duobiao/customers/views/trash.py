"""The trash: what lies there, putting in, taking out."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from duobiao.customers.actions.trash_contact import restore_contact, trash_contact
from duobiao.customers.actions.trash_customer import restore_customer, trash_customer
from duobiao.customers.queries.contacts import get_contact
from duobiao.customers.queries.customers import get_customer
from duobiao.customers.queries.lists import trashed_contacts, trashed_customers
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.web.api import found_or_404
from duobiao.web.http import done, render

MOST = 200


@require_safe
def trash(request: HttpRequest) -> HttpResponse:
    """List what lies in the trash and may be seen, the latest first."""
    actor = actor_of(request)
    require(actor, "customers.trash")
    customers = trashed_customers(actor).select_related("owner", "trashed_by").order_by("-trashed_at", "pk")
    contacts = trashed_contacts(actor).order_by("-trashed_at", "pk")
    return render(request, "customers/trash.html", {"customers": customers[:MOST], "contacts": contacts[:MOST]})


@require_POST
def put_customer(request: HttpRequest, ref: str) -> HttpResponse:
    """Put a customer into the trash."""
    actor = actor_of(request)
    trash_customer(customer=get_customer(ref=ref, user=actor), actor=actor, now=timezone.now())
    return done(request, to="customers:list", toast=_("Put into the trash. It can be restored there."))


@require_POST
def take_customer(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a customer out of the trash."""
    actor = actor_of(request)
    held = found_or_404(trashed_customers(actor).filter(ref=ref).first())
    restore_customer(customer=held, actor=actor, now=timezone.now())
    return done(request, to=reverse("customers:customer", args=[ref]), toast=_("Restored"))


@require_POST
def put_contact(request: HttpRequest, ref: str) -> HttpResponse:
    """Put a contact into the trash."""
    actor = actor_of(request)
    held = get_contact(ref=ref, user=actor)
    trash_contact(contact=held, actor=actor, now=timezone.now())
    back = reverse("customers:customer", args=[held.customer.ref])
    return done(request, to=back, toast=_("Put into the trash. It can be restored there."))


@require_POST
def take_contact(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a contact out of the trash."""
    actor = actor_of(request)
    held = found_or_404(trashed_contacts(actor).filter(ref=ref).first())
    restore_contact(contact=held, actor=actor, now=timezone.now())
    return done(request, to=reverse("customers:contact", args=[ref]), toast=_("Restored"))
