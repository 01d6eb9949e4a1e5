"""Set the day by which a deal's strategy is to be reviewed; called by the capability that keeps strategies."""

from datetime import date, datetime

from duobiao.identity.models import User
from duobiao.opportunities.actions.judge_signals import judge_deal
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Opportunity


def plan_review(deal: Opportunity, *, review_on: date | None, actor: User, now: datetime) -> None:
    """Set the day of a locked deal, None for none, and judge it anew; the caller keeps the trace."""
    deal.review_on = review_on
    Opportunity.objects.filter(pk=deal.pk).update(review_on=review_on)
    judge_deal(deal, actor=actor, now=now, on=company_day(now))
