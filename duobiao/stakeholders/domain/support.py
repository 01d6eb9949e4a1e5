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


PARTS: Final = (Role.FINAL_DECIDER, Role.INFLUENCER, Role.GATEKEEPER, Role.USER)
"""The four parts of a decision, the weightiest first; one without anybody is missing."""


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
class Ground:
    """On how much a net support rests.

    Attributes:
        judged: People whose stance is known, of ``people``.
        share: Their part of the whole weight, 0 to 1; 0 without people.
    """

    judged: int
    people: int
    share: float


def ground_of(voices: Iterable[Voice]) -> Ground:
    """Return on how many people, and on what part of the weight, the net support rests."""
    held = list(voices)
    known = [voice for voice in held if voice.stance is not None]
    whole = sum(map(voice_weight, held))
    return Ground(len(known), len(held), sum(map(voice_weight, known)) / whole if whole else 0.0)


@dataclass(frozen=True, slots=True)
class Seat:
    """Where one person sits, and whether we speak to them.

    Attributes:
        function: Of the department, as a code; "" where it is unknown.
        left: No longer there: the seat is to be won anew.
    """

    person: str
    department: str
    level: Level
    covered: bool
    function: str = ""
    left: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A department that every purchase of this kind touches, on the lowest level that speaks for it."""

    function: str
    department: str
    level: Level


@dataclass(frozen=True, slots=True)
class Cell:
    """One department on one level.

    Attributes:
        people: Who sits there now; nobody where all left, or where nobody is known yet.
    """

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
        cells: All that are required: those of departments asked for, and those where anybody of the deal ever sat.
        covered_ratio: Cells with somebody we speak to ÷ cells required, 0 to 1; None where nobody was ever known.
        spoken_to: How many people are spoken to.
    """

    departments: tuple[str, ...]
    levels: tuple[Level, ...]
    cells: tuple[Cell, ...]
    covered_ratio: float | None
    spoken_to: int

    @property
    def single_threaded(self) -> bool:
        """Whether one person alone is spoken to."""
        return self.spoken_to == 1

    def at(self, department: str, level: Level) -> Cell | None:
        """Return the cell of a department and level; None where nothing is required."""
        return next((cell for cell in self.cells if (cell.department, cell.level) == (department, level)), None)

    @property
    def gaps(self) -> list[Cell]:
        """Cells where nobody is spoken to."""
        return [cell for cell in self.cells if not cell.spoken_to]

    @property
    def reached(self) -> int:
        """Cells where somebody is spoken to."""
        return len(self.cells) - len(self.gaps)


def coverage(seats: Collection[Seat], asked: Collection[Asked] = ()) -> Coverage:
    """Return departments × levels that are required, with who is there and who is spoken to.

    A department that is asked for counts as known once somebody of its function sat there on its level or above; without,
    it is a cell with nobody. Where nobody was ever known nothing is required yet.
    """
    held: dict[tuple[str, Level], list[Seat]] = {}
    for seat in seats:
        held.setdefault((seat.department, seat.level), []).append(seat)
    if held:
        for row in asked:
            if not any(_speaks_for(seat, row) for seat in seats):
                held.setdefault((row.department, row.level), [])
    order = list(Level)
    cells = tuple(
        Cell(
            department,
            level,
            tuple(seat.person for seat in sitting if not seat.left),
            tuple(seat.person for seat in sitting if seat.covered and not seat.left),
        )
        for (department, level), sitting in sorted(held.items(), key=lambda row: (row[0][0], order.index(row[0][1])))
    )
    reached = sum(bool(cell.spoken_to) for cell in cells)
    return Coverage(
        departments=tuple(sorted({department for department, _level in held})),
        levels=tuple(level for level in Level if any(cell.level is level for cell in cells)),
        cells=cells,
        covered_ratio=reached / len(cells) if cells else None,
        spoken_to=sum(seat.covered and not seat.left for seat in seats),
    )


def _speaks_for(seat: Seat, asked: Asked) -> bool:
    order = list(Level)
    high_enough = seat.level is not Level.OUTSIDE and order.index(seat.level) <= order.index(asked.level)
    return seat.function == asked.function and high_enough
