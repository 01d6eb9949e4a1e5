"""The needs of a deal in short, for its account on one page: what must be met and is not, and what speaks against us."""

from collections.abc import Sequence
from dataclasses import dataclass

from duobiao.needs.domain.priorities import Answer, Priority
from duobiao.needs.domain.steps import LAST_VERIFY
from duobiao.needs.models import DealObjection
from duobiao.needs.queries.records import objections_of
from duobiao.needs.queries.trees import NeedLine, tree_of
from duobiao.opportunities.models import Opportunity


@dataclass(frozen=True, slots=True)
class NeedsAccount:
    """How the needs of a deal stand.

    Attributes:
        total, p0: How many needs there are, and how many of them are P0.
        open_p0: P0 that the solution does not meet in full, or that are not verified in all four steps.
        assumed: Needs without a word of the customer.
        objections: Those the customer has not called answered.
    """

    total: int
    p0: int
    open_p0: Sequence[NeedLine]
    assumed: int
    objections: Sequence[DealObjection]


def needs_account(deal: Opportunity) -> NeedsAccount:
    """Return how the needs of a deal stand; as many queries whatever it holds."""
    tree = tree_of(deal)
    most = [line for line in tree.lines if line.need.priority == Priority.P0]
    return NeedsAccount(
        total=len(tree.lines),
        p0=len(most),
        open_p0=[line for line in most if is_open(line)],
        assumed=tree.assumed,
        objections=[row for row in objections_of(deal) if not row.is_closed],
    )


def is_open(line: NeedLine) -> bool:
    """Say whether a need is not met in full, or not verified to the end."""
    return line.answer is not Answer.MET or line.need.verified_step < LAST_VERIFY
