"""Withdraw a call that was logged wrongly: the row stays readable in the audit, everything it proved goes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.domain.texts import clean_line
from duobiao.engagement.actions.agreed_visit import chain_of, withdraw_visit
from duobiao.engagement.actions.correct_call import lock_call
from duobiao.engagement.actions.follow_evidence import follow_evidence
from duobiao.engagement.actions.note_spoken import note_call
from duobiao.engagement.actions.record_outcome import reopen_entry
from duobiao.engagement.actions.values import invalid
from duobiao.engagement.events.calls import CallWithdrawn
from duobiao.engagement.models import Call, Visit
from duobiao.engagement.models.call import SHORT
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.record import record


@transaction.atomic
def withdraw_call(*, call: Call, version: int | None, reason: str, actor: User, now: datetime) -> Call:
    """Take a call back, with its proofs and the visit it planned.

    A visit that was already held stands by itself and stays.

    Args:
        version: What the actor saw; None: whatever it is now.

    Raises:
        Invalid: no reason is given.
        NotAllowed, AlreadyWithdrawn, StaleVersion, DealClosed: see ``correct_call``.
    """
    reason = cleaned_reason(reason)
    held = lock_call(call, version=version, actor=actor)
    held.withdrawn_at, held.withdrawn_by, held.withdrawn_reason = now, actor, reason
    held.version += 1
    held.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason", "version"])
    data = {"contact_name": held.contact.name, "reason": reason}
    record(CallWithdrawn(subject=Ref.of(held), chain=chain_of(held), data=data), actor=actor, at=now)
    reopen_entry(held)
    note_call(held, actor=actor, now=now)
    why = _("call withdrawn: %(why)s") % {"why": reason}
    follow_evidence(held, [], reason=why, actor=actor, now=now)
    for visit in Visit.objects.planned().filter(call=held).select_related("opportunity", "customer"):
        withdraw_visit(visit, reason=why, actor=actor, now=now)
    return held


def cleaned_reason(reason: str) -> str:
    """Return a reason that says something.

    Raises:
        Invalid: it is empty or too long.
    """
    try:
        text = clean_line(reason)
    except ValueError:
        text = ""
    if not text or len(text) > SHORT - 60:
        raise invalid("reason", _("Say why, in at most %(n)d characters.") % {"n": SHORT - 60})
    return text
