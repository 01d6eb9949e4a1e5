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
        own: Cells asked of each person for themselves, by the key of the person.
        shared: Cells that some of several people must have accepted: marked at all of them while these are missing, then at
            those who have.
        nobody: People of whom one is wanted and nobody is there.
        wanted, accepted: How many cells are wanted of some of several people, or of nobody that is there, and how many of
            these are accepted; a person wanted without cells counts one.
    """

    own: dict[int, set[Square]] = field(default_factory=dict)
    shared: dict[int, set[Square]] = field(default_factory=dict)
    nobody: list[Who] = field(default_factory=list)
    wanted: int = 0
    accepted: int = 0

    def of(self, key: int) -> set[Square]:
        """Return every cell that is marked as asked of a person."""
        return self.own.get(key, set()) | self.shared.get(key, set())


def asked_of(members: Sequence[Member], relations: Iterable[Relation]) -> Asked:
    """Return what some relations ask of the people who are there."""
    found = Asked()
    for relation in relations:
        squares = [Square(cell) for cell in relation.cells]
        fitting = [member for member in members if relation.who in member.traits]
        if relation.of is Of.EACH:
            for member in fitting:
                found.own.setdefault(member.key, set()).update(squares)
        elif fitting:
            _share(found, fitting, squares, 1 if relation.of is Of.ONE else len(fitting) // 2 + 1)
        elif relation.of is Of.ONE:
            found.wanted += max(1, len(squares))
            found.nobody += [relation.who] if relation.who not in found.nobody else []
    return found


def _share(found: Asked, fitting: Sequence[Member], squares: Sequence[Square], least: int) -> None:
    """Ask some cells of so many of several people; no more than that counts."""
    if not squares:
        found.wanted, found.accepted = found.wanted + 1, found.accepted + 1
        return
    furthest = sorted((_accepted(member, squares) for member in fitting), reverse=True)[:least]
    found.wanted += least * len(squares)
    found.accepted += sum(furthest)
    reached = sum(furthest) == least * len(squares)
    for member in fitting:
        if not reached or _accepted(member, squares) == len(squares):
            found.shared.setdefault(member.key, set()).update(squares)


def _accepted(member: Member, squares: Iterable[Square]) -> int:
    return sum(square in member.cells and member.cells[square].state == ACCEPTED for square in squares)
