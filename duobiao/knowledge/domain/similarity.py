"""How well a case or an overview fits a customer: by industry, size and the likeness of the challenge, with the reason.

The three weights add up to 100: the same industry 50, the same size 20 (the next one 10), the challenge up to 30. A challenge
is alike by the share of tokens of the shorter text that the longer one holds: pairs of Chinese characters, words of other writing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from duobiao.search.domain.bigrams import tokens

SAME_INDUSTRY, NEAR_INDUSTRY = 50, 25
SAME_SIZE, NEXT_SIZE = 20, 10
CHALLENGE = 30
ALIKE: Final = 0.15
"""Below this share two challenges have nothing to do with each other."""
SIZES: Final = ("LOCAL", "REGIONAL", "NATIONAL", "MULTINATIONAL")

WIDE: Final = re.compile(
    "制造业?|服务业?|[行产工]业|[设装]备|工程|技术|科技|智能|生产|加工|系统|管理"
    "|\\b(?:manufacturing|services?|industr(?:y|ies|ial)|equipment|engineering|technolog(?:y|ies)|production|and)\\b",
    re.IGNORECASE,
)
"""Words of an industry that say nothing about which one it is."""


class Reason(StrEnum):
    """Why something fits."""

    SAME_INDUSTRY = "SAME_INDUSTRY"
    NEAR_INDUSTRY = "NEAR_INDUSTRY"
    SAME_SIZE = "SAME_SIZE"
    NEXT_SIZE = "NEXT_SIZE"
    LARGE = "LARGE"
    CHALLENGE = "CHALLENGE"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the customer is like; empty where unknown."""

    industry: str = ""
    size: str = ""
    challenge: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well something fits.

    Attributes:
        points: 0–100.
        reasons: Why, strongest first, each with what it speaks of.
    """

    points: int
    reasons: tuple[tuple[Reason, str], ...] = ()


def fit_of_case(wanted: Wanted, *, industry: str, size: str, challenges: str) -> Fit:
    """Judge a case; a case of the largest size is worth showing even to a small customer, though it earns nothing."""
    found = [_industry(wanted.industry, [industry]), _size(wanted.size, size), _challenge(wanted.challenge, challenges)]
    return _fit(found)


def fit_of_overview(wanted: Wanted, *, industries: Iterable[str], text: str) -> Fit:
    """Judge an overview: by industry and by what it speaks of."""
    return _fit([_industry(wanted.industry, list(industries)), _challenge(wanted.challenge, text)])


def likeness(one: str, other: str) -> float:
    """Return the share 0–1 of the tokens of the shorter text that the longer one holds."""
    held = [set(tokens(text)) for text in (one, other)]
    shorter, longer = sorted(held, key=len)
    return len(shorter & longer) / len(shorter) if shorter else 0.0


def _fit(found: list[tuple[int, Reason, str] | None]) -> Fit:
    held = sorted((row for row in found if row is not None), key=lambda row: -row[0])
    return Fit(sum(row[0] for row in held), tuple((reason, detail) for _points, reason, detail in held))


def _industry(wanted: str, held: list[str]) -> tuple[int, Reason, str] | None:
    names = [name.strip() for name in held if name.strip()]
    if not wanted.strip():
        return None
    if wanted.strip().lower() in {name.lower() for name in names}:
        return SAME_INDUSTRY, Reason.SAME_INDUSTRY, wanted
    near = next((name for name in names if _are_near(name, wanted)), None)
    return (NEAR_INDUSTRY, Reason.NEAR_INDUSTRY, near) if near is not None else None


def _are_near(one: str, other: str) -> bool:
    """Compare two industries without wide words; one of wide words alone is a wide field, which any of them is part of."""
    held = [_telling(WIDE.sub(" ", name)) for name in (one, other)]
    first, second = held if all(held) else [_telling(name) for name in (one, other)]
    return bool(first & second)


def _telling(name: str) -> set[str]:
    """Return the tokens of a name without the single last character that is kept for searches."""
    return {token for token in tokens(name) if len(token) > 1}


def _size(wanted: str, held: str) -> tuple[int, Reason, str] | None:
    if wanted not in SIZES or held not in SIZES:
        return (0, Reason.LARGE, held) if held == SIZES[-1] else None
    apart = abs(SIZES.index(wanted) - SIZES.index(held))
    if apart == 0:
        return SAME_SIZE, Reason.SAME_SIZE, held
    if apart == 1:
        return NEXT_SIZE, Reason.NEXT_SIZE, held
    return (0, Reason.LARGE, held) if held == SIZES[-1] else None


def _challenge(wanted: str, held: str) -> tuple[int, Reason, str] | None:
    """Compare line by line, so that one matching challenge among several counts fully."""
    lines = [line.strip() for line in held.splitlines() if line.strip()]
    if not wanted.strip() or not lines:
        return None
    share, line = max((likeness(line, wanted), line) for line in lines)
    return (round(CHALLENGE * min(1.0, share)), Reason.CHALLENGE, line) if share >= ALIKE else None
