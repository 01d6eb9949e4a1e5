"""Give a need its priority, or another one; every step of the ranking is kept."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import checked_line
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.needs.actions.common import fault, one_of, take_need
from duobiao.needs.actions.follow_evidence import follow_must_haves
from duobiao.needs.actions.follow_verification import follow_verification
from duobiao.needs.events.needs import NeedRanked
from duobiao.needs.models import Need, NeedPriority, PriorityChange
from duobiao.timeline.actions.record import record


@transaction.atomic
def rank_need(*, need: Need, version: int, priority: str, reason: str, actor: User, now: datetime) -> Need:
    """Rank a need P0 to P3.

    Args:
        reason: Needed where it was ranked before.

    Raises:
        NotAllowed, DealClosed, NotFound, StaleVersion: as ``change_need``.
        Invalid: no such priority, the same as before, or no reason for another one.
    """
    held = take_need(need, version=version, actor=actor)
    one_of("priority", priority, NeedPriority.values)
    words = checked_line("reason", reason, 300)
    if priority == held.priority:
        raise fault("priority", _("It has this priority already."))
    if held.priority and not words:
        raise fault("reason", _("Say why it is ranked anew."))
    before, held.priority = held.priority, priority
    held.version += 1
    held.changed_at = now
    held.save(update_fields=["priority", "version", "changed_at"])
    PriorityChange.objects.create(need=held, before=before, after=priority, reason=words, at=now, by=actor)
    data = {"text": held.text, "before": before, "after": priority, "reason": words}
    record(NeedRanked(subject=Ref.of(held), chain=held.opportunity.ref, data=data), actor=actor, at=now)
    follow_must_haves(held.opportunity, actor=actor, now=now)
    follow_verification(held.opportunity, actor=actor, now=now)
    return held
