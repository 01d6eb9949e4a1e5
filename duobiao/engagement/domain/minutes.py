"""Minutes of a visit: the parts that a customer may be asked to confirm, and the evidence each part stands for.

What we note for ourselves stays out: rivals, who really handles it, how they took it, our own summary.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from enum import StrEnum

from duobiao.engagement.domain.findings import Finding
from duobiao.engagement.domain.visits import (
    BUDGET,
    CASES,
    DECIDER,
    DRAFT,
    HELD,
    PROBLEM,
    PROCESS,
    REQUESTED,
    ROLES,
    SCOPE,
    STRENGTHS,
    SURVEY,
    TRENDS,
    VisitFacts,
    proves_visit,
)


class Part(StrEnum):
    """A part of the minutes; the meeting itself always stands above them."""

    PROBLEM = "problem"
    BUDGET = "budget"
    PROCESS = "process"
    DECIDERS = "deciders"
    SHOWN = "shown"
    REQUEST = "request"
    NEXT = "next"


APPOINTMENT = (
    "engagement.next_meeting_granted",
    "engagement.visit_time_agreed",
    "engagement.visit_place_agreed",
    "engagement.visit_topic_agreed",
)
STANDS_ON: Mapping[str, frozenset[Part]] = {
    HELD: frozenset(),
    **{key: frozenset() for key in APPOINTMENT},
    PROBLEM: frozenset({Part.PROBLEM}),
    SURVEY: frozenset({Part.PROBLEM}),
    BUDGET: frozenset({Part.BUDGET}),
    PROCESS: frozenset({Part.PROCESS}),
    ROLES: frozenset({Part.PROCESS, Part.DECIDERS}),
    DECIDER: frozenset({Part.DECIDERS}),
    STRENGTHS: frozenset({Part.SHOWN}),
    CASES: frozenset({Part.SHOWN}),
    TRENDS: frozenset({Part.SHOWN}),
    DRAFT: frozenset({Part.SHOWN}),
    REQUESTED: frozenset({Part.REQUEST}),
    SCOPE: frozenset({Part.REQUEST}),
}
"""Evidence → the parts that must all be in the minutes; none: the meeting itself shows it."""

MINUTED = frozenset(
    {
        *("held_on", "face_to_face", "met_others", "strengths", "cases", "trends", "draft_title", "draft_version"),
        *("problem", "impact", "wanted_by", "budget_range", "budget_source", "purchase_process", "roles"),
        *("project_lead", "decision_maker", "requested_by", "requested_on", "request_quote"),
        *("solution_scope", "solution_due_on", "our_promises", "next_step", "place", "topic"),
    }
)
"""Fields of a visit that the minutes tell: another value, and what was confirmed no longer is what stands there."""


def confirmable(visit: VisitFacts, parts: Collection[Part], *, by: int) -> list[tuple[Finding, bool]]:
    """Return the evidence that minutes with these parts stand for once a contact confirms them.

    Args:
        by: Key of the contact who confirms; by that the survey counts as confirmed too.

    Returns:
        Findings, each with whether only the confirmation shows it.
    """
    present = frozenset(parts)
    shown = {row.evidence: row for row in proves_visit(visit)}
    agreed = _once_agreed(visit, by=by)
    return [
        (row, row.evidence not in shown)
        for row in agreed
        if row.evidence in STANDS_ON and STANDS_ON[row.evidence] <= present
    ]


def _once_agreed(visit: VisitFacts, *, by: int) -> Iterable[Finding]:
    if visit.confirmed_by is not None:
        return proves_visit(visit)
    return proves_visit(replace(visit, confirmed_by=by))
