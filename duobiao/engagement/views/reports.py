"""Weekly reports: the own one drafted from the timeline, and those that were sent."""

from datetime import date, timedelta

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.engagement.actions.call_checks import zone_for
from duobiao.engagement.actions.write_report import RIGHT, write_report
from duobiao.engagement.forms.report import ReportForm
from duobiao.engagement.models import WeeklyReport
from duobiao.engagement.queries.reports import WEEK, drafted, get_report, monday_of, report_of, reports_seen
from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.identity.queries import managers_of
from duobiao.kernel.days import local_day
from duobiao.kernel.refusals import Refusal
from duobiao.web.forms import once
from duobiao.web.http import done, render

PAGE_SIZE = 50


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """List one's own reports and those one may read, the latest week first."""
    actor = actor_of(request)
    policy.require(actor, RIGHT)
    page = Paginator(reports_seen(actor), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "engagement/reports.html", {"page": page, "me": actor.pk, "base": "?page="})


@require_safe
def report(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one report."""
    actor = actor_of(request)
    held = get_report(ref=ref, user=actor)
    context = {"report": held, "receivers": list(held.sent_to.order_by("name", "pk")), "mine": held.person == actor}
    return render(request, "engagement/report.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Write the own report of a week; what the timeline knows stands there to begin with."""
    actor = actor_of(request)
    policy.require(actor, RIGHT)
    today = local_day(timezone.now(), zone_for(actor))
    week_on = _week(request, today)
    held = report_of(actor, week_on)
    if held is not None and held.sent_at is not None and request.method != "POST":
        return report(request, held.ref)
    form = _form(request, actor, held, week_on)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _save(request, form, week_on, actor)
            except Refusal as refusal:
                status = refused(form, refusal)
    context = {
        "form": form,
        "week_on": week_on,
        "last_day": week_on + timedelta(days=6),
        "before": week_on - WEEK,
        "after": week_on + WEEK if week_on + WEEK <= today else None,
        "managers": [str(user) for user in managers_of(actor)],
        "back": reverse("engagement:reports"),
    }
    return render(request, "engagement/write_report.html", context, status=status)


def _week(request: HttpRequest, today: date) -> date:
    try:
        day = parse_date(request.GET.get("week", "")) or today
    except ValueError:
        day = today
    return monday_of(min(max(day, date(2000, 1, 3)), today))


def _form(request: HttpRequest, actor: User, held: WeeklyReport | None, week_on: date) -> forms.Form:
    if request.method == "POST":
        return ReportForm(request.POST)
    if held is not None:
        return ReportForm(initial={"done": held.done, "plans": held.plans, "version": held.version})
    written, plans = drafted(actor, week_on=week_on, zone=zone_for(actor))
    return ReportForm(initial={"done": written, "plans": plans, "version": 0})


def _save(request: HttpRequest, form: forms.Form, week_on: date, actor: User) -> HttpResponse:
    send = "send" in request.POST
    with once(request) as submission:
        if submission.first:
            kept = write_report(week_on=week_on, send=send, actor=actor, now=timezone.now(), **form.cleaned_data)
            submission.result = reverse("engagement:report", args=[kept.ref])
    return done(request, to=submission.result, toast=_("Report sent") if send else _("Report kept"))
