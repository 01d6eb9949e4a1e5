"""What is read off people and proofs: DMI, C139, MEDDPICC and the Blue Sheet; nothing of them is typed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

DMI_POWERS: Final = {"DESIRE": 0.4, "MOTIVATION": 0.35, "SWAY": 0.25}
RESISTS_BELOW, DRIVES_FROM = 4.0, 7.0
C139_BASE, C139_CLEAR, C139_FIRST, C139_WIN, C139_COACH = 5, 4, 10, 20, 4
C139_MOST = 95
BANDS: Final = ((14, "S"), (12, "A"), (8, "B"), (4, "C"), (0, "D"))
"""Least total of each MEDDPICC band, of 16."""
ORDER: Final = (
    "pain",
    "champion",
    "economic_buyer",
    "metrics",
    "decision_criteria",
    "decision_process",
    "paper_process",
    "competition",
)
"""In which order the elements of MEDDPICC are worked on."""
DOCUMENTED: Final = 2
FULL, PART = 2, 1


class Drive(StrEnum):
    """What a DMI index means."""

    RESISTS = "RESISTS"
    HESITATES = "HESITATES"
    DRIVES = "DRIVES"


@dataclass(frozen=True, slots=True)
class Dmi:
    """The attitude of the final decider.

    Attributes:
        index: 0 to 10.
        weakest: ``DESIRE``, ``MOTIVATION`` or ``SWAY``: what is worked on next.
    """

    index: float
    drive: Drive
    weakest: str


def dmi(*, desire: int, motivation: int, sway: int) -> Dmi:
    """Return D^0.4 · M^0.35 · I^0.25, where I is the signed influence mapped from −10…10 to 0…10.

    A geometric mean: one zero stops the decision. Names after the method's documents, the powers are our proposal.

    Args:
        desire, motivation: 0 to 10.
        sway: −10 (others pull the decider away) to 10 (others push for us).
    """
    scores = {"DESIRE": float(desire), "MOTIVATION": float(motivation), "SWAY": (sway + 10) / 2}
    index = 1.0
    for name, power in DMI_POWERS.items():
        index *= scores[name] ** power
    drive = Drive.RESISTS if index < RESISTS_BELOW else Drive.HESITATES if index < DRIVES_FROM else Drive.DRIVES
    return Dmi(index, drive, min(scores, key=lambda name: scores[name]))


@dataclass(frozen=True, slots=True)
class Sign:
    """What shows an element.

    Attributes:
        full, part: Keys of evidence; documented evidence of ``full`` shows the whole, anything else a part.
        people_full, people_part: Facts about the people, see ``facts``.
    """

    key: str
    full: tuple[str, ...] = ()
    part: tuple[str, ...] = ()
    people_full: tuple[str, ...] = ()
    people_part: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """How far one element is shown.

    Attributes:
        points: 0, 1 or 2.
        by: The evidence keys and facts that show it.
        lacks: What would show the whole.
    """

    key: str
    points: int
    by: tuple[str, ...]
    lacks: tuple[str, ...]


def score(sign: Sign, *, grades: Mapping[str, int], facts: Collection[str]) -> Score:
    """Judge one element.

    Args:
        grades: Best live grade by evidence key.
        facts: What holds of the people.
    """
    whole = [key for key in sign.full if grades.get(key, 0) >= DOCUMENTED] + [f for f in sign.people_full if f in facts]
    some = [key for key in (*sign.full, *sign.part) if grades.get(key)] + [f for f in sign.people_part if f in facts]
    points = FULL if whole else PART if some else 0
    lacks = () if whole else (*sign.full, *sign.people_full)
    return Score(sign.key, points, tuple(dict.fromkeys([*whole, *some])), lacks)


@dataclass(frozen=True, slots=True)
class Meddpicc:
    """The eight elements, their sum of 16, its band, and which to work on next."""

    scores: tuple[Score, ...]
    total: int
    band: str
    next: str


def meddpicc(signs: Iterable[Sign], *, grades: Mapping[str, int], facts: Collection[str]) -> Meddpicc:
    """Judge MEDDPICC: 0, 1 or 2 for each element; S from 14, A from 12, B from 8, C from 4, else D."""
    scores = tuple(score(sign, grades=grades, facts=facts) for sign in signs)
    total = sum(row.points for row in scores)
    held = {row.key: row.points for row in scores}
    weakest = next((key for key in ORDER if held.get(key, FULL) < FULL), "")
    return Meddpicc(scores, total, band(total), weakest)


def band(total: int) -> str:
    """Return the band of a total of 0 to 16."""
    return next(name for least, name in BANDS if total >= least)


@dataclass(frozen=True, slots=True)
class C139:
    """Nine clear, three first, one win.

    Attributes:
        percent: Chance of winning, 0 to 95; our proposal, the method has none.
        code: As people write it: ``6C2F1W``.
    """

    clear: tuple[Score, ...]
    first: tuple[Score, ...]
    win: Score
    coach_agrees: bool
    percent: int

    @property
    def code(self) -> str:
        """The value as people write it."""
        return f"{_met(self.clear)}C{_met(self.first)}F{int(self.win.points == FULL)}W"


def c139(
    clear: Iterable[Sign],
    first: Iterable[Sign],
    win: Sign,
    *,
    grades: Mapping[str, int],
    facts: Collection[str],
    coach_agrees: bool,
) -> C139:
    """Judge C139; only what is wholly shown counts."""
    cleared = tuple(score(sign, grades=grades, facts=facts) for sign in clear)
    firsts = tuple(score(sign, grades=grades, facts=facts) for sign in first)
    won = score(win, grades=grades, facts=facts)
    percent = c139_percent(
        clear=_met(cleared), first=_met(firsts), win=int(won.points == FULL), coach_agrees=coach_agrees
    )
    return C139(cleared, firsts, won, coach_agrees, percent)


def c139_percent(*, clear: int, first: int, win: int, coach_agrees: bool) -> int:
    """Return 5 + 4·C + 10·F + 20·W, 4 more where the coach agrees, from 0 to 95."""
    points = C139_BASE + C139_CLEAR * clear + C139_FIRST * first + C139_WIN * win
    return max(0, min(C139_MOST, points + C139_COACH * coach_agrees))


def _met(scores: Iterable[Score]) -> int:
    return sum(row.points == FULL for row in scores)


class Influence(StrEnum):
    """The four buying influences of the Blue Sheet."""

    ECONOMIC = "ECONOMIC"
    USER = "USER"
    TECHNICAL = "TECHNICAL"
    COACH = "COACH"


@dataclass(frozen=True, slots=True)
class Buyer:
    """One person as the Blue Sheet looks at them.

    Attributes:
        influences: Buying influences this person is.
        stance, influence, mode: None or "" while unknown.
        new: Came to the post of late, or the department was reorganised.
        covered: Somebody of ours speaks to them.
    """

    person: str
    influences: tuple[Influence, ...]
    stance: int | None
    influence: int | None
    mode: str
    covered: bool
    new: bool


@dataclass(frozen=True, slots=True)
class Flag:
    """A red flag; ``person`` "" where it concerns a role."""

    code: str
    person: str = ""
    influence: str = ""


RATINGS: Final = {-2: -5, -1: -3, 0: 0, 1: 3, 2: 5}
"""Rating −5 to 5 of a stance."""
DEAF: Final = frozenset({"EVEN_KEEL", "OVERCONFIDENT"})
REJECTS_FROM: Final = -4


def rating(stance: int | None) -> int | None:
    """Return the rating of the Blue Sheet for a stance."""
    return None if stance is None else RATINGS[stance]


def degree(influence: int | None) -> str:
    """Return the degree of influence: H from 4, M at 3, L below; "" while unknown."""
    if influence is None:
        return ""
    return "H" if influence >= 4 else "M" if influence == 3 else "L"


def red_flags(buyers: Sequence[Buyer]) -> list[Flag]:
    """Return the red flags: role not found or uncovered, no coach, new person, missing information, rejection, deaf ear."""
    flags = []
    for influence in Influence:
        there = [buyer for buyer in buyers if influence in buyer.influences]
        if not there:
            flags.append(Flag("NO_COACH" if influence is Influence.COACH else "UNKNOWN_ROLE", influence=influence))
        elif not any(buyer.covered for buyer in there):
            flags.append(Flag("UNCOVERED_ROLE", influence=influence))
    return flags + [flag for buyer in buyers for flag in _flags_of(buyer)]


def _flags_of(buyer: Buyer) -> list[Flag]:
    rated = rating(buyer.stance)
    economic = Influence.ECONOMIC in buyer.influences
    found = {
        "NEW_PERSON": buyer.new,
        "MISSING_INFORMATION": buyer.stance is None or buyer.influence is None or not buyer.influences,
        "REJECTS_US": rated is not None and rated <= REJECTS_FROM,
        "DEAF_ECONOMIC_BUYER": economic and buyer.mode in DEAF,
    }
    return [Flag(code, buyer.person) for code, holds in found.items() if holds]
