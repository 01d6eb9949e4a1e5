"""The outbox: what was sent, what waits, what was given up; without what it said where that is private."""

from dataclasses import dataclass

from django.db.models import Count

from duobiao.push.models import Delivery, DeliveryState
from duobiao.timeline.queries import wording

SHOWN = 100


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """One delivery: to whom, what kind of thing, what became of it."""

    delivery: Delivery
    to: str
    title: str


def outbox(*, state: str = "", limit: int = SHOWN) -> list[OutboxLine]:
    """Return the newest deliveries, of one state or of all; one query."""
    rows = Delivery.objects.select_related("user", "robot")
    if state in DeliveryState.values:
        rows = rows.filter(state=state)
    return [
        OutboxLine(row, row.robot.name if row.robot else row.user.name if row.user else "", wording(row.event, None)[0])
        for row in rows.order_by("-happened_at", "-pk")[:limit]
    ]


def outbox_counts() -> dict[str, int]:
    """Return how many deliveries are in each state."""
    found = dict(Delivery.objects.order_by().values_list("state").annotate(Count("pk")))
    return {state: found.get(state, 0) for state in DeliveryState.values}
