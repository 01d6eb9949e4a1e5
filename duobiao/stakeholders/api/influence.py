"""Influence on a chain: who carries weight, how the chain stands, and what would be if."""

from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from duobiao.identity.api_support import StrictSchema
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.api.common import deal_of
from duobiao.stakeholders.api.common import Named, asked_day
from duobiao.stakeholders.domain.judging import Topic
from duobiao.stakeholders.domain.support import Coverage
from duobiao.stakeholders.models import DealPerson
from duobiao.stakeholders.queries.chain import Chain, Figure, load_chain
from duobiao.stakeholders.queries.influence import suppose

router = Router()


class InfluenceNodeOut(Schema):
    """One person of the graph; shares of 1."""

    person: str
    contact: str
    name: str
    formal: float
    informal: float
    influence: float
    hidden: bool
    betweenness: float
    circle: int
    stance: int | None
    stance_confidence: float = Field(description="0 to 1; 0 while the stance is unknown.")
    stance_counts: bool = Field(description="Facts and figures count it; what has faded is unknown to them.")
    covered: bool


class ChainCoverageCellOut(Schema):
    """One department on one level."""

    department: str
    level: str
    people: list[str]
    spoken_to: list[str]
    single: bool


class ChainCoverageOut(Schema):
    """How much of the chain we reach."""

    departments: list[str]
    levels: list[str]
    covered_ratio: float | None = Field(description="Cells with somebody we speak to ÷ cells required.")
    required: int = Field(description="Departments × levels asked for, and those where anybody of the deal ever sat.")
    spoken_to: int
    single_threaded: bool = Field(description="One person alone is spoken to.")
    cells: list[ChainCoverageCellOut]


class InfluenceOut(Schema):
    """The chain as a graph."""

    on: date
    nodes: list[InfluenceNodeOut]
    support_index: float | None = Field(description="−1 to 1; null where no stance is known.")
    judged: int = Field(description="People whose stance counts in the index.")
    judged_share: float = Field(description="Their part of the whole weight, 0 to 1.")
    coverage: ChainCoverageOut
    missing_roles: list[str] = Field(description="Of the four parts of a decision those that nobody is known to play.")
    path_to_decider: list[str] = Field(description="From somebody we speak to, to the final decider; [] without a way.")


class MovedStanceIn(StrictSchema):
    """A stance as it is supposed."""

    person: Named
    stance: int = Field(ge=-2, le=2)


class SimulateInfluenceIn(StrictSchema):
    """What is supposed; nothing is stored."""

    stances: list[MovedStanceIn] = Field(default_factory=list, max_length=500)
    leaving: list[Named] = Field(default_factory=list, max_length=500)


class LostCellOut(Schema):
    """A department on a level that would no longer be covered."""

    department: str
    level: str


class SimulatedInfluenceOut(Schema):
    """The chain as it stands and as it would stand."""

    now: InfluenceOut
    then: InfluenceOut
    support_change: float | None
    lost_coverage: list[LostCellOut]


def influence_out(chain: Chain) -> InfluenceOut:
    """Return a chain as the API shows it."""
    return InfluenceOut(
        on=chain.on,
        nodes=[_node(figure) for figure in chain.present],
        support_index=None if chain.support is None else round(chain.support, 6),
        judged=chain.ground.judged,
        judged_share=round(chain.ground.share, 6),
        coverage=_coverage(chain.coverage),
        missing_roles=[str(part) for part in chain.missing_parts],
        path_to_decider=[str(chain.by_key[key].row.ref) for key in chain.path],
    )


@router.get(
    "/opportunities/{ref}/influence",
    response=InfluenceOut,
    operation_id="get_influence",
    summary="Read the influence graph",
)
def get_influence(request: HttpRequest, ref: str, on: date | None = None) -> InfluenceOut:
    """Read who carries weight, net support, coverage and the way to the decider, as they stood on a day."""
    return influence_out(load_chain(deal_of(request, ref), on=asked_day(on)))


@router.post(
    "/opportunities/{ref}/influence/simulate",
    response=SimulatedInfluenceOut,
    operation_id="simulate_influence",
    summary="Suppose other stances, or that people leave",
)
def post_simulate(request: HttpRequest, ref: str, payload: SimulateInfluenceIn) -> SimulatedInfluenceOut:
    """Work out the chain as it would be; nothing is stored."""
    chain = load_chain(deal_of(request, ref), on=asked_day(None))
    people = [figure.row for figure in chain.present]
    found = suppose(
        chain,
        stances={_key(people, row.person, "stances"): row.stance for row in payload.stances},
        leaving=[_key(people, ref, "leaving") for ref in payload.leaving],
    )
    return SimulatedInfluenceOut(
        now=influence_out(found.now),
        then=influence_out(found.then),
        support_change=None if found.support_change is None else round(found.support_change, 6),
        lost_coverage=[LostCellOut(department=cell.department, level=cell.level) for cell in found.lost],
    )


def _key(people: list[DealPerson], ref: str, field: str) -> int:
    found = next((row.pk for row in people if ref in (row.ref, row.contact.ref)), None)
    if found is None:
        message = _("Nobody of this reference is on the decision chain: %(ref)s.") % {"ref": ref}
        raise Invalid(message, fields={field: message})
    return int(found)


def _node(figure: Figure) -> InfluenceNodeOut:
    weight = figure.weight
    shares = ("formal", "informal", "influence", "betweenness")
    return InfluenceNodeOut(
        person=figure.row.ref,
        contact=figure.row.contact.ref,
        name=figure.row.contact.name,
        **{name: round(getattr(weight, name), 9) for name in shares},
        hidden=weight is not None and weight.hidden,
        circle=weight.circle if weight is not None else 0,
        stance=figure.stance,
        stance_counts=figure.counted(Topic.STANCE) is not None,
        stance_confidence=round(figure.confidence(Topic.STANCE) / 100, 4),
        covered=figure.covered,
    )


def _coverage(found: Coverage) -> ChainCoverageOut:
    return ChainCoverageOut(
        departments=list(found.departments),
        levels=list(found.levels),
        covered_ratio=None if found.covered_ratio is None else round(found.covered_ratio, 6),
        required=len(found.cells),
        spoken_to=found.spoken_to,
        single_threaded=found.single_threaded,
        cells=[
            ChainCoverageCellOut(
                department=cell.department,
                level=cell.level,
                people=list(cell.people),
                spoken_to=list(cell.spoken_to),
                single=cell.single,
            )
            for cell in found.cells
        ],
    )
