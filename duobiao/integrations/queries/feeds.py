"""Calendar feeds: whose, on which deal, and the file that a program reads."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from duobiao.identity.domain.tokens import token_digest
from duobiao.identity.models import CompanySettings, User
from duobiao.integrations.domain.ics import IcsEvent, calendar_file
from duobiao.integrations.models import CalendarFeed
from duobiao.integrations.queries.agenda import Entry, Kind, Wanted, agenda
from duobiao.kernel.days import local_day
from duobiao.opportunities.models import Opportunity
from duobiao.timeline.models import Entry as Happened

DAYS_BACK, DAYS_AHEAD = 90, 400
HOUR = timedelta(hours=1)
"""How long a visit is taken to last; a bid deadline ends at its moment."""


def live_feed(token: str) -> CalendarFeed | None:
    """Return the feed of a token, unless it was revoked, its person left, or its deal is out of their sight."""
    rows = CalendarFeed.objects.select_related("user", "opportunity")
    feed = rows.filter(digest=token_digest(token), revoked_at=None, user__is_active=True).first()
    if feed is None or feed.opportunity is None:
        return feed
    return feed if Opportunity.objects.visible_to(feed.user).filter(pk=feed.opportunity.pk).exists() else None


def feeds_of(user: User) -> list[CalendarFeed]:
    """Return the live feeds of a person, newest first."""
    rows = CalendarFeed.objects.filter(user=user, revoked_at=None).select_related("opportunity")
    return list(rows.order_by("-created_at", "-pk"))


def feed_file(feed: CalendarFeed, *, base: str, now: datetime) -> bytes:
    """Return the calendar file of a feed, in its person's language and zone.

    Args:
        base: Address of the installation, for the links of the entries.
    """
    zone = feed.user.time_zone or CompanySettings.load().time_zone
    today = local_day(now, zone)
    wanted = Wanted(
        feed.user, today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD), zone, today,
        deal=feed.opportunity,
    )  # fmt: skip
    with translation.override(feed.user.language or translation.get_language()):
        rows = agenda(wanted)
        changed = _last_changes(rows)
        name = feed.opportunity.name if feed.opportunity else _("Duobiao: %(name)s") % {"name": feed.user.name}
        events = [_event(row, changed.get(row.ref, row.since), base=base, zone=zone) for row in rows]
    return calendar_file(events, name=name)


def _last_changes(rows: Iterable[Entry]) -> dict[str, datetime]:
    """Return when each record was last changed, by its reference: every write leaves an entry in the timeline."""
    refs = {row.ref for row in rows}
    found = Happened.objects.filter(subject_ref__in=refs).values_list("subject_ref").annotate(last=Max("at"))
    return dict(found)


def _event(row: Entry, changed_at: datetime, *, base: str, zone: str) -> IcsEvent:
    lines = [row.about, _("With: %(name)s") % {"name": row.who} if row.kind is Kind.VISIT else row.who, base + row.url]
    titles = {Kind.TASK: _("Task: %(title)s"), Kind.CLOSE: "%(title)s", Kind.DEADLINE: "%(title)s"}
    title = titles.get(row.kind, "%(title)s") % {"title": row.title}
    moment = row.at.astimezone(ZoneInfo(zone)) if row.at is not None else None
    return IcsEvent(
        uid=f"{row.kind}-{row.ref}@duobiao",
        summary=f"{title} · {row.about}",
        begin=moment or row.day,
        end=moment + (HOUR if row.kind is Kind.VISIT else timedelta()) if moment else row.day + timedelta(days=1),
        changed_at=changed_at,
        sequence=max(0, row.version - 1),
        location=row.place,
        description="\n".join(lines),
        url=base + row.url,
        cancelled=row.state == "cancelled",
        busy=row.kind is Kind.VISIT,
    )
