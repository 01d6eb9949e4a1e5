"""Ask for a change of a need that the customer confirmed, and decide it; accepted, it is verified anew."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import checked_line, set_values, stale
from duobiao.customers.models import Contact
from duobiao.identity.models import Role, User
from duobiao.kernel.money import Money
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.needs.actions.common import DECIDE, check_people, fault, live_need, take_deal
from duobiao.needs.actions.follow_evidence import follow_must_haves
from duobiao.needs.actions.follow_verification import follow_verification
from duobiao.needs.actions.revoke_waiting import revoke_waiting
from duobiao.needs.events.needs import ChangeDecided, ChangeRaised
from duobiao.needs.models import ChangeState, Need, NeedChange, NeedFit
from duobiao.opportunities.models import Outcome
from duobiao.timeline.actions.record import record

FIELDS = ("text", "reason", "impact", "days")
MOST_DAYS = 3650


class NotConfirmed(Conflict):
    """The customer has not confirmed the need: it is simply changed (409)."""

    code = "need_not_confirmed"


class ChangeWaits(Conflict):
    """A change of this need waits to be decided (409)."""

    code = "change_waits"


class ChangeIsDecided(Conflict):
    """The change was decided before (409)."""

    code = "change_decided"


class OwnChange(Conflict):
    """Who asked for a change does not decide it (409)."""

    code = "own_change"


@transaction.atomic
def raise_change(
    *,
    need: Need,
    values: Mapping[str, Any],
    asked_by: Contact | None,
    cost: Money | None,
    actor: User,
    now: datetime,
) -> NeedChange:
    """Ask for a change of a confirmed need, with what it does to scope, date and price.

    Args:
        values: By name of the field, see ``FIELDS``.
        asked_by: Who at the customer asked; None: we did.

    Raises:
        NotAllowed, DealClosed: as ``take_deal``; a won deal will do.
        NotFound: the need was taken off.
        NotConfirmed: it can simply be changed.
        ChangeWaits: one waits already.
        Invalid: a value is missing or cannot be accepted.
    """
    deal = take_deal(need.opportunity, actor=actor, won_too=True)
    held = live_need(need)
    check_people(deal, {"asked_by": asked_by})
    if not held.is_confirmed:
        raise NotConfirmed(_("The customer has not confirmed this need yet. Change it directly."))
    if NeedChange.objects.filter(need=held, state=ChangeState.OPEN).exists():
        raise ChangeWaits(_("A change of this need waits to be decided. Decide it first."))
    change = NeedChange(opportunity=deal, need=held, asked_by=asked_by, raised_at=now, raised_by=actor)
    set_values(change, dict(values), allowed=FIELDS, rules={"days": _days})
    for name in ("text", "reason", "impact"):
        if not getattr(change, name):
            raise fault(name, _("Write this down."))
    if cost is not None:
        change.cost_minor, change.cost_currency = cost.amount_minor, cost.currency
    change.save(force_insert=True)
    data = {
        "text": held.text, "after": change.text, "note": change.impact[:300], "change": change.ref, "days": change.days,
        "cost_minor": change.cost_minor,
    }  # fmt: skip
    record(ChangeRaised(subject=Ref.of(held), chain=deal.ref, data=data), actor=actor, at=now)
    return change


@transaction.atomic
def decide_change(
    *, change: NeedChange, version: int, accepted: bool, reason: str, actor: User, now: datetime
) -> NeedChange:
    """Accept or reject a change. Accepted, the need says what was asked for and is verified from the first step again.

    What the customer confirmed before stays recorded: it was so on that day; that all is verified is proved no longer.

    Raises:
        NotAllowed, DealClosed: as ``take_deal``; a won deal will do.
        StaleVersion: somebody changed it since.
        ChangeIsDecided: it was decided before.
        OwnChange: the actor asked for it; an administrator may all the same.
        Invalid: no reason is given.
    """
    deal = take_deal(change.opportunity, actor=actor, verb=DECIDE, won_too=True)
    held: NeedChange = NeedChange.objects.select_for_update(of=("self",)).select_related("need").get(pk=change.pk)
    if held.state != ChangeState.OPEN:
        raise ChangeIsDecided(_("This change was decided before."))
    if held.version != version:
        raise stale({"text": held.text, "impact": held.impact}, version=held.version)
    if held.raised_by_id == actor.pk and actor.role != Role.ADMINISTRATOR:
        raise OwnChange(_("You asked for this change. Somebody else decides it."))
    words = checked_line("reason", reason, 300)
    if not words:
        raise fault("reason", _("Say why."))
    held.state = ChangeState.ACCEPTED if accepted else ChangeState.REJECTED
    held.decided_at, held.decided_by, held.decision = now, actor, words
    held.version += 1
    held.save()
    need = held.need
    before = need.text
    if accepted:
        need = live_need(need)
        need.text, need.fit, need.fit_note = held.text, NeedFit.UNKNOWN, ""
        need.round, need.verified_step = need.round + 1, 0
        need.version += 1
        need.changed_at = now
        need.save()
    data = {"text": held.text, "before": before, "accepted": accepted, "reason": words, "change": held.ref}
    record(ChangeDecided(subject=Ref.of(need), chain=deal.ref, data=data), actor=actor, at=now)
    if accepted and deal.outcome == Outcome.OPEN:
        revoke_waiting(deal, actor=actor, now=now)
        follow_must_haves(deal, actor=actor, now=now)
        follow_verification(deal, actor=actor, now=now)
    return held


def _days(value: Any) -> Any:
    if value is not None and not -MOST_DAYS <= int(value) <= MOST_DAYS:
        raise ValueError(_("At most %(n)d days.") % {"n": MOST_DAYS})
    return value
