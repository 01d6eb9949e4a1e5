"""The buyer's acts that can be recorded on a deal, by the stage they show."""

from dataclasses import dataclass

from django.utils.translation import get_language

from duobiao.opportunities.queries.explain import Explained
from duobiao.playbooks.domain.model import Method
from duobiao.playbooks.queries import catalogue, text_of


@dataclass(frozen=True, slots=True)
class MarkChoice:
    """One act of the buyer.

    Attributes:
        held: It is already recorded.
        settles: Stage up to which it settles all items, 0 for none.
    """

    key: str
    title: str
    hint: str
    held: bool
    settles: int = 0


@dataclass(frozen=True, slots=True)
class MarkGroup:
    """The acts that show one stage of the buyer; number 0 holds what throws the buyer back."""

    number: int
    title: str
    marks: tuple[MarkChoice, ...]


def marks_for(explained: Explained, *, every: bool) -> list[MarkGroup]:
    """Return the acts that make sense under the deal's purchase method, stage by stage.

    Args:
        every: Show those of other methods too; while the method is unknown they are shown anyway.
    """
    method, language = explained.assessment.method, get_language()
    narrowed = method is not Method.UNKNOWN and not every
    held = _held(explained)
    groups = []
    for stage in explained.compiled.playbook.buyer_stages:
        marks = [m for m in stage.marks if not narrowed or m.methods is None or method in m.methods]
        settles = explained.compiled.playbook.settlements
        choices = tuple(_choice(m.evidence, held, language, settles.get(m.evidence, 0)) for m in marks)
        groups.append(MarkGroup(stage.number, text_of(stage.title, language), choices))
    return groups


def resets_for(explained: Explained) -> list[MarkChoice]:
    """Return the acts that throw the buyer back."""
    held, language = _held(explained), get_language()
    return [_choice(reset.evidence, held, language, 0) for reset in explained.compiled.playbook.resets]


def _choice(key: str, held: set[str], language: str | None, settles: int) -> MarkChoice:
    evidence = catalogue()[key]
    return MarkChoice(key, text_of(evidence.title, language), text_of(evidence.hint, language), key in held, settles)


def _held(explained: Explained) -> set[str]:
    return {row.fact.key for row in explained.ledger.proofs if row.fact.retracted_on is None}
