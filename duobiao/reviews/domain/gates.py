"""The control points: what each is for, what it asks, and which evidence it yields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from duobiao.playbooks.domain.model import Gate, Playbook, Text


class Reply(StrEnum):
    """The reply to a question of a control point."""

    YES = "YES"
    NO = "NO"
    NOT_NEEDED = "NOT_NEEDED"


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a control point."""

    key: str
    title: Text
    origin: str


@dataclass(frozen=True, slots=True)
class GateForm:
    """What a review at one control point works through.

    Attributes:
        evidence: Key of the evidence that a decision to go yields.
        buyer_stage: Stage of the buyer around which it is held, where the playbook says nothing.
    """

    gate: Gate
    title: Text
    purpose: Text
    evidence: str
    buyer_stage: int
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """Where a review stands in a playbook.

    Attributes:
        stage: The stage of ours whose gate is looked at.
        item: Key of the item it proves, "" where the playbook has none.
        is_control_point: Whether the playbook steers by it; such an item is waived only by who could decide the review.
    """

    stage: int
    item: str
    is_control_point: bool


def parse_gates(document: Mapping[str, Any]) -> dict[Gate, GateForm]:
    """Read the control points, in the order of the file."""
    found = {}
    for row in document["gates"]:
        questions = tuple(Question(q["key"], q["title"], q["origin"]) for q in row["questions"])
        gate = Gate(row["gate"])
        found[gate] = GateForm(gate, row["title"], row["purpose"], row["evidence"], row["buyer_stage"], questions)
    return found


def point_in(playbook: Playbook, form: GateForm) -> Point:
    """Return where a review stands: at its control point, else at the item its evidence proves, else by the buyer."""
    for stage in playbook.stages:
        for point in stage.control_points:
            if point.kind is form.gate:
                return Point(stage.number, point.item, is_control_point=True)
    for item in playbook.items:
        if form.evidence in item.evidence_keys:
            return Point(item.stage, item.key, is_control_point=False)
    return Point(playbook.covering(form.buyer_stage).number, "", is_control_point=False)


def open_replies(form: GateForm, replies: Mapping[str, str]) -> Sequence[str]:
    """Return the keys of questions that are answered with no."""
    return [question.key for question in form.questions if replies.get(question.key) == Reply.NO]
