"""Take an improvement up for the next version, or reject it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, StaleVersion
from duobiao.playbooks.events import ImprovementDecided
from duobiao.playbooks.models import ImprovementNote
from duobiao.timeline.actions.record import record


class ImprovementAlreadyDecided(Conflict):
    """Somebody took it up or rejected it before."""

    code = "improvement_already_decided"


@transaction.atomic
def decide_improvement(
    *, note: ImprovementNote, version: int, taken: bool, reason: str, actor: User, now: datetime
) -> ImprovementNote:
    """Decide on an open improvement note.

    Args:
        reason: Needed for rejecting.

    Raises:
        NotAllowed: the actor may not decide.
        ImprovementAlreadyDecided: it is not open any more.
        StaleVersion: it changed since the actor read ``version``.
        Invalid: rejected without a reason.
    """
    policy.require(actor, "playbooks.decide_note")
    held = ImprovementNote.objects.select_for_update().get(pk=note.pk)
    if not held.is_open:
        raise ImprovementAlreadyDecided(_("This improvement is decided already. Note a new one."))
    if held.version != version:
        message = _("Somebody else changed this improvement meanwhile. Look at it again.")
        raise StaleVersion(message, details={"current": {"status": held.status, "version": held.version}})
    reason = reason.strip()
    if not taken and not reason:
        raise Invalid(_("Say why it is rejected."), fields={"reason": _("is missing")})
    held.status = ImprovementNote.Status.TAKEN if taken else ImprovementNote.Status.REJECTED
    held.decided_at, held.decided_by, held.reason = now, actor, reason
    held.version += 1
    held.save(update_fields=["status", "decided_at", "decided_by", "reason", "version"])
    data = {"status": str(held.status), "title": held.title, "note": reason}
    record(ImprovementDecided(subject=Ref.of(held), data=data), actor=actor, at=now)
    return held
