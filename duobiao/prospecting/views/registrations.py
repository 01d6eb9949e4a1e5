"""Registrations: the list, one with what it clashes with, making, extending and withdrawing one."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.identity.http import actor_of, company_of
from duobiao.identity.policy import allows, require
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.prospecting.actions.register_project import (
    extend_registration,
    register_project,
    registration_page,
    withdraw_registration,
)
from duobiao.prospecting.forms.registrations import ReasonForm, RegistrationForm
from duobiao.prospecting.models import RegistrationState
from duobiao.prospecting.queries.figures import registration_figures
from duobiao.prospecting.queries.registrations import (
    clash_lines,
    get_registration,
    registrations_matching,
    request_of,
)
from duobiao.prospecting.views.common import answer
from duobiao.timeline.panels import comments_panel
from duobiao.timeline.queries import entries_for
from duobiao.web.api import PageQuery, page_of
from duobiao.web.http import page_or_fragment, render

VERB = "prospecting.register"
PAGE = "/registrations/"
ROWS = 50


@require_safe
def registrations(request: HttpRequest) -> HttpResponse:
    """List the registrations one may see, the latest first."""
    actor = actor_of(request)
    require(actor, "prospecting.view")
    state, text = request.GET.get("state", ""), request.GET.get("q", "").replace("\x00", "").strip()[:100]
    state = state if state in RegistrationState.values else ""
    query = PageQuery(cursor=request.GET.get("cursor", "")[:2000], limit=ROWS)
    page = page_of(registrations_matching(actor, state=state, text=text), page=query, sort="-registered_on")
    context = {
        "rows": page.items,
        "next": f"?state={state}&cursor={page.next}" if page.next else "",
        "state": state,
        "text": text,
        "states": RegistrationState.choices,
        "on": _today(request),
        "may_register": allows(actor, VERB),
    }
    return page_or_fragment(
        request,
        page="prospecting/registrations.html",
        fragment="prospecting/_registration_list.html",
        context=context,
    )


@require_safe
def registration(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a registration; of what it clashes with only what the reader may see, to an arbiter all."""
    actor = actor_of(request)
    held = get_registration(ref=ref, user=actor)
    on = _today(request)
    figures = registration_figures().figures
    may, waits = allows(actor, VERB, held), held.state == RegistrationState.PENDING
    context = {
        "row": held,
        "lines": clash_lines(held, actor),
        "approval": request_of(held),
        "protects": held.protects(on),
        "left": (held.protected_until - on).days + 1 if held.protected_until is not None and held.protects(on) else 0,
        "may_extend": may and held.protects(on) and held.extensions < figures.most_extensions,
        "may_withdraw": may and (held.state == RegistrationState.ACTIVE or (waits and held.owner_id == actor.pk)),
        "comments": comments_panel(request, Ref.of(held)),
        "entries": entries_for(subject=Ref.of(held), limit=30),
        "most_extensions": figures.most_extensions,
    }
    return render(request, "prospecting/registration.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register a project."""
    actor = actor_of(request)
    require(actor, VERB)
    form = RegistrationForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        made = register_project(values=form.cleaned_data, actor=actor, now=timezone.now())
        return registration_page(made.ref)

    context = {"title": _("Register a project"), "back": PAGE, "days": registration_figures().figures.protected_days}
    return answer(request, form, act, to=PAGE, fragment="register", context=context, toast=_("Project registered"))


@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, ref: str) -> HttpResponse:
    """Protect a project for longer."""
    actor = actor_of(request)
    held = get_registration(ref=ref, user=actor)
    require(actor, VERB, held)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        reason = form.cleaned_data["reason"]
        extend_registration(registration=held, reason=reason, actor=actor, now=timezone.now())

    back = registration_page(ref)
    label = _("Extend by %(n)s days") % {"n": registration_figures().figures.extension_days}
    context = {"title": label, "back": back, "label": label, "icon_name": "calendar-plus"}
    return answer(request, form, act, to=back, fragment="reason", context=context, toast=_("Protection extended"))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    """Give a registration up."""
    actor = actor_of(request)
    held = get_registration(ref=ref, user=actor)
    require(actor, VERB, held)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        reason = form.cleaned_data["reason"]
        withdraw_registration(registration=held, reason=reason, actor=actor, now=timezone.now())

    back = registration_page(ref)
    label = _("Withdraw registration")
    context = {"title": label, "back": back, "label": label, "icon_name": "shield-off"}
    return answer(request, form, act, to=back, fragment="reason", context=context, toast=_("Registration withdrawn"))


def _today(request: HttpRequest) -> date:
    return local_day(timezone.now(), company_of(request).time_zone)
