"""The relationship matrix: three levels of need × our product and our company, for each person (丁兴良)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

NONE, TOUCHED, ACCEPTED = 0, 1, 2


class Square(StrEnum):
    """A cell of the matrix; the values are those of the cards of contacts."""

    COMPANY_NEED_PRODUCT = "COMPANY_NEED_PRODUCT"
    COMPANY_NEED_COMPANY = "COMPANY_NEED_COMPANY"
    PERSONAL_NEED_PRODUCT = "PERSONAL_NEED_PRODUCT"
    PERSONAL_NEED_COMPANY = "PERSONAL_NEED_COMPANY"
    PERSONAL_TIE_PRODUCT = "PERSONAL_TIE_PRODUCT"
    PERSONAL_TIE_COMPANY = "PERSONAL_TIE_COMPANY"


LEVELS: Final = ("COMPANY_NEED", "PERSONAL_NEED", "PERSONAL_TIE")
LEVEL_WEIGHTS: Final[Mapping[str, float]] = {"COMPANY_NEED": 1.0, "PERSONAL_NEED": 1.5, "PERSONAL_TIE": 2.0}


class RelationType(StrEnum):
    """Whether the needs of the organisation and of the person are met."""

    OUTSIDER = "OUTSIDER"
    FRIEND = "FRIEND"
    SUPPLIER = "SUPPLIER"
    PARTNER = "PARTNER"


def level_of(square: Square) -> str:
    """Return the level a cell belongs to."""
    return next(level for level in LEVELS if square.startswith(level))


def relation_score(states: Mapping[Square, int]) -> float:
    """Return Σ state ÷ 2 × weight of the level, 0 to 9."""
    return sum(states.get(square, NONE) / 2 * LEVEL_WEIGHTS[level_of(square)] for square in Square)


def relation_type(states: Mapping[Square, int]) -> RelationType:
    """Return the type: is a need of the company met, is a need or tie of the person met?"""
    organisation = _met(states, "COMPANY_NEED")
    person = _met(states, "PERSONAL_NEED") or _met(states, "PERSONAL_TIE")
    if organisation:
        return RelationType.PARTNER if person else RelationType.SUPPLIER
    return RelationType.FRIEND if person else RelationType.OUTSIDER


def _met(states: Mapping[Square, int], level: str) -> bool:
    return any(states.get(square, NONE) == ACCEPTED for square in Square if level_of(square) == level)
