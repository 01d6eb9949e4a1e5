"""The weekly routine of the story: suggestions noted, and one review meeting with notes and decisions."""

from collections.abc import Callable
from datetime import datetime

from duobiao.opportunities.actions.finish_task import finish_task
from duobiao.opportunities.actions.judge_signals import judge_all
from duobiao.opportunities.actions.note_suggestions import note_suggestions
from duobiao.strategy.actions.hold_meeting import decide_task, end_meeting, note_deal, open_meeting
from duobiao.strategy.models import MeetingDeal
from duobiao.workbench.story.cast import Cast
from duobiao.workbench.story.telling import Calendar, Spec, Step, read

FIRST_NOTED, EVERY, MET = -84, 7, -6
"""Days from which on suggestions are noted, how often, and the day of the meeting."""


def routine(calendar: Calendar) -> list[Step]:
    """Return the steps of the routine."""
    steps = [Step(calendar.at(day, 0, 40), 0, "note_suggestions") for day in range(FIRST_NOTED, 0, EVERY)]
    return [*steps, Step(calendar.at(MET, 16), 9, "hold_meeting")]


def note(cast: Cast, step: Step) -> None:
    """Note what stands at the top of each deal's list."""
    del cast
    note_suggestions(now=step.at)


def hold(cast: Cast, step: Step) -> None:
    """Hold the review meeting that the file tells of."""
    told = read("meeting.yaml")
    judge_all(now=step.at)
    leader = cast.users[told["led_by"]]
    meeting = open_meeting(title=told["title"], actor=leader, now=step.at)
    rows = {row.opportunity.pk: row for row in meeting.deals.select_related("opportunity__owner", "meeting__led_by")}
    for entry in told["deals"]:
        row = rows.get(cast.deals[entry["deal"]].pk)
        if row is None:
            continue
        note_deal(row=row, notes=entry["notes"], version=1, actor=leader, now=step.at)
        for task in entry.get("tasks", ()):
            _decide(cast, task, row, step.at)
    end_meeting(meeting=meeting, summary=told["summary"], actor=leader, now=step.at)


def _decide(cast: Cast, told: Spec, row: MeetingDeal, now: datetime) -> None:
    owner = cast.users[told["owner"]]
    due_on = cast.calendar.day(told["due"])
    leader = row.meeting.led_by
    task = decide_task(row=row, title=told["title"], owner=owner, due_on=due_on, actor=leader, now=now)
    if "done" in told:
        finish_task(task=task, result=told["result"], actor=owner, now=cast.calendar.at(told["done"], 17))


ROUTINE: dict[str, Callable[[Cast, Step], None]] = {"note_suggestions": note, "hold_meeting": hold}
