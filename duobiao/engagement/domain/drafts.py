"""What a draft suggestion proves, and what it gives the customer to set up a project."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from duobiao.engagement.domain.findings import Finding, Why
from duobiao.engagement.domain.visits import DRAFT
from duobiao.playbooks.domain.model import Grade

PARTS: Final = ("PROBLEM", "GOAL", "DIRECTION", "BENEFIT", "ESTIMATE", "SCHEDULE", "RISK", "APPLICATION")
"""What a paper needs that the customer can raise inside the house with; the last is the text of the application itself."""


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """A draft as handed over, as far as proving goes.

    Attributes:
        receiver: Key of the contact who received it; ``channel`` how.
        remark: What the customer said to it, in their words; ``said_by`` who, ``said_through`` how.
    """

    title: str
    on: date
    receiver: int
    channel: str
    withdrawn: bool = False
    remark: str = ""
    said_by: int | None = None
    said_through: str = ""
    said_on: date | None = None


def judge_draft(draft: DraftFacts) -> list[Finding]:
    """Return what a draft proves: handed over it is documented, answered in the customer's words it is reported."""
    if draft.withdrawn:
        return []
    handed = Finding(
        DRAFT,
        Why.STATED,
        Grade.DOCUMENTED,
        detail=draft.title,
        on=draft.on,
        person=draft.receiver,
        channel=draft.channel,
        quote=draft.title,
    )
    if not (draft.remark.strip() and draft.said_by is not None and draft.said_through):
        return [handed]
    answered = Finding(
        DRAFT,
        Why.STATED,
        Grade.BUYER_CONFIRMED,
        detail=draft.title,
        on=draft.said_on or draft.on,
        person=draft.said_by,
        channel=draft.said_through,
        quote=draft.remark,
    )
    return [handed, answered]


def lacking_parts(parts: Iterable[str]) -> list[str]:
    """Return what is missing for the customer to raise the project, in the order of the paper."""
    held = set(parts)
    return [part for part in PARTS if part not in held]
