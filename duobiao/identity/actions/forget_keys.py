"""Forget idempotency keys that no sender repeats any more."""

from datetime import datetime, timedelta

from duobiao.identity.models import IdempotencyKey

KEEP = timedelta(days=2)


def forget_old_keys(now: datetime) -> int:
    """Delete keys that no sender repeats any more; return how many."""
    deleted, _by_model = IdempotencyKey.objects.filter(claimed_at__lt=now - KEEP).delete()
    return deleted
