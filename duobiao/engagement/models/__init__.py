"""Tables of calls and visits."""

from duobiao.engagement.models.call import Call, CallQuerySet
from duobiao.engagement.models.call_list import (
    CallList,
    CallListEntry,
    CallListEntryQuerySet,
    CallListQuerySet,
)
from duobiao.engagement.models.choices import (
    Attitude,
    CallOutcome,
    CallPurpose,
    CallResult,
    ListSource,
    NeedKind,
    Strength,
    VisitPurpose,
    VisitStatus,
)
from duobiao.engagement.models.cycle import ContactCycle, ContactCycleQuerySet
from duobiao.engagement.models.draft import DraftVersion, DraftVersionQuerySet
from duobiao.engagement.models.purchase import ProcessDuty, ProcessStep, PurchaseProcess, PurchaseProcessQuerySet
from duobiao.engagement.models.report import WeeklyReport, WeeklyReportQuerySet
from duobiao.engagement.models.survey import SurveyAnswer
from duobiao.engagement.models.visit import Visit, VisitMove, VisitQuerySet

__all__ = [
    "Attitude",
    "Call",
    "CallList",
    "CallListEntry",
    "CallListEntryQuerySet",
    "CallListQuerySet",
    "CallOutcome",
    "CallPurpose",
    "CallQuerySet",
    "CallResult",
    "ContactCycle",
    "ContactCycleQuerySet",
    "DraftVersion",
    "DraftVersionQuerySet",
    "ListSource",
    "NeedKind",
    "ProcessDuty",
    "ProcessStep",
    "PurchaseProcess",
    "PurchaseProcessQuerySet",
    "Strength",
    "SurveyAnswer",
    "Visit",
    "VisitMove",
    "VisitPurpose",
    "VisitQuerySet",
    "VisitStatus",
    "WeeklyReport",
    "WeeklyReportQuerySet",
]
