"""Supplier admissions: all the reader sees, one with its files, and the forms that keep and move it."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.customers.actions.export_admissions import export_admissions
from duobiao.customers.actions.keep_admissions import add_admission, edit_admission, move_admission, remove_admission
from duobiao.customers.forms.admissions import AdmissionForm, AdmissionStepForm
from duobiao.customers.forms.origin import own_today
from duobiao.customers.models import Admission, AdmissionState
from duobiao.customers.queries.admissions import (
    EXPIRIES,
    OVER,
    admission_line,
    admissions_matching,
    by_expiry,
    get_admission,
)
from duobiao.customers.queries.customers import get_customer
from duobiao.documents.panels import files_panel
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.policy import allows, require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Refusal
from duobiao.timeline.panels import comments_panel
from duobiao.timeline.queries import entries_for
from duobiao.web.api import PageQuery, page_of
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment, render
from duobiao.web.sheets import Cell, Sheet, table_response

CHANGED = "admissions-changed"
ROWS = 50


@require_safe
def admissions(request: HttpRequest) -> HttpResponse:
    """List the admissions the reader may see; what ends first stands first where an expiry is asked for."""
    actor = actor_of(request)
    require(actor, "customers.view")
    wanted, on = _wanted(request), own_today(request)
    query = PageQuery(cursor=request.GET.get("cursor", "")[:2000], limit=ROWS)
    sort = "valid_until" if wanted["expiry"] in EXPIRIES else "-since_on"
    page = page_of(admissions_matching(actor, on=on, **wanted), page=query, sort=sort)
    address = reverse("customers:admissions")
    asked = urlencode({name: value for name, value in _asked(wanted).items() if value})
    context = {
        "lines": [admission_line(row, on=on) for row in page.items],
        "wanted": wanted,
        "states": AdmissionState.choices,
        "expiries": [
            *((key, _("within %(n)s days") % {"n": days}) for key, days in EXPIRIES.items()),
            (OVER, _("run out")),
        ],
        "export": f"{reverse('customers:export_admissions')}?{asked}",
        "may_export": allows(actor, "customers.export"),
        "next": f"{address}?{asked}&{urlencode({'cursor': page.next})}" if page.next else "",
        "first": f"{address}?{asked}" if query.cursor else "",
    }
    return page_or_fragment(
        request, page="customers/admissions.html", fragment="customers/_admission_list.html", context=context
    )


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with a file of the admissions that pass the filters."""
    actor, wanted, on = actor_of(request), _wanted(request), own_today(request)
    rows = by_expiry(admissions_matching(actor, on=on, **wanted))
    file_format = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
    export_admissions(
        file_format=file_format, query=urlencode(_asked(wanted)), count=rows.count(), actor=actor, now=timezone.now()
    )
    heads = [
        _("Customer"),
        _("Register or platform"),
        _("Kind of list"),
        pgettext("admission", "State"),
        _("Since"),
        _("Our number there"),
        _("Valid from"),
        _("Valid until"),
        _("Who sees to it"),
        _("Who holds the account"),
        _("Remarks"),
    ]
    sheet = Sheet(_("Supplier admissions"), heads, _cells(list(rows)), wide=(0, 1))
    return table_response(sheet, stem=f"duobiao-admissions-{on.isoformat()}", file_format=file_format)


