"""Turn new lines of people's bells into deliveries, as each person chose."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from duobiao.identity.models import CompanySettings, Unit
from duobiao.push.domain.timing import digest_at, due_at
from duobiao.push.models import Delivery, MailTime, Robot
from duobiao.push.queries.choices import Wishes, topic_of, wishes_of
from duobiao.timeline.models import Notification

BATCH = 500
Key = tuple[int, datetime, str, str, datetime]
"""Robot, due moment, event, url, moment it happened."""


@dataclass(slots=True)
class _Scene:
    """What routing needs to know."""

    company: CompanySettings
    robots: Sequence[Robot]
    parents: Mapping[int, int | None]
    now: datetime
    spoken: dict[Key, Delivery] = field(default_factory=dict)

    def robots_for(self, unit: int | None, topic: str) -> list[Robot]:
        """Return the robots that say something of a topic about a person of a unit."""
        above = set()
        while unit is not None and unit not in above:
            above.add(unit)
            unit = self.parents.get(unit)
        return [one for one in self.robots if topic in one.topics and (one.unit_id is None or one.unit_id in above)]


def route_new(*, now: datetime) -> int:
    """Put deliveries for all notifications that have none; return how many notifications were looked at."""
    count = 0
    while found := _route_batch(now):
        count += found
    return count


@transaction.atomic
def _route_batch(now: datetime) -> int:
    rows = Notification.objects.filter(routed_at=None).order_by("at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    batch = list(rows.select_related("user")[:BATCH])
    if not batch:
        return 0
    scene = _Scene(
        company=CompanySettings.load(),
        robots=list(Robot.objects.filter(is_active=True).order_by("pk")),
        parents=dict(Unit.objects.values_list("pk", "parent_id")),
        now=now,
    )
    wished = wishes_of({row.user_id for row in batch})
    mails = [mail for row in batch if (mail := _mail(row, wished[row.user_id], scene)) is not None]
    for row in batch:
        _speak(row, wished[row.user_id], scene)
    Delivery.objects.bulk_create([*mails, *scene.spoken.values()], ignore_conflicts=True, batch_size=BATCH)
    quiet = [row.pk for row in batch if not wished[row.user_id].way(topic_of(row.event)).in_app]
    Notification.objects.filter(pk__in=quiet, read_at=None).update(read_at=now)
    Notification.objects.filter(pk__in=[row.pk for row in batch]).update(routed_at=now)
    return len(batch)


def _mail(row: Notification, wished: Wishes, scene: _Scene) -> Delivery | None:
    """Return the mail a person wants of one line; None without a mail server or an address."""
    way = wished.way(topic_of(row.event))
    user = row.user
    if way.mail == MailTime.OFF or not scene.company.mail_host or not user.email or not user.is_active:
        return None
    daily = way.mail == MailTime.DAILY
    zone = user.time_zone or scene.company.time_zone
    due = digest_at(scene.now, zone=zone, at=wished.digest_at) if daily else _due(wished, zone, scene)
    return _delivery(row, due, key=_key("mail", row.ref), user=user, digest=daily)


def _speak(row: Notification, wished: Wishes, scene: _Scene) -> None:
    """Let the robots of a person's units say one line; several people of one line are one message."""
    topic = topic_of(row.event)
    user = row.user
    if not wished.way(topic).robot or not user.is_active:
        return
    due = _due(wished, user.time_zone or scene.company.time_zone, scene)
    person = {"name": user.name, "mobile": wished.mobile}
    for robot in scene.robots_for(user.unit_id, topic):
        slot: Key = (robot.pk, due, row.event, row.url, row.at)
        held = scene.spoken.get(slot)
        if held is None:
            held = _delivery(row, due, key=_key("robot", robot.ref, row.ref), robot=robot)
            scene.spoken[slot] = held
        held.people.append(person)


def _due(wished: Wishes, zone: str, scene: _Scene) -> datetime:
    return due_at(scene.now, zone=zone, quiet_from=wished.quiet_from, quiet_to=wished.quiet_to)


def _delivery(row: Notification, due: datetime, *, key: str, **fields: object) -> Delivery:
    return Delivery(
        key=key, event=row.event, data=row.data, url=row.url, happened_at=row.at, due_at=due, people=[], **fields
    )


def _key(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()
