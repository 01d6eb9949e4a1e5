"""The data of a person: what is held, handing it out, objections, erasure."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.customers.actions.erase_contact import erase_contact
from duobiao.customers.actions.hand_out_personal_data import hand_out_personal_data
from duobiao.customers.actions.note_objection import lift_objection, note_objection
from duobiao.customers.forms.facts import show_refusal
from duobiao.customers.forms.origin import own_today
from duobiao.customers.forms.privacy import EraseForm, LiftForm, ObjectionForm
from duobiao.customers.models import Contact, Erasure
from duobiao.customers.queries.contacts import get_contact, get_person, objection_of
from duobiao.customers.queries.held import as_json, as_sheets, checked_on, grounds, held_about
from duobiao.customers.queries.kept_files import kept_files
from duobiao.identity.http import actor_of
from duobiao.identity.policy import allows, require
from duobiao.kernel.refusals import Refusal
from duobiao.web.api import PageQuery, page_of
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment, render
from duobiao.web.sheets import XLSX, workbook

CHANGED = "contacts-changed"
ROWS = 50


@never_cache
@require_safe
def personal_data(request: HttpRequest, ref: str) -> HttpResponse:
    """Show everything that is held about a person."""
    actor = actor_of(request)
    contact = get_person(ref=ref, user=actor)
    require(actor, "customers.personal_data", contact)
    context = {
        "contact": contact,
        "customer": contact.customer,
        "held": held_about(contact),
        "may_erase": allows(actor, "customers.erase", contact),
    }
    return render(request, "customers/personal_data.html", context)


@require_POST
def hand_out(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Answer with everything that is held, as a workbook or as JSON."""
    actor = actor_of(request)
    contact = get_person(ref=ref, user=actor)
    as_workbook = request.POST.get("format") != "json"
    name = "xlsx" if as_workbook else "json"
    held = hand_out_personal_data(contact=contact, file_format=name, actor=actor, now=timezone.now())
    if as_workbook:
        return FileResponse(
            workbook(as_sheets(held)), as_attachment=True, filename=f"{ref}-personal-data.xlsx", content_type=XLSX
        )
    response = JsonResponse(as_json(held), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{ref}-personal-data.json"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what would go and what would stay, or erase."""
    actor = actor_of(request)
    contact = get_person(ref=ref, user=actor)
    require(actor, "customers.erase", contact)
    form = EraseForm(request.POST if request.method == "POST" else None, contact=contact, today=own_today(request))

    def act() -> None:
        values = {name: form.cleaned_data[name] for name in ("version", "ground", "asked_on")}
        erase_contact(contact=contact, actor=actor, now=timezone.now(), **values)

    status, answer = _act(request, form, act)
    if answer:
        return done(request, to="customers:erasures", toast=_("The data of the person are erased"))
    context = {
        "contact": contact,
        "customer": contact.customer,
        "form": form,
        "held": held_about(contact),
        "grounds": grounds(),
        "checked_on": checked_on(),
        "kept_files": kept_files(),
        "version": contact.version,
    }
    return render(request, "customers/erase.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def object_(request: HttpRequest, ref: str) -> HttpResponse:
    """Note that a person does not want to be called."""
    actor = actor_of(request)
    contact = get_contact(ref=ref, user=actor)
    require(actor, "customers.edit", contact)
    form = ObjectionForm(request.POST if request.method == "POST" else None, today=own_today(request))

    def act() -> None:
        note_objection(contact=contact, actor=actor, now=timezone.now(), **form.cleaned_data)

    return _dialog(request, form, act, contact, here="customers:note_objection", toast=_("Objection noted"))


@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: HttpRequest, ref: str) -> HttpResponse:
    """Note that a person agrees again."""
    actor = actor_of(request)
    contact = get_contact(ref=ref, user=actor)
    require(actor, "customers.edit", contact)
    form = LiftForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        lift_objection(contact=contact, source=form.cleaned_data["source"], actor=actor, now=timezone.now())

    return _dialog(request, form, act, contact, here="customers:lift_objection", toast=_("The person may be called"))


@require_safe
def erasures(request: HttpRequest) -> HttpResponse:
    """List the erasures, the latest first."""
    require(actor_of(request), "customers.erase")
    rows = Erasure.objects.select_related("contact__customer", "erased_by")
    query = PageQuery(cursor=request.GET.get("cursor", "")[:2000], limit=ROWS)
    page = page_of(rows, page=query, sort="-erased_at")
    address = reverse("customers:erasures")
    context = {
        "erasures": page.items,
        "next": f"{address}?cursor={page.next}" if page.next else "",
        "first": address if query.cursor else "",
    }
    return render(request, "customers/erasures.html", context)


def _act(request: HttpRequest, form: Form, act: Callable[[], None]) -> tuple[int, bool]:
    """Do what the form asks for; return the status to show it with, and whether it was done."""
    if request.method != "POST":
        return 200, False
    if not form.is_valid():
        return 422, False
    try:
        with once(request) as submission:
            if submission.first:
                act()
    except Refusal as refusal:
        return show_refusal(form, refusal), False
    return 200, True


def _dialog(
    request: HttpRequest, form: Form, act: Callable[[], None], contact: Contact, *, here: str, toast: str
) -> HttpResponse:
    back = reverse("customers:contact", args=[contact.ref])
    status, answer = _act(request, form, act)
    if answer:
        return done(request, to=back, fires=CHANGED, toast=toast)
    context: dict[str, Any] = {
        "form": form,
        "contact": contact,
        "customer": contact.customer,
        "objection": objection_of(contact),
        "here": reverse(here, args=[contact.ref]),
        "back": back,
    }
    return page_or_fragment(
        request, page="customers/objection.html", fragment="customers/_objection.html", context=context, status=status
    )
