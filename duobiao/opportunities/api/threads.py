"""Contact lines of a deal by department."""

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from duobiao.identity.api_support import StrictSchema, user_by_ref
from duobiao.identity.http import actor_of
from duobiao.opportunities.actions.keep_thread import LONGEST_CONCERN, keep_thread
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.api.common import deal_of
from duobiao.opportunities.models.thread import USUAL_QUIET_DAYS
from duobiao.opportunities.queries.threads import ThreadLine, threads_of

router = Router()
Day = date


class PersonOut(Schema):
    """Somebody of the department."""

    ref: str
    name: str
    position: str
    last_on: Day | None = Field(description="When we last heard from them about this deal.")


class ThreadOut(Schema):
    """The line to one department."""

    function: str
    concern: str
    usual: bool = Field(description="Nobody has noted the concern for this deal; the usual one is told.")
    keeper: str
    people: list[PersonOut]
    last_on: Day | None
    quiet_days: int
    standing: str = Field(description="NOBODY known there, NEVER spoken to, WARM, COLD.")
    version: int

    @classmethod
    def of(cls, row: ThreadLine) -> "ThreadOut":
        """Build from a line."""
        return cls(
            function=row.function,
            concern=row.concern,
            usual=row.usual,
            keeper=row.keeper_ref,
            people=[
                PersonOut(ref=one.ref, name=one.name, position=one.position, last_on=one.last_on) for one in row.people
            ],
            last_on=row.last_on,
            quiet_days=row.quiet_days,
            standing=str(row.line),
            version=row.version,
        )


class ThreadIn(StrictSchema):
    """A line as it is to be."""

    concern: str = Field("", max_length=LONGEST_CONCERN)
    keeper: str | None = Field(None, max_length=40, description="Left out: the deal's owner.")
    quiet_days: int = Field(USUAL_QUIET_DAYS, ge=1, le=365)
    version: int = Field(0, ge=0, le=2**31 - 1, description="0 where nobody has set it up.")


@router.get(
    "/opportunities/{ref}/threads", response=list[ThreadOut], operation_id="list_threads", summary="List contact lines"
)
def get_threads(request: HttpRequest, ref: str) -> list[ThreadOut]:
    """One line for each department: who is there, what they care about, when we last spoke."""
    rows = threads_of(deal_of(request, ref), actor_of(request), on=company_day(timezone.now()))
    return [ThreadOut.of(row) for row in rows]


@router.put(
    "/opportunities/{ref}/threads/{function}",
    response=ThreadOut,
    operation_id="keep_thread",
    summary="Set up a contact line",
)
def put_thread(request: HttpRequest, ref: str, function: str, payload: ThreadIn) -> ThreadOut:
    """Note what a department cares about, and who keeps the line."""
    deal, actor, now = deal_of(request, ref), actor_of(request), timezone.now()
    keeper = user_by_ref(actor, payload.keeper, field="keeper") if payload.keeper else None
    keep_thread(
        opportunity=deal,
        function=function.upper(),
        concern=payload.concern,
        keeper=keeper,
        quiet_days=payload.quiet_days,
        version=payload.version,
        actor=actor,
        now=now,
    )
    rows = threads_of(deal, actor, on=company_day(now))
    return ThreadOut.of(next(row for row in rows if row.function == function.upper()))
