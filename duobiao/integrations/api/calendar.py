"""The calendar by the API: entries of some days, subscriptions, and the file behind a subscription."""

from datetime import date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from duobiao.identity import policy
from duobiao.identity.api_support import StrictSchema, found_or_404
from duobiao.identity.http import actor_of, company_of
from duobiao.integrations.actions.calendar_feeds import make_calendar_feed, revoke_calendar_feed
from duobiao.integrations.http import feed_address, feed_response
from duobiao.integrations.models import CalendarFeed
from duobiao.integrations.queries.agenda import Entry, Wanted, agenda
from duobiao.integrations.queries.feeds import feeds_of
from duobiao.kernel.days import local_day
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.api.common import deal_of

router = Router(tags=["calendar"])
LONGEST = timedelta(days=92)
MONTH = timedelta(days=31)


class CalendarQuery(Schema):
    """Which entries."""

    begin: date | None = Field(None, description="first day; left out: today")
    end: date | None = Field(None, description="last day, at most 92 days later; left out: 31 days later")
    team: bool = Field(False, description="everything you may see, not only what is yours")
    opportunity: str | None = Field(None, max_length=40)


class FeedToken(Schema):
    """The secret of a subscription."""

    token: str = Field("", max_length=80)


class CalendarEntryOut(Schema):
    """One entry."""

    kind: str
    ref: str
    title: str
    day: date
    at: datetime | None
    about: str
    who: str
    place: str
    state: str
    movable: bool
    url: str

    @classmethod
    def of(cls, row: Entry) -> "CalendarEntryOut":
        """Build from an entry."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields if name != "kind"}, kind=str(row.kind))


class FeedIn(StrictSchema):
    """What to subscribe to."""

    opportunity: str | None = Field(None, max_length=40, description="everything on a deal; left out: what is yours")


OWN = FeedIn(opportunity=None)


class FeedOut(Schema):
    """A subscription."""

    ref: str
    opportunity: str | None
    created_at: datetime
    last_used_on: date | None

    @classmethod
    def of(cls, feed: CalendarFeed) -> "FeedOut":
        """Build from a row with its deal loaded."""
        deal = feed.opportunity.ref if feed.opportunity else None
        return cls(ref=feed.ref, opportunity=deal, created_at=feed.created_at, last_used_on=feed.last_used_on)


class NewFeedOut(FeedOut):
    """A subscription that was just made; its address is not shown again."""

    url: str


@router.get("/calendar", response=list[CalendarEntryOut], operation_id="get_calendar", summary="Read the calendar")
def get_calendar(request: HttpRequest, filters: Query[CalendarQuery]) -> list[CalendarEntryOut]:
    """Visits, planned gate reviews, open tasks and dates of deals, by day."""
    actor = actor_of(request)
    policy.require(actor, "integrations.calendar")
    zone = actor.time_zone or company_of(request).time_zone
    today = local_day(timezone.now(), zone)
    begin = filters.begin or today
    end = filters.end or begin + MONTH
    if not begin <= end <= begin + LONGEST:
        raise Invalid(_("At most 92 days at once."), fields={"end": _("out of range")})
    deal = deal_of(request, filters.opportunity) if filters.opportunity else None
    return [CalendarEntryOut.of(row) for row in agenda(Wanted(actor, begin, end, zone, today, filters.team, deal))]


@router.get(
    "/calendar.ics",
    auth=None,
    operation_id="get_calendar_file",
    summary="Read a subscription as a calendar file",
    openapi_extra={"responses": {200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}}},
)
def get_calendar_file(request: HttpRequest, secret: Query[FeedToken]) -> HttpResponse:
    """For calendar programs: the address itself is the secret. Answers ``text/calendar``; also at ``/calendar.ics``."""
    return feed_response(request, secret.token)


@router.get(
    "/calendar/feeds", response=list[FeedOut], operation_id="list_calendar_feeds", summary="List your subscriptions"
)
def get_feeds(request: HttpRequest) -> list[FeedOut]:
    """Your live subscriptions, newest first."""
    actor = actor_of(request)
    policy.require(actor, "integrations.calendar")
    return [FeedOut.of(feed) for feed in feeds_of(actor)]


@router.post(
    "/calendar/feeds",
    response={201: NewFeedOut},
    operation_id="make_calendar_feed",
    summary="Make a secret address for a calendar program",
)
def post_feed(request: HttpRequest, payload: FeedIn = OWN) -> Status[NewFeedOut]:
    """The answer holds the address; it is not shown again."""
    deal = deal_of(request, payload.opportunity) if payload.opportunity else None
    made = make_calendar_feed(actor=actor_of(request), opportunity=deal, now=timezone.now())
    told = FeedOut.of(made.feed).dict()
    return Status(201, NewFeedOut(**told, url=feed_address(request, made.token)))


@router.delete(
    "/calendar/feeds/{ref}", response={204: None}, operation_id="revoke_calendar_feed", summary="End a subscription"
)
def delete_feed(request: HttpRequest, ref: str) -> Status[None]:
    """From now on its address leads nowhere."""
    actor = actor_of(request)
    feed = found_or_404(CalendarFeed.objects.filter(user=actor, ref=ref).select_related("user").first())
    revoke_calendar_feed(feed=feed, actor=actor, now=timezone.now())
    return Status(204, None)
