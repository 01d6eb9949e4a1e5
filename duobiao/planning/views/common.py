"""How forms of this capability are shown and answered."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.policy import require
from duobiao.kernel.days import local_day
from duobiao.kernel.refusals import Refusal
from duobiao.planning.actions.plans import plan_url
from duobiao.planning.models import AccountPlan
from duobiao.planning.queries.plans import get_plan
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment

EDIT = "customers.edit"
"""The right that writes the plans of a customer."""
SHEET_CHANGED = "sheet-changed"
"""Fired when something on a sheet changed."""
PLAN_CHANGED = "plan-changed"
"""Fired when something of a plan changed."""


def own_today(request: HttpRequest) -> date:
    """Return today where the reader sits."""
    return local_day(timezone.now(), actor_of(request).time_zone or company_of(request).time_zone)


def answer(
    request: HttpRequest,
    form: Form,
    act: Callable[[], object],
    *,
    to: str,
    fragment: str,
    context: Mapping[str, Any],
    toast: object,
    fires: str = "",
) -> HttpResponse:
    """Show a form; when it is sent, act once and go on to ``to``, or show it again with the reasons.

    A form that asks for something under another name than the action says so by ``name_of``.

    Args:
        act: Calls the action with what the form holds; may return the address to go on to instead.
        fragment: Name of its fragment, without folder and ending.
        context: With ``title`` and ``back`` of the page around it.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with once(request) as submission:
                    if submission.first:
                        found = act()
                        submission.result = found if isinstance(found, str) else to
                return done(request, to=submission.result or to, fires=fires, toast=toast)
            except Refusal as refusal:
                name_of = getattr(form, "name_of", None)
                if name_of is not None:
                    refusal.fields = {name_of(name): reason for name, reason in refusal.fields.items()}
                status = refused(form, refusal)
    path = f"planning/_{fragment}.html"
    held = {"here": request.get_full_path(), "form": form, **context, "fragment": path}
    return page_or_fragment(request, page="planning/form.html", fragment=path, context=held, status=status)


def editable(request: HttpRequest, ref: str) -> AccountPlan:
    """Return a plan whose customer the reader may edit.

    Raises:
        NotFound: there is none, or the reader may not see it.
        NotAllowed: the reader may not edit the customer.
    """
    actor = actor_of(request)
    held = get_plan(ref=ref, user=actor)
    require(actor, EDIT, held.customer)
    return held


def answer_plan(
    request: HttpRequest,
    form: Form,
    act: Callable[[], object],
    *,
    plan: AccountPlan,
    fragment: str,
    context: Mapping[str, Any],
    toast: object,
) -> HttpResponse:
    """Show a form of a plan, or answer it; it leads back to the plan."""
    to = plan_url(plan.ref)
    held = {"plan": plan, "back": to, **context}
    return answer(request, form, act, to=to, fragment=fragment, context=held, toast=toast)
