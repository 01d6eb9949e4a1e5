"""What of the chain supplies a kind of evidence: whom it is about, what each still lacks, and the form for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from duobiao.customers.models import RelationCell
from duobiao.opportunities.models import Opportunity
from duobiao.playbooks.domain.people import Who
from duobiao.playbooks.domain.vocabulary import Supplier
from duobiao.playbooks.queries import catalogue, compiled_playbook
from duobiao.stakeholders.domain.relations import ACCEPTED, Square
from duobiao.stakeholders.queries.chain import Chain, Figure, member_of
from duobiao.stakeholders.queries.definitions import rules


class Way(StrEnum):
    """What is recorded: a cell of the matrix, where somebody stands, or which part somebody plays."""

    RELATION = "RELATION"
    STANCE = "STANCE"
    PART = "PART"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a kind of evidence asks of the people of a chain.

    Attributes:
        who: None: everybody who is there.
        squares: Cells to be accepted, with ``Way.RELATION``.
        stance: Least stance that does, with ``Way.STANCE``; None: any that is known.
    """

    way: Way
    who: Who | None
    squares: tuple[Square, ...] = ()
    stance: int | None = None


FACTS: Final[Mapping[str, Asked]] = {
    "STANCES_KNOWN": Asked(Way.STANCE, None),
    "MAJORITY_FOR_US": Asked(Way.STANCE, None, stance=1),
    "DECIDER_HELPS": Asked(Way.STANCE, Who.DECIDER, stance=2),
    "KEY_PEOPLE_SEE_VALUE": Asked(Way.RELATION, Who.KEY, (Square.COMPANY_NEED_PRODUCT,)),
}
PARTS: Final[Mapping[str, Asked]] = {
    "stakeholders.purchase_team_listed": Asked(Way.PART, Who.TEAM),
    "stakeholders.team_mapped": Asked(Way.PART, Who.COACH),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A form that brings one person further; ``words`` name the cell it begins with."""

    url: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One person it is about.

    Attributes:
        steps: Forms for what is lacking; none: nothing is lacking.
    """

    figure: Figure
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Supplying:
    """How a kind of evidence is supplied.

    Attributes:
        rows: Whom it is about, who lacks something first.
    """

    evidence: str
    asked: Asked
    rows: tuple[Row, ...]

    @property
    def only_step(self) -> str:
        """The one form there is, where nothing is to be chosen; ""."""
        steps = [step for row in self.rows for step in row.steps]
        return steps[0].url if len(steps) == 1 and len(self.rows) == 1 else ""


def asked_by(evidence: str) -> Asked | None:
    """Return what a kind of evidence asks of the chain; None where the chain does not supply it."""
    held = rules()
    by_cells = {rule.evidence: rule for rule in (*held.cells, held.majority)}
    if evidence in by_cells:
        rule = by_cells[evidence]
        return Asked(Way.RELATION, Who(rule.trait), rule.squares)
    by_facts = {key: fact for fact, key in held.facts.items()}
    if evidence in by_facts:
        return FACTS[by_facts[evidence]]
    return PARTS.get(evidence)


def keys_of(deal: Opportunity, *, key: str, item: str) -> list[str]:
    """Return which evidence of the chain is meant: the one named, else what would do for an item of the playbook."""
    entry = compiled_playbook(deal.playbook_id).by_key.get(item)
    keys = [key] if key else [accept.evidence for accept in entry.item.accepts] if entry is not None else []
    return [key for key in keys if key in catalogue() and catalogue()[key].supplied_by is Supplier.CHAIN]


def supplying(chain: Chain, evidence: str, asked: Asked) -> Supplying:
    """Return whom of a chain the evidence is about, and the forms for what they lack."""
    rows = [Row(figure, _steps(figure, asked)) for figure in _about(chain, asked)]
    rows.sort(key=lambda row: (not row.steps, chain.people.index(row.figure)))
    return Supplying(evidence, asked, tuple(rows))


def _about(chain: Chain, asked: Asked) -> list[Figure]:
    if asked.who is None or asked.way is Way.PART:
        return chain.present
    return [figure for figure in chain.present if asked.who in member_of(figure).traits]


def _steps(figure: Figure, asked: Asked) -> tuple[Step, ...]:
    base = f"/deal-people/{figure.row.ref}"
    if asked.way is Way.PART:
        return () if asked.who in member_of(figure).traits else (Step(f"{base}/edit/"),)
    if asked.way is Way.STANCE:
        stance = member_of(figure).stance
        known = stance is not None and (asked.stance is None or stance >= asked.stance)
        return () if known else (Step(f"{base}/observe/"),)
    open_squares = _open(figure, asked.squares)
    return tuple(
        Step(f"{base}/relation/?{urlencode({'cell': square})}", str(RelationCell(square).label))
        for square in open_squares
    )


def _open(figure: Figure, squares: Iterable[Square]) -> list[Square]:
    states = {square: held.state for square, held in figure.cells.items()}
    return [square for square in squares if states.get(square) != ACCEPTED]
