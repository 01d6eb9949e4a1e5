"""Hold a review meeting: open it over a team's deals, note what is said of each, end it with minutes."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import Unit, User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, StaleVersion
from duobiao.opportunities.actions.add_task import add_task
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.reassess import own_day
from duobiao.opportunities.models import DealTask
from duobiao.strategy.actions.texts import cleaned, refuse
from duobiao.strategy.events import DealReviewed, MeetingEnded, MeetingOpened
from duobiao.strategy.models import MeetingDeal, ReviewMeeting
from duobiao.strategy.queries.meetings import deals_to_review, live_changes, reviewed_before, standing_of
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

LONGEST_TITLE = 120
EXCERPT = 200


class NothingToMeetAbout(Conflict):
    """No open deal fits what was asked for."""

    code = "no_deals"


class MeetingOver(Conflict):
    """The meeting has ended; its minutes stay as they are."""

    code = "meeting_over"


@transaction.atomic
def open_meeting(
    *, title: str, actor: User, now: datetime, unit: Unit | None = None, person: User | None = None
) -> ReviewMeeting:
    """Open a meeting over the open deals of a unit, of a seller, or of all that ``actor`` may see.

    Raises:
        NotAllowed: ``actor`` may not lead review meetings.
        Invalid: the title is missing or too long.
        NothingToMeetAbout: there is no such deal.
    """
    policy.require(actor, "strategy.review_meeting")
    title = title.replace("\x00", "").strip()
    if not 1 <= len(title) <= LONGEST_TITLE:
        message = _("Name the meeting, in at most %(n)d characters.") % {"n": LONGEST_TITLE}
        raise Invalid(message, fields={"title": message})
    deals = deals_to_review(actor, unit=unit, person=person)
    if not deals:
        raise NothingToMeetAbout(_("There is no open project to talk about. Choose another unit or seller."))
    meeting = ReviewMeeting.objects.create(
        title=title, led_by=actor, unit=unit, person=person, held_on=own_day(actor, now), opened_at=now
    )
    since = reviewed_before(deals, now=now)
    MeetingDeal.objects.bulk_create(
        MeetingDeal(meeting=meeting, opportunity=deal, place=place, since=since[deal.pk])
        for place, deal in enumerate(deals, start=1)
    )
    data = {"meeting": title, "deals": [deal.ref for deal in deals]}
    record(MeetingOpened(subject=Ref.of(meeting), data=data), actor=actor, at=now)
    return meeting


@transaction.atomic
def note_deal(*, row: MeetingDeal, notes: str, version: int, actor: User, now: datetime) -> MeetingDeal:
    """Keep what was said of a deal; it stands in the deal's timeline too.

    Raises:
        NotAllowed: ``actor`` may not lead this meeting.
        MeetingOver: it has ended.
        StaleVersion: somebody else changed the notes meanwhile.
        Invalid: the notes are too long.
    """
    policy.require(actor, "strategy.review_meeting", row.meeting)
    deal = lock(row.opportunity)
    meeting = _going_on(row.meeting)
    held = MeetingDeal.objects.select_for_update().get(pk=row.pk)
    if held.version != version:
        raise StaleVersion(
            _("Somebody else changed these notes meanwhile."), details={"version": held.version, "notes": held.notes}
        )
    faults: dict[str, str] = {}
    text = cleaned({"notes": notes}, required=(), faults=faults)["notes"]
    refuse(faults)
    changed = text != held.notes
    held.notes, held.noted_at, held.noted_by = text, now, actor
    held.version += 1
    held.save(update_fields=["notes", "noted_at", "noted_by", "version"])
    if changed:
        data = {"meeting": meeting.title, "notes": text[:EXCERPT]}
        record(DealReviewed(subject=Ref.of(meeting), chain=deal.ref, data=data), actor=actor, at=now)
    return held


def decide_task(*, row: MeetingDeal, title: str, owner: User, due_on: date, actor: User, now: datetime) -> DealTask:
    """Turn a decision of the meeting into a task of the deal.

    Raises:
        MeetingOver: the meeting has ended.
        NotAllowed, DealClosed, Invalid: as ``add_task``.
    """
    policy.require(actor, "strategy.review_meeting", row.meeting)
    with transaction.atomic():
        lock(row.opportunity)
        meeting = _going_on(row.meeting)
        return add_task(
            opportunity=row.opportunity,
            title=title,
            owner=owner,
            due_on=due_on,
            actor=actor,
            now=now,
            source=Ref.of(meeting),
        )


@transaction.atomic
def end_meeting(*, meeting: ReviewMeeting, summary: str, actor: User, now: datetime) -> ReviewMeeting:
    """End a meeting and keep its minutes; the owners of its deals are told.

    Raises:
        NotAllowed: ``actor`` may not lead this meeting.
        MeetingOver: it has ended before.
        Invalid: the summary is too long.
    """
    policy.require(actor, "strategy.review_meeting", meeting)
    held = _going_on(meeting)
    faults: dict[str, str] = {}
    held.summary = cleaned({"summary": summary}, required=(), faults=faults)["summary"]
    refuse(faults)
    rows = list(held.deals.select_related("opportunity__owner").order_by("place"))
    changes = live_changes(rows)
    for row in rows:
        row.snapshot = {"standing": standing_of(row.opportunity), "changes": changes[row.opportunity_id]}
    MeetingDeal.objects.bulk_update(rows, ["snapshot"], batch_size=100)
    held.ended_at = now
    held.save(update_fields=["summary", "ended_at"])
    data = {"meeting": held.title, "summary": held.summary[:EXCERPT]}
    record(MeetingEnded(subject=Ref.of(held), data=data), actor=actor, at=now)
    owners = [row.opportunity.owner for row in rows if row.opportunity.owner != actor]
    notify(owners, event=MeetingEnded.name, url=f"/reviews/{held.ref}/", at=now, data=data)
    return held


def _going_on(meeting: ReviewMeeting) -> ReviewMeeting:
    """Return a meeting as it now is, locked against its end."""
    held = ReviewMeeting.objects.select_for_update(of=("self",)).select_related("led_by").get(pk=meeting.pk)
    if not held.is_open:
        raise MeetingOver(_("This meeting has ended; its minutes stay as they are."))
    return held
