"""Forget deliveries that nobody asks about any more."""

from datetime import datetime, timedelta

from duobiao.push.models import Delivery, DeliveryState

KEPT = timedelta(days=90)


def forget_old_deliveries(*, now: datetime) -> int:
    """Delete what was sent or given up more than 90 days ago; return how many."""
    old = Delivery.objects.exclude(state=DeliveryState.WAITING).filter(due_at__lt=now - KEPT)
    return old.delete()[0]
