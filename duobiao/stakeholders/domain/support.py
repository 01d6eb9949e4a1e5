"""How the chain stands: net support, coverage of departments and levels, relation type and score."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

NEUTRAL_INFLUENCE: Final = 3
"""What counts where nobody judged somebody's influence."""


class Role(StrEnum):
    """The part a person plays in the decision."""

    UNKNOWN = "UNKNOWN"
    FINAL_DECIDER = "FINAL_DECIDER"
    INFLUENCER = "INFLUENCER"
    GATEKEEPER = "GATEKEEPER"
    USER = "USER"


ROLE_WEIGHTS: Final[Mapping[Role, int]] = {
    Role.FINAL_DECIDER: 5,
    Role.INFLUENCER: 3,
    Role.GATEKEEPER: 2,
    Role.USER: 1,
    Role.UNKNOWN: 1,
}


class Level(StrEnum):
    """How high somebody sits."""

    TOP = "TOP"
    MIDDLE = "MIDDLE"
    BASE = "BASE"
    OUTSIDE = "OUTSIDE"


@dataclass(frozen=True, slots=True)
class Voice:
    """What of a person counts for the support.

    Attributes:
        influence: 1 to 5; None counts 3.
        stance: −2 to 2; None: unknown, and left out.
    """

    role: Role
    influence: int | None
    stance: int | None


def voice_weight(voice: Voice) -> int:
    """Return role weight × influence."""
    return ROLE_WEIGHTS[voice.role] * (voice.influence or NEUTRAL_INFLUENCE)


def support_index(voices: Iterable[Voice]) -> float | None:
    """Return Σ w·s ÷ (2 Σ w), from −1 to 1; None where no stance is known.

    ``w`` is role weight × influence, ``s`` the stance.
    """
    known = [(voice_weight(voice), voice.stance) for voice in voices if voice.stance is not None]
    whole = sum(weight for weight, _stance in known)
    return sum(weight * stance for weight, stance in known) / (2 * whole) if whole else None


@dataclass(frozen=True, slots=True)
class Seat:
    """Where one person sits, and whether we speak to them."""

    person: str
    department: str
    level: Level
    covered: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One department on one level."""

    department: str
    level: Level
    people: tuple[str, ...]
    spoken_to: tuple[str, ...]

    @property
    def single(self) -> bool:
        """Whether one contact alone holds it."""
        return len(self.spoken_to) == 1


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the chain we reach.

    Attributes:
        covered_ratio: Cells with somebody we speak to ÷ cells with anybody, 0 to 1; None without cells.
        single_threaded: At most one person is spoken to in the whole chain, of two or more.
    """

    departments: tuple[str, ...]
    levels: tuple[Level, ...]
    cells: tuple[Cell, ...]
    covered_ratio: float | None
    single_threaded: bool

    @property
    def gaps(self) -> list[Cell]:
        """Cells where nobody is spoken to."""
        return [cell for cell in self.cells if not cell.spoken_to]


def coverage(seats: Collection[Seat]) -> Coverage:
    """Return departments × levels with who is there and who is spoken to."""
    held: dict[tuple[str, Level], list[Seat]] = {}
    for seat in seats:
        held.setdefault((seat.department, seat.level), []).append(seat)
    cells = tuple(
        Cell(
            department,
            level,
            tuple(seat.person for seat in there),
            tuple(seat.person for seat in there if seat.covered),
        )
        for (department, level), there in sorted(
            held.items(), key=lambda row: (row[0][0], list(Level).index(row[0][1]))
        )
    )
    reached = sum(bool(cell.spoken_to) for cell in cells)
    spoken_to = sum(seat.covered for seat in seats)
    return Coverage(
        departments=tuple(sorted({seat.department for seat in seats})),
        levels=tuple(level for level in Level if any(seat.level is level for seat in seats)),
        cells=cells,
        covered_ratio=reached / len(cells) if cells else None,
        single_threaded=len(seats) > 1 and spoken_to <= 1,
    )
