"""What a person chose to hear of, where and when; and what holds where they chose nothing."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import time

from duobiao.identity.models import User
from duobiao.push.models import MailTime, PersonHours, Topic, TopicChoice

USUAL_DIGEST = time(8, 30)
APPROVAL_EVENTS = ("approvals.", "opportunities.waiver_", "opportunities.give_up_")
TASK_EVENTS = ("opportunities.task_", "strategy.meeting_")
RISK_EVENTS = ("opportunities.risk_", "strategy.plan_")
MENTION_EVENTS = ("timeline.mentioned",)
PREFIXES: tuple[tuple[tuple[str, ...], Topic], ...] = (
    (APPROVAL_EVENTS, Topic.APPROVALS),
    (TASK_EVENTS, Topic.TASKS),
    (RISK_EVENTS, Topic.RISKS),
    (MENTION_EVENTS, Topic.MENTIONS),
)
MAILED_BY_DEFAULT = (Topic.APPROVALS,)


@dataclass(frozen=True, slots=True)
class Way:
    """How one topic reaches a person."""

    in_app: bool = True
    mail: str = MailTime.OFF
    robot: bool = True


@dataclass(frozen=True, slots=True)
class Wishes:
    """All that a person chose."""

    ways: dict[str, Way] = field(default_factory=dict)
    quiet_from: time | None = None
    quiet_to: time | None = None
    digest_at: time = USUAL_DIGEST
    mobile: str = ""

    def way(self, topic: str) -> Way:
        """Return how a topic reaches them."""
        return self.ways.get(topic) or usual_way(topic)


def usual_way(topic: str) -> Way:
    """Return what holds before anybody chose: the bell, robots, and mail for approvals."""
    return Way(mail=MailTime.NOW if topic in MAILED_BY_DEFAULT else MailTime.OFF)


def topic_of(event: str) -> Topic:
    """Return what a notification is about, by its event."""
    for prefixes, topic in PREFIXES:
        if event.startswith(prefixes):
            return topic
    return Topic.DEALS


def wishes_of(users: Collection[int]) -> dict[int, Wishes]:
    """Return what each person chose, by their keys; two queries."""
    ways: dict[int, dict[str, Way]] = {key: {} for key in users}
    for row in TopicChoice.objects.filter(user__in=ways):
        ways[row.user_id][row.topic] = Way(row.in_app, row.mail, row.robot)
    hours = {row.user_id: row for row in PersonHours.objects.filter(user__in=ways)}
    return {key: _wishes(ways[key], hours.get(key)) for key in ways}


def wishes(user: User) -> Wishes:
    """Return what one person chose."""
    return wishes_of([user.pk])[user.pk]


def _wishes(ways: dict[str, Way], hours: PersonHours | None) -> Wishes:
    if hours is None:
        return Wishes(ways)
    return Wishes(ways, hours.quiet_from, hours.quiet_to, hours.digest_at, hours.mobile)
