"""The relationship matrix of a chain: how far we came with each person, and what the stage asks for."""

from dataclasses import dataclass
from datetime import date

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
        stage: The stage it is judged by: the present one, at least the first.
        required, accepted: Cells asked for, and how many of these are accepted.
    """

    on: date
    stage: int
    rows: list[MatrixRow]
    required: int
    accepted: int


def matrix_of(chain: Chain) -> Matrix:
    """Return the matrix of those who are there, those who lack most first."""
    stage = max(1, chain.deal.stage_number)
    rows = [_row(figure, stage) for figure in chain.present]
    asked = [cell for row in rows for cell in row.cells if cell.required]
    rows.sort(key=lambda row: (-len(row.lacking), chain.people.index(row.figure)))
    return Matrix(chain.on, stage, rows, len(asked), sum(cell.state == ACCEPTED for cell in asked))


def _row(figure: Figure, stage: int) -> MatrixRow:
    asked = required(stage, member_of(figure).traits, rules().required)
    cells = []
    for square in Square:
        held = figure.cells.get(square)
        state = held.state if held else NONE
        cells.append(
            CellShown(square, state, square in asked, held.words if held else "", held.on if held and state else None)
        )
    states = {cell.square: cell.state for cell in cells}
    return MatrixRow(figure, cells, relation_type(states), relation_score(states))
