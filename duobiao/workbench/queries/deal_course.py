"""Both tracks of a deal over its life: where each side stood from which day on, and the buyer's acts behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from duobiao.opportunities.events import evidence_title
from duobiao.opportunities.events.migration import PlaybookMoved
from duobiao.opportunities.models import Grade, Opportunity, Proof, StageChange
from duobiao.playbooks.domain.correspond import stage_through_buyer
from duobiao.playbooks.domain.model import Playbook
from duobiao.playbooks.queries import compiled_playbook


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """What stood from a day on; None leaves a line as it was.

    Attributes:
        ours, buyer: Stage of each side.
        act: Stage that an act of the buyer shows, on the day it happened.
    """

    on: date
    words: str
    ours: int | None = None
    buyer: int | None = None
    act: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """The life of a deal; ``last`` is today, or the day it was closed."""

    points: list[CoursePoint]
    stages: int
    last: date


def course_of(opportunity: Opportunity, today: date) -> Course:
    """Return the course of both tracks, oldest first; two queries."""
    last = opportunity.closed_on or today
    compiled = compiled_playbook(opportunity.playbook_id)
    changes = StageChange.objects.filter(opportunity=opportunity).order_by("sequence")
    moves = [move for row in changes if (move := _move(row, compiled.playbook))]
    acts = list(_acts(opportunity, {key: mark.stage for key, mark in compiled.marks.items()}))
    first = CoursePoint(min([opportunity.opened_on, *(point.on for point in acts)]), _("opened"), ours=0, buyer=0)
    end = CoursePoint(
        max([last, *(point.on for point in moves)]),
        _("today") if opportunity.is_open else str(opportunity.get_outcome_display()),
        ours=opportunity.stage_number,
        buyer=opportunity.buyer_stage,
    )
    # The sort is stable: on one day what happened comes before what was judged from it.
    points = [first, *sorted([*acts, *moves], key=lambda point: point.on), end]
    return Course(points, len(compiled.playbook.stages), last)


def _move(row: StageChange, playbook: Playbook) -> CoursePoint | None:
    """Return what moved; a stage counted by another playbook is shown where the buyer's stages put it in this one."""
    ours, buyer = row.stage_before != row.stage_after, row.buyer_before != row.buyer_after
    if not ours and not buyer:
        return None
    words = []
    if ours:
        words.append(_("we went from stage %(before)d to %(after)d") % _pair(row.stage_before, row.stage_after))
    if buyer:
        words.append(_("the buyer went from stage %(before)d to %(after)d") % _pair(row.buyer_before, row.buyer_after))
    stage = row.stage_after
    if row.playbook_id is not None and row.cause != PlaybookMoved.name:
        stage = stage_through_buyer(stage, compiled_playbook(row.playbook_id).playbook, playbook)
    return CoursePoint(row.on, " · ".join(words), ours=min(stage, playbook.last), buyer=row.buyer_after)


def _pair(before: int, after: int) -> dict[str, int]:
    return {"before": before, "after": after}


def _acts(opportunity: Opportunity, marks: dict[str, int]) -> Iterator[CoursePoint]:
    """Yield the buyer's acts, without hearsay and what was retracted."""
    rows = Proof.objects.filter(
        opportunity=opportunity, key__in=marks, retracted_on__isnull=True, grade__gte=Grade.DOCUMENTED
    )
    for key, day in rows.order_by("happened_on", "pk").values_list("key", "happened_on"):
        yield CoursePoint(day, evidence_title(key), act=marks[key])
