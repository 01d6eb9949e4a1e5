"""Annual plans: the list, one with its year, beginning, changing, sending for approval and closing it."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.customers.models import Customer
from duobiao.customers.queries.customers import get_customer
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.policy import allows, require
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.planning.actions.draft_plan import (
    YEARS_AHEAD,
    YEARS_BACK,
    choose_deals,
    draft_plan,
    edit_plan,
    set_budget_cycle,
)
from duobiao.planning.actions.plans import plan_url
from duobiao.planning.actions.settle_plan import close_plan, recall_plan, reopen_plan, submit_plan
from duobiao.planning.domain.sheets import About
from duobiao.planning.forms.plans import AimForm, BudgetForm, CloseForm, DealsForm, DraftForm
from duobiao.planning.forms.sheets import ReasonForm
from duobiao.planning.models import AccountPlan, PlanState
from duobiao.planning.queries.plans import (
    budget_of,
    date_lines,
    deals_of,
    deals_offered,
    due_dates,
    get_plan,
    goal_lines,
    plans_matching,
    request_of,
    with_counts,
)
from duobiao.planning.queries.sheets import briefs
from duobiao.planning.queries.subjects import Subject
from duobiao.planning.queries.years import year_of
from duobiao.planning.views.common import EDIT, PLAN_CHANGED, answer, answer_plan, editable
from duobiao.timeline.panels import comments_panel
from duobiao.timeline.queries import entries_for
from duobiao.web.api import PageQuery, page_of
from duobiao.web.http import done, page_or_fragment, render

LIST = "/account-plans/"
ROWS = 50
HISTORY_ROWS = 12
DUE_AHEAD = timedelta(days=7)


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """List the plans one may see, those of this year first."""
    actor, this = actor_of(request), _today(request).year
    require(actor, "customers.view")
    state, wanted = request.GET.get("state", ""), request.GET.get("year", str(this))
    state = state if state in PlanState.values else ""
    year = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) == 4 else None
    mine = request.GET.get("which") == "mine"
    rows = with_counts(plans_matching(actor, year=year, state=state, mine=mine))
    query = PageQuery(cursor=request.GET.get("cursor", "")[:2000], limit=ROWS)
    page = page_of(rows, page=query, sort="-year")
    held = {"state": state, "year": wanted if year else "", "which": "mine" if mine else ""}
    context = {
        "lines": page.items,
        "on": _today(request),
        "next": f"?{urlencode({**held, 'cursor': page.next})}" if page.next else "",
        "state": state,
        "year": year,
        "mine": mine,
        "states": PlanState.choices,
        "years": range(this + 1, this - 3, -1),
    }
    return page_or_fragment(request, page="planning/plans.html", fragment="planning/_plan_list.html", context=context)


@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """Show the milestones and reviews a person, or with ``?scope=team`` the team, is to see to within a week."""
    actor, on = actor_of(request), _today(request)
    require(actor, "customers.view")
    team = request.GET.get("scope") == "team"
    found, total = due_dates(actor, on=on, until=on + DUE_AHEAD, team=team)
    return render(request, "planning/_dates_due.html", {"lines": found, "total": total, "team": team})


@require_safe
def plan(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a plan: goals with what was reached, its year beside the customer's budget cycle, dates, deals, resources."""
    actor, on = actor_of(request), _today(request)
    held = get_plan(ref=ref, user=actor)
    deals, dates, phases = deals_of(held, actor), date_lines(held, on=on), budget_of(held.customer)
    edits = allows(actor, EDIT, held.customer)
    running = held.state in (PlanState.DRAFT, PlanState.APPROVED)
    sees_customer = Customer.objects.visible_to(actor).filter(pk=held.customer_id).exists()
    context = {
        "plan": held,
        "goals": goal_lines(held, actor),
        "dates": dates,
        "deals": deals,
        "phases": phases,
        "year": year_of(held.year, phases, dates, deals, on=on),
        "resources": list(held.customer.resources.filter(removed_at__isnull=True).order_by("side", "name", "pk")),
        "briefs": briefs(Subject(About.CUSTOMER, held.customer), actor) if sees_customer else [],
        "approval": request_of(held) if held.state == PlanState.WAITING else None,
        "sees_customer": sees_customer,
        "may_edit": edits,
        "may_draft": edits and held.state == PlanState.DRAFT,
        "may_run": edits and running,
        "may_finish": running,
        "comments": comments_panel(request, Ref.of(held)),
        "entries": entries_for(subject=Ref.of(held), limit=HISTORY_ROWS),
    }
    return render(request, "planning/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, ref: str) -> HttpResponse:
    """Begin the plan of a year for a customer."""
    actor, this = actor_of(request), _today(request).year
    customer = get_customer(ref=ref, user=actor)
    require(actor, EDIT, customer)
    years = range(this - YEARS_BACK, this + YEARS_AHEAD + 1)
    given = request.POST if request.method == "POST" else None
    form = DraftForm(given, years=years, initial={"year": this})

    def act() -> str:
        held = form.cleaned_data
        made = draft_plan(customer=customer, year=held["year"], aim=held["aim"], actor=actor, now=timezone.now())
        return plan_url(made.ref)

    back = f"/customers/{ref}/"
    context = {"title": _("Annual plan for %(name)s") % {"name": customer.label}, "back": back}
    return answer(request, form, act, to=back, fragment="draft", context=context, toast=_("Plan begun"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Say anew where the account should stand."""
    held = editable(request, ref)
    form = AimForm(
        request.POST if request.method == "POST" else None, initial={"aim": held.aim, "version": held.version}
    )

    def act() -> None:
        version, now = form.cleaned_data["version"] or 0, timezone.now()
        edit_plan(plan=held, version=version, aim=form.cleaned_data["aim"], actor=actor_of(request), now=now)

    context = {"title": _("Aim of the year"), "plan": held, "label": _("Save the aim"), "icon_name": "check"}
    return answer_plan(request, form, act, plan=held, fragment="plain", context=context, toast=_("Aim saved"))


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, ref: str) -> HttpResponse:
    """Choose the projects that serve a plan."""
    held = editable(request, ref)
    actor = actor_of(request)
    chosen = [deal.ref for deal in deals_of(held, actor)]
    given = request.POST if request.method == "POST" else None
    form = DealsForm(given, offered=deals_offered(held, actor), chosen=chosen)

    def act() -> None:
        choose_deals(plan=held, deals=form.chosen(), actor=actor, now=timezone.now())

    context = {"title": _("Projects of the plan"), "plan": held, "label": _("Save the projects"), "icon_name": "check"}
    return answer_plan(request, form, act, plan=held, fragment="plain", context=context, toast=_("Projects saved"))


@require_http_methods(["GET", "HEAD", "POST"])
def budget(request: HttpRequest, ref: str) -> HttpResponse:
    """Note the budget cycle of a customer; ``?plan=`` leads back to a plan."""
    actor = actor_of(request)
    customer = get_customer(ref=ref, user=actor)
    require(actor, EDIT, customer)
    form = BudgetForm(request.POST if request.method == "POST" else None, phases=budget_of(customer))
    asked = AccountPlan.objects.visible_to(actor).filter(ref=request.GET.get("plan", "")).first()

    def act() -> None:
        set_budget_cycle(customer=customer, phases=form.values(), actor=actor, now=timezone.now())

    to = plan_url(asked.ref) if asked is not None else f"/customers/{ref}/"
    context = {"title": _("Budget cycle of %(name)s") % {"name": customer.label}, "back": to}
    return answer(
        request, form, act, to=to, fragment="budget", context=context, toast=_("Budget cycle saved"), fires=PLAN_CHANGED
    )


@require_POST
def submit(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask for approval."""
    held = editable(request, ref)
    version = _version(request, held)
    after = submit_plan(plan=held, version=version, actor=actor_of(request), now=timezone.now())
    toast = _("Plan approved") if after.state == PlanState.APPROVED else _("Approval asked for")
    return done(request, to=plan_url(ref), toast=toast)


@require_POST
def recall(request: HttpRequest, ref: str) -> HttpResponse:
    """Withdraw the request for approval."""
    recall_plan(plan=editable(request, ref), actor=actor_of(request), now=timezone.now())
    return done(request, to=plan_url(ref), toast=_("Request withdrawn"))


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, ref: str) -> HttpResponse:
    """Take an approved plan up again."""
    held = editable(request, ref)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        reason = form.cleaned_data["reason"]
        reopen_plan(plan=held, reason=reason, actor=actor_of(request), now=timezone.now())

    context = {"title": _("Take the plan up again"), "label": _("Take it up again"), "icon_name": "refresh"}
    return answer_plan(request, form, act, plan=held, fragment="plain", context=context, toast=_("Plan taken up again"))


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, ref: str) -> HttpResponse:
    """Close the year with what came of it."""
    held = editable(request, ref)
    given = request.POST if request.method == "POST" else None
    form = CloseForm(given, initial={"version": held.version})

    def act() -> None:
        version, result = form.cleaned_data["version"] or 0, form.cleaned_data["result"]
        close_plan(plan=held, version=version, result=result, actor=actor_of(request), now=timezone.now())

    context = {"title": _("Close the year"), "label": _("Close the plan"), "icon_name": "flag-check"}
    return answer_plan(request, form, act, plan=held, fragment="plain", context=context, toast=_("Plan closed"))


def _today(request: HttpRequest) -> date:
    return local_day(timezone.now(), company_of(request).time_zone)


def _version(request: HttpRequest, held: AccountPlan) -> int:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else held.version
