"""Which cells of the relationship matrix are asked of whom, by the relations that a playbook wants."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from duobiao.playbooks.domain.people import Of, Relation, Who
from duobiao.stakeholders.domain.relations import ACCEPTED, Square
from duobiao.stakeholders.domain.standing import Member


@dataclass(slots=True)
class Asked:
    """What is asked of the people who are there.

    Attributes:
        cells: By the key of the person.
        nobody: People of whom one is wanted and nobody is there.
        wanted, known: People wanted by the part they play alone, and how many of these parts somebody plays; a part that
            nobody plays counts its cells.
    """

    cells: dict[int, set[Square]] = field(default_factory=dict)
    nobody: list[Who] = field(default_factory=list)
    wanted: int = 0
    known: int = 0


def asked_of(members: Sequence[Member], relations: Iterable[Relation]) -> Asked:
    """Return what some relations ask of people.

    Of a majority, or of one, it is asked of those who have come furthest with these cells, so that what is asked is met
    exactly when more than half of them, or one, have accepted all of them.

    Args:
        members: Who is there, the weightiest first.
    """
    found = Asked()
    for relation in relations:
        squares = [Square(cell) for cell in relation.cells]
        fitting = [member for member in members if relation.who in member.traits]
        if relation.of is Of.ONE and (not fitting or not squares):
            found.wanted += max(1, len(squares))
            found.known += bool(fitting)
            found.nobody += [relation.who] if not fitting and relation.who not in found.nobody else []
        for member in _chosen(fitting, squares, relation.of):
            found.cells.setdefault(member.key, set()).update(squares)
    return found


def _chosen(fitting: Sequence[Member], squares: Sequence[Square], of: Of) -> Sequence[Member]:
    if of is Of.EACH:
        return fitting
    furthest = sorted(fitting, key=lambda member: -_accepted(member, squares))
    return furthest[: 1 if of is Of.ONE else len(fitting) // 2 + 1]


def _accepted(member: Member, squares: Iterable[Square]) -> int:
    return sum(square in member.cells and member.cells[square].state == ACCEPTED for square in squares)
