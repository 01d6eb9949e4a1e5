"""Put lines into people's bells."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from duobiao.timeline.models import Notification


@dataclass(frozen=True, slots=True)
class Line:
    """What one person is told.

    Attributes:
        event: Name of the event type, whose ``describe`` words the line in the reader's language.
        url: Page the line leads to.
        data: Values for ``describe``.
    """

    user: AbstractBaseUser
    event: str
    url: str
    data: dict[str, Any] = field(default_factory=dict)


def notify(
    users: Iterable[AbstractBaseUser], *, event: str, url: str, at: datetime, data: dict[str, Any] | None = None
) -> None:
    """Tell each of ``users`` once that something happened; see ``Line``."""
    people = {user.pk: user for user in users}
    notify_many([Line(user, event, url, data or {}) for user in people.values()], at=at)


def notify_many(lines: Iterable[Line], *, at: datetime) -> None:
    """Tell many people of many things at once."""
    Notification.objects.bulk_create(
        [Notification(user_id=line.user.pk, event=line.event, url=line.url, at=at, data=line.data) for line in lines],
        batch_size=500,
    )
