"""The relationship matrix of a chain: how far we came with each person, and what the stage asks for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from duobiao.opportunities.queries.signal_facts import stage_at_work
from duobiao.stakeholders.domain.relations import (
    ACCEPTED,
    NONE,
    RelationType,
    Square,
    relation_score,
    relation_type,
    required,
)
from duobiao.stakeholders.queries.chain import Chain, Figure, member_of
from duobiao.stakeholders.queries.definitions import rules


@dataclass(frozen=True, slots=True)
class CellShown:
    """One cell of one person.

    Attributes:
        required: The stage asks for it.
        words: What shows it.
    """

    square: Square
    state: int
    required: bool
    words: str
    on: date | None

    @property
    def lacks(self) -> bool:
        """Whether it is asked for and not accepted yet."""
        return self.required and self.state != ACCEPTED


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One person."""

    figure: Figure
    cells: list[CellShown]
    type: RelationType
    score: float

    @property
    def lacking(self) -> list[CellShown]:
        """What the stage asks for and is not there."""
        return [cell for cell in self.cells if cell.lacks]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The matrix of a deal.

    Attributes:
        stage: The stage at work, whose gate is ahead.
        required, accepted: Cells asked for, and how many of these are accepted; of what the majority of the team must
            accept, no more than a majority counts.
        coach: Somebody of the chain helps us; None while the stage does not ask for it.
    """

    on: date
    stage: int
    rows: list[MatrixRow]
    required: int
    accepted: int
    coach: bool | None = None


def matrix_of(chain: Chain) -> Matrix:
    """Return the matrix of those who are there, those who lack most first."""
    stage = max(1, stage_at_work(chain.deal))
    most = _Majority(chain, stage)
    rows = [_row(figure, stage, most) for figure in chain.present]
    own = [cell for row in rows for cell in row.cells if cell.required and cell.square not in most.of(row.figure)]
    place = {figure.key: number for number, figure in enumerate(chain.people)}
    rows.sort(key=lambda row: (-len(row.lacking), place[row.figure.key]))
    return Matrix(
        on=chain.on,
        stage=stage,
        rows=rows,
        required=len(own) + most.required,
        accepted=sum(cell.state == ACCEPTED for cell in own) + most.accepted,
        coach=any(figure.row.coach_grade for figure in chain.present) if stage >= rules().coach_from else None,
    )


class _Majority:
    """What more than half of the purchase team must accept: asked of everybody who has not, until enough have."""

    def __init__(self, chain: Chain, stage: int) -> None:
        held = rules().most
        squares = held.squares if stage >= held.stage else ()
        self.squares = frozenset(squares)
        self.team = {figure.key for figure in chain.present if "TEAM" in member_of(figure).traits} if squares else set()
        accepted = sorted(
            (_accepted(figure, self.squares) for figure in chain.present if figure.key in self.team), reverse=True
        )
        needed = len(self.team) // 2 + 1 if self.team else 0
        self.required = needed * len(self.squares)
        self.accepted = sum(accepted[:needed])
        self.reached = self.accepted == self.required
        self.own: dict[int, frozenset[Square]] = {}

    def of(self, figure: Figure) -> frozenset[Square]:
        """Return the cells that are asked of somebody only for the majority."""
        if figure.key not in self.team:
            return frozenset()
        return self.squares - self.own.get(figure.key, frozenset())

    def asked_of(self, figure: Figure) -> frozenset[Square]:
        """Return the cells that are marked as asked: of everybody while the majority is missing, else of those who accepted."""
        squares = self.of(figure)
        return squares if not self.reached or _accepted(figure, squares) == len(squares) else frozenset()


def _accepted(figure: Figure, squares: Collection[Square]) -> int:
    return sum(square in figure.cells and figure.cells[square].state == ACCEPTED for square in squares)


def _row(figure: Figure, stage: int, most: _Majority) -> MatrixRow:
    own = required(stage, member_of(figure).traits, rules().required)
    most.own[figure.key] = frozenset(own)
    asked = own | most.asked_of(figure)
    cells = []
    for square in Square:
        held = figure.cells.get(square)
        state = held.state if held else NONE
        cells.append(
            CellShown(square, state, square in asked, held.words if held else "", held.on if held and state else None)
        )
    states = {cell.square: cell.state for cell in cells}
    return MatrixRow(figure, cells, relation_type(states), relation_score(states))
