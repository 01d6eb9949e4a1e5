"""Tables of approvals."""

from duobiao.approvals.models.absence import Absence
from duobiao.approvals.models.chains import ChainVersion
from duobiao.approvals.models.requests import (
    Act,
    ApprovalRequest,
    ApprovalRequestQuerySet,
    Copy,
    EndedAs,
    Origin,
    Outcome,
    RequestState,
    StepVisit,
    Task,
    Verb,
)

__all__ = [
    "Absence",
    "Act",
    "ApprovalRequest",
    "ApprovalRequestQuerySet",
    "ChainVersion",
    "Copy",
    "EndedAs",
    "Origin",
    "Outcome",
    "RequestState",
    "StepVisit",
    "Task",
    "Verb",
]
