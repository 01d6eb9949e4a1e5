"""Who has a lead: taken from a pool, given back, given to somebody."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity.models import CompanySettings, User
from duobiao.identity.policy import require
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.prospecting.actions.capture_lead import lead_page, may_get
from duobiao.prospecting.actions.keep_lead import begin_claim, end_claim, event_data, keep, lock_lead, require_open
from duobiao.prospecting.events import LeadAssigned, LeadClaimed, LeadReturned
from duobiao.prospecting.models import OPEN_STATES, Claim, ClaimEnd, Lead, Pool
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

TWO_DAYS = timedelta(days=2)


class AlreadyClaimed(Conflict):
    """Somebody has this lead."""

    code = "already_claimed"


class NotAMember(Invalid):
    """The lead lies in no pool the actor may take from."""

    code = "not_a_member"


class ClaimLimit(Conflict):
    """The actor holds, or took today, as many leads of the pool as one person may."""

    code = "claim_limit"


class NoPool(Conflict):
    """The lead came from no pool and cannot be given back to one."""

    code = "no_pool"


@transaction.atomic
def claim_lead(*, lead: Lead, actor: User, now: datetime) -> Lead:
    """Take a free lead from its pool; of two people at once one gets it.

    Raises:
        NotAllowed: the actor may not take leads.
        NotAMember: the pool is not open to them, or is out of use.
        AlreadyClaimed: somebody has it.
        ClaimLimit: the actor has as many leads of this pool as one person may.
        LeadClosed: it is converted or discarded.
    """
    require(actor, "prospecting.claim")
    pool = Pool.objects.select_for_update().filter(pk__in=[lead.pool_id]).first()
    held = lock_lead(lead)
    require_open(held)
    if held.owner_id is not None:
        raise AlreadyClaimed(_("Somebody has this lead already."))
    if pool is None or held.pool_id != pool.pk or not is_open_to(pool, actor):
        raise NotAMember(_("This pool is not open to you. Ask an administrator to make you a member."))
    _check_limits(pool, actor, now=now)
    held.owner = actor
    keep(held, ["owner"], now=now)
    begin_claim(held, user=actor, now=now, taken=True)
    record(LeadClaimed(subject=Ref.of(held), data=event_data(held, pool=pool.name)), actor=actor, at=now)
    return held


def is_open_to(pool: Pool, person: User) -> bool:
    """Whether a person may take from a pool."""
    return pool.is_active and Pool.objects.of_member(person).filter(pk=pool.pk).exists()


def _check_limits(pool: Pool, actor: User, *, now: datetime) -> None:
    holds = Lead.objects.filter(pool=pool, owner=actor, state__in=OPEN_STATES).count()
    recent = Claim.objects.filter(pool=pool, user=actor, taken=True, began_at__gt=now - TWO_DAYS)
    check_limits(pool, holds=holds, began=recent.values_list("began_at", flat=True), now=now)


def check_limits(pool: Pool, *, holds: int, began: Iterable[datetime], now: datetime) -> None:
    """Refuse who has as many of a pool as one person may.

    Args:
        holds: How many they hold.
        began: When they took what they took in the last two days.

    Raises:
        ClaimLimit: they hold, or took today, as many as one person may.
    """
    if pool.most_open is not None and holds >= pool.most_open:
        words = _("You hold %(n)d of this pool, as many as one person may. Finish or give back one first.")
        raise ClaimLimit(words % {"n": holds}, details={"limit": "most_open", "n": pool.most_open})
    if pool.most_per_day is None:
        return
    zone = CompanySettings.load().time_zone
    today = local_day(now, zone)
    taken = sum(local_day(at, zone) == today for at in began)
    if taken >= pool.most_per_day:
        words = _("You took %(n)d of this pool today, as many as one person may. Go on tomorrow.")
        raise ClaimLimit(words % {"n": taken}, details={"limit": "most_per_day", "n": pool.most_per_day})


@transaction.atomic
def return_lead(*, lead: Lead, note: str, actor: User, now: datetime) -> Lead:
    """Give a lead back to its pool.

    Raises:
        NotAllowed: the actor may not work on this lead.
        NoPool: it came from none.
        LeadClosed: it is converted or discarded.
    """
    held = lock_lead(lead)
    require(actor, "prospecting.work", held)
    require_open(held)
    if held.pool is None:
        raise NoPool(_("This lead came from no pool. Assign it to one instead."))
    if held.owner_id is None:
        return held
    release(held, ClaimEnd.RETURNED, now=now)
    data = event_data(held, pool=held.pool.name, note=note.replace("\x00", "").strip()[:200])
    record(LeadReturned(subject=Ref.of(held), data=data), actor=actor, at=now)
    return held


def release(lead: Lead, how: ClaimEnd, *, now: datetime) -> None:
    """Let a locked lead lie free in its pool."""
    lead.owner = None
    keep(lead, ["owner"], now=now)
    end_claim(lead, how, now=now)


@transaction.atomic
def assign_lead(
    *, lead: Lead, version: int, actor: User, now: datetime, owner: User | None = None, pool: Pool | None = None
) -> Lead:
    """Give a lead to a person, or put it into a pool.

    Raises:
        NotAllowed: the actor may not assign leads, or not this one.
        StaleVersion: somebody changed it meanwhile.
        LeadClosed: it is converted or discarded.
        Invalid: neither or both are named, the person is beyond reach, or the pool out of use.
    """
    held = lock_lead(lead, version=version)
    require(actor, "prospecting.assign", None if held.is_free else held)
    require_open(held)
    if (owner is None) == (pool is None):
        message = _("Choose a person or a pool.")
        raise Invalid(message, fields={"owner": message})
    if owner is not None and not may_get(owner, actor):
        message = _("Choose yourself or somebody of your team who works here.")
        raise Invalid(message, fields={"owner": message})
    if pool is not None and not Pool.objects.active().of_leads().visible_to(actor).filter(pk=pool.pk).exists():
        message = _("This pool is not open to you.")
        raise Invalid(message, fields={"pool": message})
    give(held, owner=owner, pool=pool, actor=actor, now=now)
    return held


def give(lead: Lead, *, owner: User | None, pool: Pool | None, actor: User | None, now: datetime) -> None:
    """Give a locked lead to a person, else to a pool; both were checked before."""
    end_claim(lead, ClaimEnd.ASSIGNED, now=now)
    lead.owner = owner
    lead.pool = pool or lead.pool
    keep(lead, ["owner", "pool"], now=now)
    if owner is not None:
        begin_claim(lead, user=owner, now=now, taken=False)
    to = str(owner or lead.pool)
    record(LeadAssigned(subject=Ref.of(lead), data=event_data(lead, to=to)), actor=actor, at=now)
    if owner is not None and owner != actor:
        notify([owner], event=LeadAssigned.name, url=lead_page(lead), at=now, data=event_data(lead))
