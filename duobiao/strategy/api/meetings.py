"""Review meetings: begin one over a team's deals, note, decide, end, read the minutes."""

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from duobiao.identity.api_support import StrictSchema, user_by_ref
from duobiao.identity.http import actor_of
from duobiao.identity.models import Unit
from duobiao.identity.policy import require
from duobiao.kernel.refusals import Invalid, NotFound
from duobiao.opportunities.api.common import today
from duobiao.opportunities.api.tasks import TaskIn, TaskOut
from duobiao.opportunities.models import Opportunity
from duobiao.strategy.actions.hold_meeting import decide_task, end_meeting, note_deal, open_meeting
from duobiao.strategy.models import MeetingDeal, ReviewMeeting
from duobiao.strategy.queries.meetings import agenda_of, past_meetings

router = Router()
LEAD = "strategy.review_meeting"
Day = date


class MeetingIn(StrictSchema):
    """What a meeting is about."""

    title: str = Field(max_length=120)
    unit: str = Field("", max_length=40, description="Reference of a unit; its subtree counts.")
    person: str = Field("", max_length=40, description="Reference of a seller.")


class NotesIn(StrictSchema):
    """What was said of a deal."""

    notes: str = Field(max_length=2000)
    version: int = Field(ge=1, le=2**31 - 1)


class EndMeetingIn(StrictSchema):
    """What came of the meeting."""

    summary: str = Field("", max_length=2000)


class MeetingOut(Schema):
    """A meeting."""

    ref: str
    title: str
    led_by: str
    unit: str | None
    person: str | None
    held_on: Day
    opened_at: datetime
    ended_at: datetime | None
    summary: str

    @classmethod
    def of(cls, row: ReviewMeeting) -> "MeetingOut":
        """Build from a row with its people loaded."""
        same = ("ref", "title", "held_on", "opened_at", "ended_at", "summary")
        return cls(
            **{name: getattr(row, name) for name in same},
            led_by=row.led_by.ref,
            unit=row.unit.ref if row.unit else None,
            person=row.person.ref if row.person else None,
        )


class ReviewedDealOut(Schema):
    """One deal of a meeting: where it stands (or stood at the end), what changed, notes, decisions."""

    opportunity: str
    name: str
    stage_number: int
    rate_percent: int
    buyer_stage_number: int
    risk: str
    amount_minor: int | None
    currency: str
    outcome: str
    since: datetime
    changes: list[str]
    notes: str
    version: int
    noted_at: datetime | None
    tasks: list[TaskOut]


class AgendaOut(Schema):
    """A meeting with the deals its reader may see."""

    meeting: MeetingOut
    deals: list[ReviewedDealOut]
    hidden: int = Field(description="Deals of the meeting that the reader may not see.")


@router.get(
    "/review-meetings", response=list[MeetingOut], operation_id="list_meetings", summary="Read the review meetings"
)
def get_meetings(request: HttpRequest) -> list[MeetingOut]:
    """Read the meetings one leads, or in which a deal one may see was talked about; the newest 50."""
    return [MeetingOut.of(row) for row in past_meetings(actor_of(request))]


@router.post(
    "/review-meetings", response={201: AgendaOut}, operation_id="begin_meeting", summary="Begin a review meeting"
)
def post_meeting(request: HttpRequest, payload: MeetingIn) -> Status[AgendaOut]:
    """Begin a meeting over the open deals of a unit, of a seller, or of all one may see."""
    actor = actor_of(request)
    require(actor, LEAD)
    unit = Unit.objects.filter(ref=payload.unit).first() if payload.unit else None
    if payload.unit and unit is None:
        raise Invalid(_("There is no such unit."), fields={"unit": _("not found")})
    person = user_by_ref(actor, payload.person, field="person") if payload.person else None
    meeting = open_meeting(title=payload.title, unit=unit, person=person, actor=actor, now=timezone.now())
    return Status(201, _agenda(request, meeting))


