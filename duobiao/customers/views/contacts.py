"""The page of a contact, and the contact form for a new one and a known one."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.customers.actions.create_contact import create_contact
from duobiao.customers.actions.edit_contact import edit_contact
from duobiao.customers.forms.conflicts import conflict_view, kept_values, version_sent
from duobiao.customers.forms.contact import ContactForm
from duobiao.customers.forms.facts import show_refusal
from duobiao.customers.models import Contact
from duobiao.customers.queries.contacts import contact_keeper_of, get_contact, objection_of
from duobiao.customers.queries.customers import get_customer
from duobiao.customers.queries.judged import judged_facts
from duobiao.customers.queries.page import contact_facts, person_row
from duobiao.identity.http import actor_of
from duobiao.identity.policy import allows, require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Refusal, StaleVersion
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment, render

CHANGED = "contacts-changed"


@require_safe
def contact(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a contact; the reference of a merged one leads to the kept one."""
    actor = actor_of(request)
    if (keeper := contact_keeper_of(ref=ref, user=actor)) is not None:
        return HttpResponseRedirect(reverse("customers:contact", args=[keeper.ref]))
    held = get_contact(ref=ref, user=actor)
    objection = objection_of(held)
    context = {
        "contact": held,
        "customer": held.customer,
        "person": person_row(held, objects=objection is not None),
        "facts": contact_facts(held, actor),
        "may_edit": allows(actor, "customers.edit", held),
        "may_merge": allows(actor, "customers.merge", held),
        "may_trash": allows(actor, "customers.trash", held),
        "may_see_all": allows(actor, "customers.personal_data", held),
        "objection": objection,
    }
    return render(request, "customers/contact.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_contact(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the contact form for a customer, or enter the person; ``?handler=1`` begins with the 经手人."""
    actor = actor_of(request)
    customer = get_customer(ref=ref, user=actor)
    require(actor, "customers.edit", customer)
    blank = Contact(customer=customer, is_handler=True if request.GET.get("handler") == "1" else None)
    form = ContactForm(request.POST if request.method == "POST" else None, contact=blank)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                back = _enter(request, form, customer.ref)
                return done(request, to=back, fires=CHANGED, toast=_("Contact entered"))
            except Refusal as refusal:
                status = show_refusal(form, refusal)
    return _show(
        request, form, {"customer": customer, "contact": None, "version": 1, "conflict": None, "judged": {}}, status
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the contact form, unfolded at ``?at=field``, or save what was changed."""
    actor = actor_of(request)
    held = get_contact(ref=ref, user=actor)
    require(actor, "customers.edit", held)
    judged = judged_facts(held, actor)
    form = ContactForm(request.POST if request.method == "POST" else None, contact=held, judged=judged)
    status, conflict, version = 200, None, held.version
    if request.method == "POST":
        version, status = version_sent(request.POST), 422
        if form.is_valid():
            values = kept_values(form.changed(), request.POST)
            try:
                with once(request) as submission:
                    if submission.first:
                        edit_contact(contact=held, version=version, values=values, actor=actor, now=timezone.now())
                back = reverse("customers:contact", args=[ref])
                return done(request, to=back, fires=CHANGED, toast=_("Saved"))
            except StaleVersion as refusal:
                status, version = refusal.status, refusal.details["version"]
                conflict = conflict_view(form, values, refusal, subject=Ref.of(held))
            except Refusal as refusal:
                status = show_refusal(form, refusal)
    context = {"customer": held.customer, "contact": held, "version": version, "conflict": conflict, "judged": judged}
    return _show(request, form, context, status)


def _enter(request: HttpRequest, form: ContactForm, customer_ref: str) -> str:
    actor = actor_of(request)
    with once(request) as submission:
        if submission.first:
            values = form.all_values()
            made = create_contact(
                customer=get_customer(ref=customer_ref, user=actor),
                name=values.pop("name"),
                actor=actor,
                now=timezone.now(),
                values=values,
            )
            submission.result = reverse("customers:contact", args=[made.ref])
    return submission.result


def _show(request: HttpRequest, form: ContactForm, context: dict[str, Any], status: int) -> HttpResponse:
    at = request.GET.get("at", "")
    shown = {"form": form, "at": at if at in form.fields else "", "groups": list(form.groups(form.keys_of(at)))}
    return page_or_fragment(
        request,
        page="customers/edit_contact.html",
        fragment="customers/_contact_form.html",
        context={**context, **shown},
        status=status,
    )
