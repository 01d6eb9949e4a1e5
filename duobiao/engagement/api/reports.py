"""Weekly reports over the API."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from duobiao.engagement.actions.call_checks import zone_for
from duobiao.engagement.actions.write_report import RIGHT, require_week, write_report
from duobiao.engagement.models import WeeklyReport
from duobiao.engagement.models.report import LONGEST
from duobiao.engagement.queries.reports import drafted, get_report, reports_seen
from duobiao.identity.api_support import Page, PageOut, PageQuery, StrictSchema, page_of
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require

router = Router()
Text = Annotated[str, Field(max_length=LONGEST)]


class ReportIn(StrictSchema):
    """A report to keep, or to send."""

    version: int = Field(0, ge=0, le=2**31 - 1, description="What you saw; 0 where there was none.")
    done: Text
    plans: Text = ""
    send: bool = False


class DraftedOut(Schema):
    """What the timeline says of a week."""

    done: str
    plans: str


class ReportOut(Schema):
    """A weekly report."""

    ref: str
    person: str
    week_on: date
    done: str
    plans: str
    sent_at: datetime | None
    sent_to: list[str]
    version: int

    @classmethod
    def of(cls, report: WeeklyReport) -> "ReportOut":
        """Build from a row with its person and receivers loaded."""
        same = {name: getattr(report, name) for name in ("ref", "week_on", "done", "plans", "sent_at", "version")}
        return cls(**same, person=report.person.ref, sent_to=sorted(user.ref for user in report.sent_to.all()))


@router.get(
    "/weekly-reports", response=PageOut[ReportOut], operation_id="list_weekly_reports", summary="List weekly reports"
)
def list_reports(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """List your own reports and those sent by people you may see, the latest week first."""
    actor = actor_of(request)
    require(actor, RIGHT)
    rows = reports_seen(actor).prefetch_related("sent_to")
    page: Page[WeeklyReport] = page_of(rows, page=query, sort="-week_on")
    return {"items": [ReportOut.of(row) for row in page.items], "next": page.next}


@router.get("/weekly-reports/{ref}", response=ReportOut, operation_id="get_weekly_report", summary="Read a report")
def read_report(request: HttpRequest, ref: str) -> ReportOut:
    """One report."""
    return ReportOut.of(get_report(ref=ref, user=actor_of(request)))


@router.get(
    "/weekly-report-drafts/{week_on}", response=DraftedOut, operation_id="draft_weekly_report", summary="Draft a report"
)
def read_draft(request: HttpRequest, week_on: date) -> DraftedOut:
    """Draft your report of a week from the timeline; nothing is kept."""
    actor = actor_of(request)
    require(actor, RIGHT)
    require_week(week_on, actor, timezone.now())
    done, plans = drafted(actor, week_on=week_on, zone=zone_for(actor))
    return DraftedOut(done=done, plans=plans)


@router.put(
    "/weekly-report-drafts/{week_on}", response=ReportOut, operation_id="write_weekly_report", summary="Keep a report"
)
def put_report(request: HttpRequest, week_on: date, payload: ReportIn) -> ReportOut:
    """Keep your report of a week, or send it to your manager."""
    actor = actor_of(request)
    return ReportOut.of(write_report(week_on=week_on, actor=actor, now=timezone.now(), **payload.model_dump()))