@router.get("/review-meetings/{ref}", response=AgendaOut, operation_id="get_meeting", summary="Read a review meeting")
def get_meeting(request: HttpRequest, ref: str) -> AgendaOut:
    """Read a meeting with its deals; once it ended, its minutes."""
    return _agenda(request, _meeting(request, ref))


@router.put(
    "/review-meetings/{ref}/deals/{deal}/notes",
    response=ReviewedDealOut,
    operation_id="note_in_meeting",
    summary="Note what is said of a deal",
)
def put_notes(request: HttpRequest, ref: str, deal: str, payload: NotesIn) -> ReviewedDealOut:
    """Keep what is said of a deal in a meeting that goes on."""
    row = _row(request, ref, deal)
    note_deal(row=row, notes=payload.notes, version=payload.version, actor=actor_of(request), now=timezone.now())
    found = _agenda(request, row.meeting).deals
    return next(one for one in found if one.opportunity == deal)


@router.post(
    "/review-meetings/{ref}/deals/{deal}/tasks",
    response={201: TaskOut},
    operation_id="decide_in_meeting",
    summary="Decide a task in a meeting",
)
def post_decision(request: HttpRequest, ref: str, deal: str, payload: TaskIn) -> Status[TaskOut]:
    """Turn a decision into a task of the deal."""
    row, actor = _row(request, ref, deal), actor_of(request)
    require(actor, LEAD, row.meeting)
    owner = user_by_ref(actor, payload.owner, field="owner")
    task = decide_task(
        row=row, title=payload.title, owner=owner, due_on=payload.due_on, actor=actor, now=timezone.now()
    )
    return Status(201, TaskOut.of(task))


@router.post(
    "/review-meetings/{ref}/end", response=AgendaOut, operation_id="end_meeting", summary="End a review meeting"
)
def post_end(request: HttpRequest, ref: str, payload: EndMeetingIn) -> AgendaOut:
    """End a meeting; its minutes stay as they are."""
    meeting = _meeting(request, ref)
    held = end_meeting(meeting=meeting, summary=payload.summary, actor=actor_of(request), now=timezone.now())
    return _agenda(request, held)


def _agenda(request: HttpRequest, meeting: ReviewMeeting) -> AgendaOut:
    found = agenda_of(meeting, actor_of(request), on=today(request))
    rows = [
        ReviewedDealOut(
            opportunity=one.deal.ref,
            name=one.deal.name,
            stage_number=one.standing.stage,
            rate_percent=one.standing.rate_percent,
            buyer_stage_number=one.standing.buyer_stage,
            risk=one.standing.risk,
            amount_minor=one.standing.amount_minor,
            currency=one.standing.currency,
            outcome=one.standing.outcome,
            since=one.row.since,
            changes=[line.words for line in one.changes],
            notes=one.row.notes,
            version=one.row.version,
            noted_at=one.row.noted_at,
            tasks=[TaskOut.of(line.task) for line in one.tasks],
        )
        for one in found.deals
    ]
    return AgendaOut(meeting=MeetingOut.of(meeting), deals=rows, hidden=found.hidden)


def _meeting(request: HttpRequest, ref: str) -> ReviewMeeting:
    rows = ReviewMeeting.objects.visible_to(actor_of(request)).select_related("led_by", "unit", "person")
    meeting = rows.filter(ref=ref).first()
    if meeting is None:
        raise NotFound(_("There is no such record."))
    return meeting


def _row(request: HttpRequest, ref: str, deal: str) -> MeetingDeal:
    deals = Opportunity.objects.visible_to(actor_of(request)).values("pk")
    rows = _meeting(request, ref).deals.filter(opportunity__ref=deal, opportunity__in=deals)
    row = rows.select_related("meeting__led_by", "meeting__unit", "meeting__person", "opportunity__owner").first()
    if row is None:
        raise NotFound(_("There is no such record."))
    return row
