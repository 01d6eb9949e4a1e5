"""Put a line into people's bells."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from duobiao.timeline.models import Notification


def notify(
    users: Iterable[AbstractBaseUser], *, event: str, url: str, at: datetime, data: dict[str, Any] | None = None
) -> None:
    """Tell each of ``users`` once that something happened.

    Args:
        event: Name of the event type, whose ``describe`` words the line in the reader's language.
        url: Page the line leads to.
        data: Values for ``describe``.
    """
    Notification.objects.bulk_create(
        Notification(user_id=pk, event=event, url=url, at=at, data=data or {})
        for pk in dict.fromkeys(user.pk for user in users)
    )
