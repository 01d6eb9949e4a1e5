"""How the story calls: lists made from filters and worked through, one call after the other."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from duobiao.engagement.actions.make_call_list import close_call_list, make_call_list
from duobiao.engagement.actions.record_outcome import Said, record_outcome
from duobiao.engagement.models import CallList
from duobiao.engagement.queries.call_candidates import Wanted
from duobiao.prospecting.models import Campaign
from duobiao.workbench.story.cast import Cast
from duobiao.workbench.story.telling import Calendar, Step, read

BETWEEN = timedelta(minutes=7)


def calling(calendar: Calendar) -> list[Step]:
    """Return the steps that the file tells of."""
    return [Step(calendar.at(told["day"], 9, 30), 3, "call_list", values=told) for told in read("calling.yaml")]


def call_through(cast: Cast, step: Step) -> None:
    """Make a list and record its outcomes in their order; what is not told of waits."""
    told, now = step.values, step.at
    caller = cast.users[told["owner"]]
    wanted = dict(told["from"])
    if "campaign" in wanted:
        campaign = Campaign.objects.get(name=wanted["campaign"])
        wanted |= {"campaign": campaign.ref, "campaign_name": campaign.name}
    maker = cast.users[told["by"] if "by" in told else told["owner"]]
    purposes = told.get("purposes", ())
    made = make_call_list(
        name=told["name"], wanted=Wanted(**wanted), owner=caller, purposes=purposes, actor=maker, now=now
    )
    entries = made.list.entries.order_by("number").select_related("contact", "lead")
    for entry, outcome in zip(entries, told["outcomes"], strict=False):
        now += BETWEEN
        at, values = _read(cast, outcome)
        record_outcome(
            entry=entry,
            version=entry.version,
            outcome=outcome[0],
            call_back_at=at,
            said=Said(values=values),
            actor=caller,
            now=now,
        )
    if told.get("closed"):
        held = CallList.objects.get(pk=made.list.pk)
        close_call_list(calls=held, version=held.version, actor=caller, now=now)


def _read(cast: Cast, outcome: list[Any]) -> tuple[datetime | None, dict[str, Any]]:
    """Return when to call back, and what was said: ``[outcome, {…}]``; ``back`` and ``meet`` are [day, hour]."""
    told: Mapping[str, Any] = outcome[1] if len(outcome) > 1 else {}
    values = {name: value for name, value in told.items() if name not in ("back", "meet")}
    if "meet" in told:
        values["meeting_at"] = cast.calendar.at(*told["meet"])
    return cast.calendar.at(*told["back"]) if "back" in told else None, values


CALLING: dict[str, Callable[[Cast, Step], None]] = {"call_list": call_through}
