"""Tables of strategies, contingency plans and review meetings."""

from duobiao.strategy.models.meeting import MeetingDeal, ReviewMeeting
from duobiao.strategy.models.plan import ContingencyPlan, PlanState, PlanStep
from duobiao.strategy.models.strategy import StrategyReview, StrategyVersion

__all__ = [
    "ContingencyPlan",
    "MeetingDeal",
    "PlanState",
    "PlanStep",
    "ReviewMeeting",
    "StrategyReview",
    "StrategyVersion",
]
