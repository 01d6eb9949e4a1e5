"""Mark lines of the own bell as read."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from duobiao.timeline.models import Notification


@transaction.atomic
def mark_read(*, actor: AbstractBaseUser, now: datetime, ref: str | None = None) -> int:
    """Mark one line, or all, as read; return how many were unread.

    Reading is nobody else's business, so it leaves no audit entry.
    """
    rows = Notification.objects.filter(user_id=actor.pk, read_at=None)
    if ref is not None:
        rows = rows.filter(ref=ref)
    return rows.update(read_at=now)
