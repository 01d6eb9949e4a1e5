"""The calendar: visits, gate reviews, tasks and dates of deals, by month, week or as a list."""

from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from duobiao.identity import policy
from duobiao.identity.http import actor_of, company_of
from duobiao.integrations.queries.agenda import Wanted
from duobiao.kernel.days import local_day
from duobiao.opportunities.queries.action_list import may_see_team
from duobiao.opportunities.views.common import visible_deal
from duobiao.web.components import Tab
from duobiao.web.http import page_or_fragment
from duobiao.workbench.queries.calendar_days import View, calendar_page, span

EARLIEST, LATEST = date(1990, 1, 31), date(2199, 1, 1)


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Show a month, a week or a list; ``?opportunity=`` everything on one deal."""
    actor = actor_of(request)
    policy.require(actor, "integrations.calendar")
    zone = actor.time_zone or company_of(request).time_zone
    today = local_day(timezone.now(), zone)
    view, on = _view(request), _day(request, today)
    ref = request.GET.get("opportunity", "")
    deal = visible_deal(request, ref) if ref else None
    wide = deal is None and may_see_team(actor)
    team = wide and request.GET.get("who") == "team"
    begin, end = span(view, on)
    page = calendar_page(view, on, Wanted(actor, begin, end, zone, today, team, deal))
    keep = {"opportunity": ref} if deal else {"who": "team"} if team else {}

    def address(**more: object) -> str:
        return f"{request.path}?{urlencode({'view': view, 'day': on.isoformat(), **keep, **more})}"

    views = (
        (View.MONTH, pgettext("calendar", "Month")),
        (View.WEEK, pgettext("calendar", "Week")),
        (View.LIST, pgettext("calendar", "List")),
    )
    context = {
        "page": page,
        "on": on,
        "zone": zone,
        "deal": deal,
        "views": [Tab(label, address(view=name), current=name is view) for name, label in views],
        "people": _people(address, team=team) if wide else [],
        "before": address(day=page.before.isoformat()),
        "after": address(day=page.after.isoformat()),
        "now": address(day=today.isoformat()),
        "list_from": {day.on: address(view=View.LIST, day=day.on.isoformat()) for day in page.days if day.more},
        "here": address(),
        "subscribe": f"/calendar/subscriptions/?opportunity={ref}" if deal else "/calendar/subscriptions/",
        "may_plan": policy.allows(actor, "engagement.plan_visit"),
        "plan_query": f"?opportunity={ref}" if deal else "",
    }
    return page_or_fragment(
        request, page="workbench/calendar.html", fragment="workbench/_calendar.html", context=context
    )


def _people(address: Callable[..., str], *, team: bool) -> list[Tab]:
    return [
        Tab(pgettext("whose", "mine"), address(who="mine"), current=not team),
        Tab(pgettext("whose", "team"), address(who="team"), current=team),
    ]


def _view(request: HttpRequest) -> View:
    wanted = request.GET.get("view", "")
    return View(wanted) if wanted in set(View) else View.MONTH


def _day(request: HttpRequest, today: date) -> date:
    """Return the day asked for; today where there is none, or none that a calendar could show."""
    try:
        found = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
    return found if EARLIEST <= found <= LATEST else today
