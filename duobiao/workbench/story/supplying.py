"""How the story works with manufacturers: deals registered with them, their authorisation letters."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from duobiao.prospecting.actions.keep_letters import file_letter
from duobiao.prospecting.actions.register_upstream import move_upstream, register_upstream
from duobiao.prospecting.actions.watch_manufacturers import watch_manufacturers
from duobiao.prospecting.models import Upstream
from duobiao.workbench.story.cast import Cast
from duobiao.workbench.story.telling import Calendar, Step, read


def supplying(calendar: Calendar) -> list[Step]:
    """Return the steps that the file tells of."""
    told = read("finding.yaml")
    steps = []
    for deal, maker, products, number, discount_level, protected, moves in told["upstream"]:
        facts = {"products": products, "number": number, "discount_level": discount_level}
        for day, state, note in moves:
            held = {"maker": maker, "facts": facts, "protected": protected, "state": state, "note": note}
            steps.append(Step(calendar.at(day, 14, 30), 2, "register_upstream", deal=deal, values=held))
    for deal, maker, covers, number, first, last, by in told["letters"]:
        held = {"maker": maker, "covers": covers, "number": number, "first": first, "last": last, "by": by}
        steps.append(Step(calendar.at(first, 15, 30), 2, "file_letter", deal=deal, values=held))
    return [*steps, Step(calendar.at(0, 0, 12), 0, "watch_manufacturers")]


def register(cast: Cast, step: Step) -> None:
    """Register a deal with a manufacturer, or note the next state."""
    told, deal = step.values, cast.deal(step.deal)
    until: date | None = None
    if told["protected"] is not None:
        until = cast.calendar.today + timedelta(days=told["protected"])
    row = Upstream.objects.filter(opportunity=deal, manufacturer__name=told["maker"]).first()
    if row is None:
        register_upstream(
            deal=deal,
            manufacturer=told["maker"],
            values=told["facts"],
            state=told["state"],
            actor=deal.owner,
            now=step.at,
        )
        return
    moved: dict[str, Any] = {"state": told["state"], "note": told["note"], "happened_on": step.at.date()}
    move_upstream(row=row, version=row.version, protected_until=until, actor=deal.owner, now=step.at, **moved)


def letter(cast: Cast, step: Step) -> None:
    """File an authorisation letter."""
    told, today = step.values, cast.calendar.today
    days = {"valid_from": step.at.date(), "valid_until": today + timedelta(days=told["last"])}
    file_letter(
        manufacturer=told["maker"],
        values={"covers": told["covers"], "number": told["number"], **days},
        deal=cast.deal(step.deal) if step.deal else None,
        actor=cast.users[told["by"]],
        now=step.at,
    )


def watch(cast: Cast, step: Step) -> None:
    """Tell of what runs out."""
    watch_manufacturers(on=cast.calendar.today, now=step.at)


SUPPLYING: dict[str, Callable[[Cast, Step], None]] = {
    "register_upstream": register,
    "file_letter": letter,
    "watch_manufacturers": watch,
}
