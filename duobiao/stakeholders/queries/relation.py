"""How far the relations of many deals have come, for lists: support and coverage as last measured, cells as they stand."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from duobiao.opportunities.models import Opportunity
from duobiao.stakeholders.domain.relations import Square
from duobiao.stakeholders.domain.standing import Held
from duobiao.stakeholders.domain.support import coverage, ground_of
from duobiao.stakeholders.models import CellState, ChainFigures, DealPerson, RelationRecord
from duobiao.stakeholders.queries.chain import Chain, Figure
from duobiao.stakeholders.queries.matrix import matrix_of


@dataclass(frozen=True, slots=True)
class Relation:
    """How far the relations of a deal have come.

    Attributes:
        support: Net support index, −1 to 1; None while no stance is known.
        accepted, required: Cells of the relationship matrix that the stage asks for, and those accepted.
        covered_percent: 0 to 100; None while nobody is known.
    """

    support: float | None
    accepted: int
    required: int
    covered_percent: int | None


def relations(deals: Sequence[Opportunity], *, on: date) -> dict[int, Relation]:
    """Return the relations of those deals that have a chain, by their keys; three queries, and no graph is measured."""
    keys = [deal.pk for deal in deals]
    held = {row.opportunity_id: row for row in ChainFigures.objects.filter(opportunity__in=keys)}
    figures = _people(held, on) if held else {}
    return {deal.pk: _relation(deal, held[deal.pk], figures.get(deal.pk, []), on) for deal in deals if deal.pk in held}


def _relation(deal: Opportunity, row: ChainFigures, people: Sequence[Figure], on: date) -> Relation:
    unmeasured = Chain(
        deal, on, tuple(people), links=(), support=None, ground=ground_of(()), coverage=coverage([]), path=()
    )
    matrix = matrix_of(unmeasured)
    support = None if row.support_permille is None else row.support_permille / 1000
    return Relation(support, matrix.accepted, matrix.required, row.covered_percent)


def _people(deals: Collection[int], on: date) -> dict[int, list[Figure]]:
    cells: dict[int, dict[Square, Held]] = defaultdict(dict)
    records = RelationRecord.objects.filter(person__opportunity__in=deals, happened_on__lte=on, retracted_at=None)
    for row in records.order_by("happened_on", "recorded_at", "pk"):
        cells[row.person_id][Square(row.cell)] = Held(
            int(CellState(row.state)), row.happened_on, row.words, row.channel
        )
    people = DealPerson.objects.present().filter(opportunity__in=deals, joined_on__lte=on)
    found: dict[int, list[Figure]] = defaultdict(list)
    for person in people.filter(Q(left_on=None) | Q(left_on__gt=on)).select_related("contact").order_by("pk"):
        found[person.opportunity_id].append(
            Figure(person, {}, {}, cells.get(person.pk, {}), last_spoken=None, covered=False, left=False)
        )
    return found
