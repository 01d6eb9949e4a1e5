"""Contingency plans: prepare one for a risk, change it, activate it, note that it is done."""

from collections.abc import Mapping
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.identity.http import actor_of
from duobiao.opportunities.actions.lock import require_open
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.signal_words import rule_title
from duobiao.opportunities.views.common import needs, own_today, visible_deal
from duobiao.strategy.actions.advance_plan import advance_plan
from duobiao.strategy.actions.prepare_plan import edit_plan, prepare_plan
from duobiao.strategy.forms.plans import AdvanceForm, PlanForm
from duobiao.strategy.models import ContingencyPlan, PlanState
from duobiao.strategy.queries.plans import NEXT, people_on
from duobiao.strategy.queries.templates import begun_from, template_for
from duobiao.strategy.views.common import answer
from duobiao.web.api import found_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest, ref: str) -> HttpResponse:
    """Prepare a plan; ``?rule=`` begins it from the template for that risk."""
    deal = visible_deal(request, ref)
    actor = needs(request, "strategy.plan", deal)
    require_open(deal)
    rule = request.GET.get("rule", "")
    template = template_for(rule)
    begun = {"owner": deal.owner.ref, "rule": rule, **request.GET.dict(), **begun_from(template, request.GET)}
    form = _form(request, deal, own_today(request), begun)
    form.begin_from_rule(request.path)

    def act() -> None:
        held = form.cleaned_data
        prepare_plan(opportunity=deal, rule=held["rule"], **form.values(), actor=actor, now=timezone.now())

    to = deal_url(deal.ref, "strategy")
    here = f"{request.path}?rule={template.rule}" if template else request.path
    shown = {"here": here, "template": template, "plan": None, "title": _("Contingency plan")}
    context = {"deal": deal, "back": to, **shown}
    return answer(request, form, act, to=to, fragment="plan", context=context, toast=_("Plan prepared"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change a plan."""
    plan = _plan(request, ref)
    deal = plan.opportunity
    actor = needs(request, "strategy.plan", deal)
    require_open(deal)
    initial = {name: getattr(plan, name) for name in ("rule", "trigger", "plan", "due_on", "version")}
    form = _form(request, deal, min(own_today(request), plan.due_on), initial | {"owner": plan.owner.ref})
    form.fields["rule"].disabled = True

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        edit_plan(plan=plan, version=version, **form.values(), actor=actor, now=timezone.now())

    to = deal_url(deal.ref, "strategy")
    context = {"deal": deal, "back": to, "template": None, "plan": plan, "title": rule_title(plan.rule)}
    return answer(request, form, act, to=to, fragment="plan", context=context, toast=_("Plan saved"))


@require_http_methods(["GET", "HEAD", "POST"])
def advance(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a plan one step on: activate it, then note that it is done."""
    plan = _plan(request, ref)
    deal = plan.opportunity
    actor = needs(request, "strategy.plan", deal)
    form = AdvanceForm(request.POST if request.method == "POST" else None)
    state = request.POST.get("state") or NEXT.get(PlanState(plan.state), PlanState.DONE)

    def act() -> None:
        advance_plan(plan=plan, state=str(state), note=form.cleaned_data["note"], actor=actor, now=timezone.now())

    to = deal_url(deal.ref, "strategy")
    title = rule_title(plan.rule)
    context = {"deal": deal, "back": to, "plan": plan, "state": str(state), "title": title}
    return answer(request, form, act, to=to, fragment="advance", context=context, toast=_("Plan advanced"))


def _form(request: HttpRequest, deal: Opportunity, today: date, initial: Mapping[str, object]) -> PlanForm:
    given = request.POST if request.method == "POST" else None
    return PlanForm(given, people=people_on(deal), today=today, initial=initial)


def _plan(request: HttpRequest, ref: str) -> ContingencyPlan:
    deals = Opportunity.objects.visible_to(actor_of(request))
    rows = ContingencyPlan.objects.filter(ref=ref, opportunity__in=deals.values("pk"))
    return found_or_404(rows.select_related("owner", "opportunity__owner", "opportunity__customer").first())
