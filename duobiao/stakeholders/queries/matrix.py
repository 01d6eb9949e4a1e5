"""The relationship matrix of a chain: how far we came with each person, and what the stage asks for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from duobiao.opportunities.queries.signal_facts import stage_at_work
from duobiao.playbooks.domain.people import Who
from duobiao.playbooks.queries.people_words import PEOPLE
from duobiao.stakeholders.domain.asking import asked_of
from duobiao.stakeholders.domain.relations import (
    ACCEPTED,
    NONE,
    RelationType,
    Square,
    relation_score,
    relation_type,
)
from duobiao.stakeholders.queries.chain import Chain, Figure, member_of
from duobiao.stakeholders.queries.playbook_rules import relations_until


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
        required, accepted: Cells and people asked for, and how many of these are accepted or known; of what some of several
            must accept, no more than that counts.
        nobody: People of whom one is asked for and nobody is there.
    """

    on: date
    stage: int
    rows: list[MatrixRow]
    required: int
    accepted: int
    nobody: list[Who]

    @property
    def nobody_named(self) -> list[str]:
        """What those are called of whom nobody is there."""
        return [str(PEOPLE[who]) for who in self.nobody]


def matrix_of(chain: Chain) -> Matrix:
    """Return the matrix of those who are there, those who lack most first."""
    stage = max(1, stage_at_work(chain.deal))
    asked_for = asked_of([member_of(figure) for figure in chain.present], relations_until(chain.deal, stage))
    rows = [_row(figure, asked_for.of(figure.key)) for figure in chain.present]
    own = [cell for row in rows for cell in row.cells if cell.square in asked_for.own.get(row.figure.key, ())]
    place = {figure.key: number for number, figure in enumerate(chain.people)}
    rows.sort(key=lambda row: (-len(row.lacking), place[row.figure.key]))
    return Matrix(
        on=chain.on,
        stage=stage,
        rows=rows,
        required=len(own) + asked_for.wanted,
        accepted=sum(cell.state == ACCEPTED for cell in own) + asked_for.accepted,
        nobody=asked_for.nobody,
    )


def _row(figure: Figure, asked: Collection[Square]) -> MatrixRow:
    cells = []
    for square in Square:
        held = figure.cells.get(square)
        state = held.state if held else NONE
        cells.append(
            CellShown(square, state, square in asked, held.words if held else "", held.on if held and state else None)
        )
    states = {cell.square: cell.state for cell in cells}
    return MatrixRow(figure, cells, relation_type(states), relation_score(states))
