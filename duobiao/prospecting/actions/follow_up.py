"""Next steps on leads: put one, put one for every guest of a campaign, finish it, remind of it."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.domain.texts import clean_line
from duobiao.identity.models import User
from duobiao.identity.policy import allows, require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.add_task import may_get_task, put_task
from duobiao.opportunities.actions.reassess import own_day
from duobiao.opportunities.models import Opportunity
from duobiao.prospecting.actions.capture_lead import lead_page
from duobiao.prospecting.actions.keep_lead import event_data, keep, lock_lead, require_open
from duobiao.prospecting.events import FollowUpAdded, FollowUpDone, FollowUpDue
from duobiao.prospecting.models import Campaign, FollowUp, Lead
from duobiao.timeline.actions.notify import Line, notify, notify_many
from duobiao.timeline.actions.record import record

LONGEST = 200
LONGEST_RESULT = 500
FARTHEST = timedelta(days=731)


class FollowUpClosed(Conflict):
    """It is done, or became a task of a deal."""

    code = "follow_up_closed"


@transaction.atomic
def add_follow_up(
    *,
    lead: Lead,
    title: str,
    due_on: date,
    actor: User,
    now: datetime,
    owner: User | None = None,
    campaign: Campaign | None = None,
) -> FollowUp:
    """Put a next step on a lead; it is for the lead's owner unless somebody else who sees the lead is named.

    Raises:
        NotAllowed: the actor may not work on this lead.
        LeadClosed: it is converted or discarded.
        Invalid: a field does not fit.
    """
    held = lock_lead(lead)
    require(actor, "prospecting.work", held)
    require_open(held)
    person = owner or held.owner or actor
    kept = _checked(title, due_on, today=own_day(actor, now))
    if not person.is_active or not Lead.objects.visible_to(person).filter(pk=held.pk).exists():
        message = _("Choose somebody who works here and may see this lead.")
        raise Invalid(message, fields={"owner": message})
    return _put(held, kept, due_on, person, campaign, actor=actor, now=now)


@transaction.atomic
def follow_campaign(*, campaign: Campaign, title: str, due_on: date, actor: User, now: datetime) -> int:
    """Put the same next step on every open lead of a campaign that has an owner and none yet; return how many.

    Leads that the actor may not work on are left out.

    Raises:
        NotAllowed: the actor may not change this campaign.
        Invalid: a field does not fit.
    """
    require(actor, "prospecting.campaigns", campaign)
    kept = _checked(title, due_on, today=own_day(actor, now))
    busy = FollowUp.objects.open().filter(campaign=campaign).values("lead_id")
    rows = Lead.objects.visible_to(actor).open().filter(campaign=campaign).exclude(owner=None).exclude(pk__in=busy)
    count = 0
    for lead in rows.select_related("owner").order_by("pk"):
        held = lock_lead(lead)
        if held.owner is not None and held.is_open and allows(actor, "prospecting.work", held):
            _put(held, kept, due_on, held.owner, campaign, actor=actor, now=now)
            count += 1
    return count


@transaction.atomic
def finish_follow_up(*, follow_up: FollowUp, result: str, actor: User, now: datetime) -> FollowUp:
    """Say what came of a next step.

    Raises:
        NotAllowed: the actor may not work on this lead.
        FollowUpClosed: it is done, or became a task of a deal.
        Invalid: the result is too long.
    """
    lead = lock_lead(follow_up.lead)
    held = FollowUp.objects.get(pk=follow_up.pk)
    if held.owner_id != actor.pk:
        require(actor, "prospecting.work", lead)
    if held.done_at is not None or held.task_id is not None:
        raise FollowUpClosed(_("This is done already, or became a task of the project."))
    text = clean_line(result.replace("\x00", ""))
    if len(text) > LONGEST_RESULT:
        message = _("At most %(n)d characters.") % {"n": LONGEST_RESULT}
        raise Invalid(message, fields={"result": message})
    held.done_at, held.done_by, held.result = now, actor, text
    held.save(update_fields=["done_at", "done_by", "result"])
    if lead.is_open:
        keep(lead, [], now=now)
    data = event_data(lead, title=held.title, note=text)
    record(FollowUpDone(subject=Ref.of(lead), data=data), actor=actor, at=now)
    return held


def hand_to_deal(lead: Lead, deal: Opportunity, *, actor: User, now: datetime) -> None:
    """Make the open next steps of a locked lead tasks of the deal it became."""
    for row in FollowUp.objects.open().filter(lead=lead).select_related("owner").order_by("due_on", "pk"):
        owner = row.owner if may_get_task(deal, row.owner) else deal.owner
        row.task = put_task(
            deal,
            title=row.title,
            owner=owner,
            due_on=row.due_on,
            source=Ref.of(lead),
            by=row.added_by or actor,
            actor=actor,
            now=now,
        )
        row.save(update_fields=["task"])


def remind_of_follow_ups(*, on: date, now: datetime) -> int:
    """Tell people once of their next steps that are due; return how many."""
    rows = list(
        FollowUp.objects.open()
        .filter(due_on__lte=on, reminded_on=None, owner__is_active=True)
        .select_related("owner", "lead")
    )
    with transaction.atomic():
        notify_many([Line(row.owner, FollowUpDue.name, lead_page(row.lead), _words(row)) for row in rows], at=now)
        FollowUp.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_on=on)
    return len(rows)


def _checked(title: str, due_on: date, *, today: date) -> str:
    faults: dict[str, object] = {}
    kept = clean_line(title.replace("\x00", ""))
    if not 1 <= len(kept) <= LONGEST:
        faults["title"] = _("Say what is to be done, in at most %(n)d characters.") % {"n": LONGEST}
    if not today <= due_on <= today + FARTHEST:
        words = _("Choose a day from today (%(today)s) on, at most two years ahead.")
        faults["due_on"] = words % {"today": today.isoformat()}
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    return kept


def _put(
    lead: Lead, title: str, due_on: date, owner: User, campaign: Campaign | None, *, actor: User, now: datetime
) -> FollowUp:
    row = FollowUp.objects.create(
        lead=lead, title=title, due_on=due_on, owner=owner, campaign=campaign, added_at=now, added_by=actor
    )
    keep(lead, [], now=now)
    record(FollowUpAdded(subject=Ref.of(lead), data=_words(row)), actor=actor, at=now)
    if owner != actor:
        notify([owner], event=FollowUpAdded.name, url=lead_page(lead), at=now, data=_words(row))
    return row


def _words(row: FollowUp) -> dict[str, object]:
    return event_data(row.lead, title=row.title, due_on=row.due_on.isoformat())
