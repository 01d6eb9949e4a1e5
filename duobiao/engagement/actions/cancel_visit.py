"""Cancel a visit, or withdraw the record of one that did not take place after all."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.engagement.actions.agreed_visit import withdraw_visit
from duobiao.engagement.actions.confirm_minutes import drop_minutes
from duobiao.engagement.actions.lock_visit import lock_visit
from duobiao.engagement.actions.withdraw_call import cleaned_reason
from duobiao.engagement.models import Visit
from duobiao.identity.models import User
from duobiao.opportunities.actions.finish_task import drop_tasks
from duobiao.opportunities.actions.lock import lock


@transaction.atomic
def cancel_visit(*, visit: Visit, version: int, reason: str, actor: User, now: datetime) -> Visit:
    """Cancel a visit with a reason; everything it proved is retracted.

    Raises:
        Invalid: no reason is given.
        NotAllowed, StaleVersion, VisitCancelledBefore, DealClosed: see ``lock_visit``.
    """
    reason = cleaned_reason(reason)
    held = lock_visit(visit, version=version, actor=actor)
    drop_minutes(held, reason=_("the visit was cancelled"), actor=actor, now=now)
    withdraw_visit(held, reason=reason, actor=actor, now=now)
    if held.opportunity is not None:
        drop_tasks(lock(held.opportunity), held.ref, reason=_("the visit was cancelled"), actor=actor, now=now)
    return held
