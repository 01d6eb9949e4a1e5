"""Tables of sheets and plans."""

from duobiao.planning.models.plan import (
    AccountPlan,
    BudgetPhase,
    DateKind,
    Measure,
    Phase,
    PlanDate,
    PlanDeal,
    PlanGoal,
    PlanState,
)
from duobiao.planning.models.sheet import Industry, Sheet, SheetAction, SheetEntry

__all__ = [
    "AccountPlan",
    "BudgetPhase",
    "DateKind",
    "Industry",
    "Measure",
    "Phase",
    "PlanDate",
    "PlanDeal",
    "PlanGoal",
    "PlanState",
    "Sheet",
    "SheetAction",
    "SheetEntry",
]
