"""Tables of strategies, by the names people know them by."""

from django.utils.translation import gettext_lazy as _

from duobiao.strategy.models import (
    ContingencyPlan,
    MeetingDeal,
    PlanStep,
    ReviewMeeting,
    StrategyReview,
    StrategyVersion,
)
from duobiao.web.tables import Table, register_tables


def register() -> None:
    """Name the tables."""
    register_tables(
        Table("strategies", StrategyVersion, _("Strategies"), through=("opportunity",)),
        Table("strategy_reviews", StrategyReview, _("Reviews of strategies"), through=("version__opportunity",)),
        Table("contingency_plans", ContingencyPlan, _("Contingency plans"), through=("opportunity",)),
        Table("plan_steps", PlanStep, _("Steps of contingency plans"), through=("plan__opportunity",)),
        Table("review_meetings", ReviewMeeting, _("Review meetings")),
        Table("meeting_deals", MeetingDeal, _("Deals in review meetings"), through=("opportunity",)),
    )
