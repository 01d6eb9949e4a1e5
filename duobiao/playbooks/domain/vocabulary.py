"""Words that a playbook document may use besides those of its items."""

from collections.abc import Iterable
from enum import StrEnum


class Origin(StrEnum):
    """Where a line comes from: the method's documents, a public source, our own proposal."""

    SEED = "seed"
    SOURCE = "source"
    INFERRED = "inferred"


class Supplier(StrEnum):
    """Which record supplies a kind of evidence; GENERAL is the form in which any proof can be written down."""

    CALL = "call"
    VISIT = "visit"
    METHOD = "purchase_method"
    CUSTOMER = "customer"
    CONTACT = "contact"
    ASSESSMENT = "assessment"
    ADMISSION = "admission"
    NEEDS = "needs"
    RIVALS = "rivals"
    CHAIN = "decision_chain"
    REVIEW = "gate_review"
    GENERAL = "general"


class ProcessGates(StrEnum):
    """Which process conditions gate the completion of a stage (R3)."""

    NONE = "NONE"
    MARKED = "MARKED"
    ALL = "ALL"


class Approver(StrEnum):
    """Who at least has to agree at a control point, from the lowest up (F165)."""

    MANAGER = "MANAGER"
    EXECUTIVE = "EXECUTIVE"

    def is_below(self, other: "Approver") -> bool:
        """Whether the other one stands higher."""
        ranks = tuple(Approver)
        return ranks.index(self) < ranks.index(other)


def strictest(approvers: Iterable[Approver]) -> Approver | None:
    """Return the highest of those who have to agree; None without any."""
    return max(approvers, key=list(Approver).index, default=None)
