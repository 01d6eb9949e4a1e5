"""Lines between people, and the plan to win somebody."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.opportunities.actions.lock import require_open
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.tasks import task_people
from duobiao.opportunities.views.common import DEAL_CHANGED, needs, own_today, visible_deal
from duobiao.stakeholders.actions.link_people import Line, end_link, link_people
from duobiao.stakeholders.actions.plan_influence import plan_influence
from duobiao.stakeholders.actions.take import MAP
from duobiao.stakeholders.forms.links import LinkForm, PlanInfluenceForm
from duobiao.stakeholders.models import InfluenceLink
from duobiao.stakeholders.views.common import answer, chain_url, people_on, person_url, writable
from duobiao.web.api import found_or_404
from duobiao.web.http import back_to, done


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """Draw a line; ``?from=`` and ``?to=`` begin with people."""
    deal = visible_deal(request, ref)
    actor = needs(request, MAP, deal)
    form = LinkForm(
        request.POST if request.method == "POST" else None,
        people=people_on(deal),
        today=own_today(request),
        initial={
            "source": request.GET.get("from", ""),
            "target": request.GET.get("to", ""),
            "kind": request.GET.get("kind") or "INFORMAL",
        },
    )

    def act() -> None:
        link_people(opportunity=deal, line=Line(**form.line()), actor=actor, now=timezone.now())

    to = chain_url(deal)
    context = {"deal": deal, "back": to, "title": _("Draw a line")}
    return answer(request, form, act, to=to, fragment="link", context=context, toast=_("Line drawn"))


@require_POST
def end(request: HttpRequest, ref: str) -> HttpResponse:
    """End a line."""
    seen = Opportunity.objects.visible_to(actor_of(request))
    rows = InfluenceLink.objects.filter(ref=ref, opportunity__in=seen)
    link = found_or_404(rows.select_related("opportunity__owner", "opportunity__customer").first())
    require(actor_of(request), MAP, link.opportunity)
    end_link(link=link, actor=actor_of(request), now=timezone.now())
    to = back_to(request, chain_url(link.opportunity))
    return done(request, to=to, fires=DEAL_CHANGED, toast=_("Line ended"), stay=True)


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, ref: str) -> HttpResponse:
    """Plan what is done to win a person."""
    person = writable(request, ref)
    deal, actor = person.opportunity, actor_of(request)
    require(actor, "opportunities.task", deal)
    require_open(deal)
    tier = person.level if person.level != "OUTSIDE" else "MIDDLE"
    form = PlanInfluenceForm(
        request.POST if request.method == "POST" else None,
        people=task_people(deal, actor),
        today=own_today(request),
        initial={"owner": (person.keeper or deal.owner).ref, "tier": tier},
    )

    def act() -> None:
        plan_influence(person=person, **form.values(), actor=actor, now=timezone.now())

    to = person_url(person)
    title = _("Win %(name)s") % {"name": person.contact.name}
    context = {"deal": deal, "back": to, "person": person, "title": title}
    return answer(request, form, act, to=to, fragment="plan", context=context, toast=_("Planned; who does it is told"))
