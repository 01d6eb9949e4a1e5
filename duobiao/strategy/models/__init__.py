"""Tables of strategies and contingency plans."""

from duobiao.strategy.models.plan import ContingencyPlan, PlanState, PlanStep
from duobiao.strategy.models.strategy import StrategyReview, StrategyVersion

__all__ = ["ContingencyPlan", "PlanState", "PlanStep", "StrategyReview", "StrategyVersion"]
