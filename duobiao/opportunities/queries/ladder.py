"""The three grades of evidence, and how far the support on a form reaches."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from duobiao.opportunities.domain.support import Support, claim_of, recorded_grade
from duobiao.playbooks.domain.model import Grade
from duobiao.playbooks.queries import catalogue


@dataclass(frozen=True, slots=True)
class Step:
    """One grade: what it takes, and whether the support reaches exactly it."""

    grade: int
    text: str
    on: bool


@dataclass(frozen=True, slots=True)
class Ladder:
    """Where the support stands.

    Attributes:
        grade: The grade that will be kept.
        note: What to know about it: a ceiling, a missing second person.
    """

    grade: Grade
    steps: tuple[Step, ...]
    note: str


def ladder(key: str, *, files: int, by_buyer: bool, words: bool, person: bool, second_person_required: bool) -> Ladder:
    """Return the ladder for one kind of evidence.

    Args:
        key: Evidence key; its ceiling limits the grade.
        person: It is said who said it and how.
    """
    ceiling = catalogue()[key].ceiling
    support = Support(words=words, files=bool(files), person=person, second_person_required=second_person_required)
    claim = claim_of(files=files, by_buyer=by_buyer, words=words, person=person)
    grade, lowered = recorded_grade(claim, ceiling, support)
    internal = ceiling < Grade.BUYER_CONFIRMED
    texts = {
        Grade.ASSERTED: _("only our own word"),
        Grade.DOCUMENTED: _("a file, or words with their day"),
        Grade.BUYER_CONFIRMED: _("our own matters do not reach this")
        if internal
        else _("who said it and how, or a file the customer issued"),
    }
    return Ladder(
        grade=grade,
        steps=tuple(Step(int(step), text, on=step is grade) for step, text in texts.items()),
        note=_note(grade, lowered, second_person_required=second_person_required),
    )


def _note(grade: Grade, lowered: str, *, second_person_required: bool) -> str:
    if lowered == "ceiling":
        return _("Kept as documented: a matter of our own reaches no further.")
    if lowered == "unverified":
        return _("Counts as documented until a second person has verified it.")
    if grade is Grade.BUYER_CONFIRMED and not second_person_required:
        return _("Not verified by a second person: counts as buyer confirmed at once and is marked so.")
    return ""
