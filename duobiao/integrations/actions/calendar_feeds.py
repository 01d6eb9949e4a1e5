"""Make and end secret addresses for calendar programs."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.domain.tokens import new_link_token, token_digest
from duobiao.identity.models import User
from duobiao.integrations.events import CalendarFeedMade, CalendarFeedRevoked
from duobiao.integrations.models import CalendarFeed
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.models import Opportunity
from duobiao.timeline.actions.record import record

MOST = 20


class TooManyFeeds(Conflict):
    """A person has twenty subscriptions already."""

    code = "too_many_feeds"


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed and its token, which nobody can read again."""

    feed: CalendarFeed
    token: str


@transaction.atomic
def make_calendar_feed(*, actor: User, now: datetime, opportunity: Opportunity | None = None) -> NewFeed:
    """Make an address at which a program reads the actor's calendar, or that of a deal they may see.

    Raises:
        NotAllowed: the actor may not subscribe, or may not see the deal.
        TooManyFeeds: there are twenty already.
    """
    policy.require(actor, "integrations.calendar")
    if opportunity is not None:
        policy.require(actor, "opportunities.view", opportunity)
    if CalendarFeed.objects.filter(user=actor, revoked_at=None).count() >= MOST:
        raise TooManyFeeds(_("You have %(n)d subscriptions. End one that you no longer need.") % {"n": MOST})
    token = new_link_token()
    feed = CalendarFeed.objects.create(user=actor, opportunity=opportunity, digest=token_digest(token), created_at=now)
    data = {"feed": feed.ref, "note": opportunity.name if opportunity else ""}
    record(CalendarFeedMade(subject=Ref.of(actor), data=data), actor=actor, at=now)
    return NewFeed(feed, token)


@transaction.atomic
def revoke_calendar_feed(*, feed: CalendarFeed, actor: User, now: datetime) -> None:
    """End an address at once; ending it again changes nothing.

    Raises:
        NotAllowed: it is somebody else's, and the actor may not manage people.
    """
    policy.require(actor, "integrations.calendar" if feed.user_id == actor.pk else "identity.users")
    if CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=now):
        record(CalendarFeedRevoked(subject=Ref.of(feed.user), data={"feed": feed.ref}), actor=actor, at=now)


def note_use(feed: CalendarFeed, *, today: date) -> None:
    """Note the day on which a program last read it, once a day."""
    if feed.last_used_on != today:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_used_on=today)
