"""The appraisal of stages 1 and 2 by evidence: counts by person and period, each with its records."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from duobiao.engagement.queries.appraisal import (
    HINTS,
    SOURCES,
    TITLES,
    Record,
    appraisal,
    people_counted,
    records_behind,
)
from duobiao.engagement.views.call_lists import talk_tabs
from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.opportunities.views.common import company_today
from duobiao.web.components import Tab
from duobiao.web.http import render


@require_safe
def appraisal_page(request: HttpRequest) -> HttpResponse:
    """Show the counts of a period; with a person and a figure also the records behind it."""
    actor = actor_of(request)
    policy.require(actor, "customers.view")
    today = company_today(request)
    first, last = _period(request, today)
    key, ref = request.GET.get("figure", ""), request.GET.get("person", "")
    person = people_counted(actor).filter(ref=ref).first() if key in SOURCES and ref else None
    records = records_behind(actor, person=person, key=key, first=first, last=last) if person is not None else []
    here = reverse("engagement:appraisal")
    context = {
        "tabs": talk_tabs("appraisal"),
        "first": first,
        "last": last,
        "periods": [
            Tab(label, f"{here}?{urlencode({'from': begin, 'to': end})}", current=(begin, end) == (first, last))
            for label, begin, end in _periods(today)
        ],
        "lines": appraisal(actor, first=first, last=last),
        "titles": TITLES,
        "hints": HINTS,
        "base": f"{here}?{urlencode({'from': first, 'to': last})}",
        "person": person,
        "key": key,
        "records": [(row, _url(row)) for row in records],
    }
    return render(request, "engagement/appraisal.html", context)


def _periods(today: date) -> list[tuple[str, date, date]]:
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    monday = today - timedelta(days=today.weekday())
    return [
        (_("this week"), monday, today),
        (_("this month"), month, today),
        (_("last month"), before, month - timedelta(days=1)),
        (_("this quarter"), quarter, today),
    ]


def _period(request: HttpRequest, today: date) -> tuple[date, date]:
    found = []
    for name, usual in (("from", today.replace(day=1)), ("to", today)):
        try:
            found.append(parse_date(request.GET.get(name, "")) or usual)
        except ValueError:
            found.append(usual)
    return min(found), max(found)


def _url(row: Record) -> str:
    names = {"call": "call", "visit": "visit", "draft_version": "drafts", "purchase_process": "process"}
    return reverse(f"engagement:{names[row.kind]}", args=[row.ref])
