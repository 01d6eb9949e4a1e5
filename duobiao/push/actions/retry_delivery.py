"""Try a delivery again that was given up."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.push.actions.save_robot import VERB
from duobiao.push.events import DeliveryRetried
from duobiao.push.models import Delivery, DeliveryState
from duobiao.timeline.actions.record import record


class NotGivenUp(Conflict):
    """The delivery was sent, or still waits."""

    code = "not_given_up"


@transaction.atomic
def retry_delivery(*, delivery: Delivery, actor: User, now: datetime) -> Delivery:
    """Let a delivery that was given up wait for its next attempt, from now on.

    Raises:
        NotAllowed: ``actor`` may not keep robots.
        NotGivenUp: it was sent, or still waits.
    """
    policy.require(actor, VERB)
    held = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if held.state != DeliveryState.FAILED:
        raise NotGivenUp(_("This delivery was sent, or still waits."))
    held.state, held.attempts, held.due_at, held.claimed_at = DeliveryState.WAITING, 0, now, None
    held.save(update_fields=["state", "attempts", "due_at", "claimed_at"])
    record(DeliveryRetried(subject=Ref.of(held), data={"event": held.event}), actor=actor, at=now)
    return held
