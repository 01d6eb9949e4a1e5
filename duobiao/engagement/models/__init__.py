"""Tables of calls and visits."""

from duobiao.engagement.models.call import Call, CallQuerySet
from duobiao.engagement.models.choices import (
    Attitude,
    CallPurpose,
    CallResult,
    NeedKind,
    Strength,
    VisitPurpose,
    VisitStatus,
)
from duobiao.engagement.models.cycle import ContactCycle, ContactCycleQuerySet
from duobiao.engagement.models.visit import Visit, VisitMove, VisitQuerySet

__all__ = [
    "Attitude",
    "Call",
    "CallPurpose",
    "CallQuerySet",
    "CallResult",
    "ContactCycle",
    "ContactCycleQuerySet",
    "NeedKind",
    "Strength",
    "Visit",
    "VisitMove",
    "VisitPurpose",
    "VisitQuerySet",
    "VisitStatus",
]
