"""What a playbook asks of the people of a purchase: how long judgements hold, and how far we must have come with whom.

The relationship matrix is three levels of need × our product and our company, for each person (b-playbook-8, §3).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from duobiao.playbooks.domain.vocabulary import Origin

LONGEST_HALF_LIFE: Final = 3660


class Judged(StrEnum):
    """What is judged of a person; DESIRE, MOTIVATION and SWAY of the final decider only."""

    STANCE = "STANCE"
    INFLUENCE = "INFLUENCE"
    ACCESS = "ACCESS"
    MODE = "MODE"
    DESIRE = "DESIRE"
    MOTIVATION = "MOTIVATION"
    SWAY = "SWAY"


class Cell(StrEnum):
    """A cell of the relationship matrix: the need that is met, and whether our product or our company meets it."""

    COMPANY_NEED_PRODUCT = "COMPANY_NEED_PRODUCT"
    COMPANY_NEED_COMPANY = "COMPANY_NEED_COMPANY"
    PERSONAL_NEED_PRODUCT = "PERSONAL_NEED_PRODUCT"
    PERSONAL_NEED_COMPANY = "PERSONAL_NEED_COMPANY"
    PERSONAL_TIE_PRODUCT = "PERSONAL_TIE_PRODUCT"
    PERSONAL_TIE_COMPANY = "PERSONAL_TIE_COMPANY"


class Who(StrEnum):
    """The people of a purchase by the part they play in it.

    COACH: whoever inside helps us; TEAM: everybody with a part in the decision; KEY: final decider and key influencers;
    COMMERCIAL: purchasing, finance, legal.
    """

    HANDLER = "HANDLER"
    COACH = "COACH"
    TECHNICAL = "TECHNICAL"
    USING = "USING"
    TEAM = "TEAM"
    INFLUENCER = "INFLUENCER"
    KEY = "KEY"
    DECIDER = "DECIDER"
    COMMERCIAL = "COMMERCIAL"


class Of(StrEnum):
    """Of how many of them the cells are asked: each who is there, more than half, or one at least."""

    EACH = "EACH"
    MAJORITY = "MAJORITY"
    ONE = "ONE"


@dataclass(frozen=True, slots=True)
class Relation:
    """How far a stage wants us to have come with some people; what earlier stages want stays wanted.

    Attributes:
        cells: Which cells they must have accepted; empty: it is enough that there is such a person.
    """

    who: Who
    cells: tuple[Cell, ...]
    of: Of
    origin: str

    @property
    def key(self) -> str:
        """What names it within its stage."""
        return f"{self.who}.{self.of}"


HalfLives = Mapping[Judged, int]
"""Days in which the confidence in a judgement halves."""


@dataclass(frozen=True, slots=True)
class Standard:
    """What a playbook goes by that says nothing of the people itself.

    Attributes:
        relations: By process, then by the buyer's stage.
    """

    half_lives: HalfLives
    relations: Mapping[str, Mapping[int, tuple[Relation, ...]]]

    def relations_of(self, process: str, covers: Sequence[tuple[int, int]]) -> list[tuple[Relation, ...]]:
        """Return what each of our stages asks: what is meant for a stage of the buyer belongs to the first that covers it.

        Args:
            covers: First and last buyer stage of each of our stages; 0 where that is not said.
        """
        found: list[dict[str, Relation]] = [{} for _stage in covers]
        for buyer, rows in sorted(self.relations.get(process, {}).items()):
            stage = next((found[place] for place, (first, last) in enumerate(covers) if first <= buyer <= last), {})
            for row in rows:
                stage[row.key] = joined(stage[row.key], row) if row.key in stage else row
        return [tuple(stage.values()) for stage in found]


def joined(one: Relation, other: Relation) -> Relation:
    """Return what two relations with the same people ask together."""
    cells = tuple(cell for cell in Cell if cell in one.cells or cell in other.cells)
    return replace(one, cells=cells, origin=one.origin if one.origin == other.origin else Origin.INFERRED.value)
