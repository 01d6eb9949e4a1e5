"""Today: the first page of the day."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from duobiao.identity import policy
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.models import User
from duobiao.kernel.days import local_day
from duobiao.opportunities.queries.action_list import deals_for, may_see_team
from duobiao.web.components import Tab
from duobiao.web.http import page_or_fragment
from duobiao.workbench.queries.this_month import this_month
from duobiao.workbench.queries.today import today_of
from duobiao.workbench.queries.waiting import waiting_for


@dataclass(frozen=True, slots=True)
class Day:
    """What panels of the page are given: whose day it is, which one, and whether the whole team is looked at."""

    user: User
    on: date
    team: bool


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Show what to do today; a manager may look at the whole team."""
    actor, company = actor_of(request), company_of(request)
    policy.require(actor, "workbench.today")
    on = local_day(timezone.now(), company.time_zone)
    wide = may_see_team(actor)
    team = wide and request.GET.get("scope") == "team"
    found = today_of(actor, on, team=team, currency=company.currency)
    context = {
        "today": found,
        "day": Day(actor, on, team),
        "now": timezone.now(),
        "actor": actor,
        "waiting": waiting_for(actor, second_person=company.second_person_verifies),
        "month": this_month(deals_for(actor, team=team), on),
        "scopes": _scopes(team=team) if wide else [],
        "may_log": policy.allows(actor, "engagement.log_call"),
        "may_prove": policy.allows(actor, "opportunities.prove"),
        "may_create": policy.allows(actor, "opportunities.create"),
        "here": request.get_full_path(),
    }
    return page_or_fragment(request, page="workbench/today.html", fragment="workbench/_today.html", context=context)


def _scopes(*, team: bool) -> list[Tab]:
    return [
        Tab(_("Mine"), "/today/", current=not team),
        Tab(_("Team"), "/today/?scope=team", current=team),
    ]