@require_safe
def admission(request: HttpRequest, ref: str) -> HttpResponse:
    """Show an admission with its steps and files."""
    actor = actor_of(request)
    held = get_admission(ref=ref, user=actor)
    context = {
        "admission": held,
        "customer": held.customer,
        "line": admission_line(held, on=own_today(request)),
        "steps": list(held.steps.select_related("noted_by").order_by("-happened_on", "-pk")),
        "may_edit": allows(actor, "customers.edit", held),
        "files": files_panel(request, Ref.of(held)),
        "comments": comments_panel(request, Ref.of(held)),
        "entries": entries_for(subject=Ref.of(held), limit=30),
    }
    return render(request, "customers/admission.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """Note a register or platform of a customer."""
    actor = actor_of(request)
    customer = get_customer(ref=ref, user=actor)
    require(actor, "customers.edit", customer)
    posted = request.POST if request.method == "POST" else None
    form = AdmissionForm(posted, customer=customer, actor=actor, today=own_today(request))

    def act() -> None:
        state, happened_on = form.cleaned_data["state"], form.cleaned_data["happened_on"]
        add_admission(
            customer=customer,
            values=form.values(),
            state=state,
            happened_on=happened_on,
            actor=actor,
            now=timezone.now(),
        )

    context = {
        "customer": customer,
        "admission": None,
        "here": reverse("customers:add_admission", args=[ref]),
        "back": reverse("customers:customer", args=[ref]),
    }
    return _answer(request, form, act, "_admission_form", context, toast=_("Supplier admission noted"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change the facts of an admission."""
    actor = actor_of(request)
    held = get_admission(ref=ref, user=actor)
    require(actor, "customers.edit", held)
    posted = request.POST if request.method == "POST" else None
    form = AdmissionForm(posted, customer=held.customer, actor=actor, today=own_today(request), admission=held)

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        edit_admission(admission=held, version=version, values=form.values(), actor=actor, now=timezone.now())

    here = reverse("customers:edit_admission", args=[ref])
    return _answer(request, form, act, "_admission_form", _around(held, here), toast=_("Supplier admission changed"))


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, ref: str) -> HttpResponse:
    """Bring an admission to another state, or renew it."""
    actor = actor_of(request)
    held = get_admission(ref=ref, user=actor)
    require(actor, "customers.edit", held)
    posted = request.POST if request.method == "POST" else None
    form = AdmissionStepForm(posted, admission=held, today=own_today(request))

    def act() -> None:
        asked = form.cleaned_data
        move_admission(
            admission=held,
            version=asked["version"] or 0,
            state=asked["state"],
            happened_on=asked["happened_on"],
            note=asked["note"],
            days=form.days(),
            actor=actor,
            now=timezone.now(),
        )

    here = reverse("customers:move_admission", args=[ref])
    return _answer(request, form, act, "_admission_step", _around(held, here), toast=_("State noted"))


@require_POST
def remove(request: HttpRequest, ref: str) -> HttpResponse:
    """Take an admission out."""
    actor = actor_of(request)
    held = get_admission(ref=ref, user=actor)
    remove_admission(admission=held, actor=actor, now=timezone.now())
    back = reverse("customers:customer", args=[held.customer.ref])
    return done(request, to=back, toast=_("Supplier admission taken out"))


def _around(held: Admission, here: str) -> dict[str, Any]:
    back = reverse("customers:admission", args=[held.ref])
    return {"customer": held.customer, "admission": held, "here": here, "back": back}


def _wanted(request: HttpRequest) -> dict[str, Any]:
    state, expiry = request.GET.get("state", ""), request.GET.get("expiry", "")
    return {
        "text": request.GET.get("q", "").replace("\x00", "").strip()[:100],
        "state": state if state in AdmissionState.values else "",
        "expiry": expiry if expiry in (*EXPIRIES, OVER) else "",
        "mine": request.GET.get("mine") == "1",
    }


def _asked(wanted: dict[str, Any]) -> dict[str, str]:
    mine = "1" if wanted["mine"] else ""
    return {"q": wanted["text"], "state": wanted["state"], "expiry": wanted["expiry"], "mine": mine}


def _cells(rows: list[Admission]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [
            row.customer.name,
            row.name,
            str(row.get_listing_display()),
            str(row.get_state_display()),
            row.since_on,
            row.number,
            row.valid_from,
            row.valid_until,
            str(row.responsible),
            row.login_holder,
            row.remarks,
        ]


def _answer(
    request: HttpRequest, form: Form, act: Callable[[], None], fragment: str, context: dict[str, Any], *, toast: str
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with once(request) as submission:
                    if submission.first:
                        act()
                return done(request, to=context["back"], fires=CHANGED, toast=toast)
            except Refusal as refusal:
                status = refused(form, refusal)
    path = f"customers/{fragment}.html"
    found = {**context, "form": form, "fragment": path}
    return page_or_fragment(request, page="customers/admission_form.html", fragment=path, context=found, status=status)
