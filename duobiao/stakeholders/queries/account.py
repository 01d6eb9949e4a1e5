"""The decision chain of a deal in short, for its account on one page: support, decider, hidden influence, coverage."""

from dataclasses import dataclass

from duobiao.stakeholders.domain.judging import Topic
from duobiao.stakeholders.queries.chain import Chain, Figure
from duobiao.stakeholders.queries.matrix import matrix_of


@dataclass(frozen=True, slots=True)
class ChainAccount:
    """How the chain of a deal stands.

    Attributes:
        support: Net support index, −1 to 1; None where no stance is known.
        known: How many of ``people`` have a known stance.
        sure: How sure the decider's stance is, 0 to 100.
        hidden: Who weighs more than the chart says.
        covered_ratio: 0 to 1; None where there is nobody.
        single_threaded: At most one person is spoken to.
        path: Names from somebody we speak to, to the decider.
        accepted, required: Cells of the relationship matrix that the stage asks for, and those accepted.
    """

    people: int
    known: int
    spoken_to: int
    support: float | None
    decider: Figure | None
    sure: int
    hidden: list[Figure]
    covered_ratio: float | None
    single_threaded: bool
    path: list[str]
    accepted: int
    required: int


def chain_account(chain: Chain) -> ChainAccount | None:
    """Return how the chain stands; None while nobody is on it."""
    there, matrix = chain.present, matrix_of(chain)
    if not there:
        return None
    return ChainAccount(
        people=len(there),
        known=sum(figure.stance is not None for figure in there),
        spoken_to=sum(figure.covered for figure in there),
        support=chain.support,
        decider=chain.decider,
        sure=round(chain.decider.confidence(Topic.STANCE)) if chain.decider is not None else 0,
        hidden=[figure for figure in there if figure.weight is not None and figure.weight.hidden],
        covered_ratio=chain.coverage.covered_ratio,
        single_threaded=chain.coverage.single_threaded,
        path=chain.named(chain.path),
        accepted=matrix.accepted,
        required=matrix.required,
    )
