"""Tell owners that the day has come on which a deal that was given up is to be looked at again."""

from datetime import datetime

from django.db import transaction

from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.events import LookAgain
from duobiao.opportunities.models import GiveUpReview, GiveUpState, Outcome
from duobiao.timeline.actions.notify import notify


@transaction.atomic
def look_again(*, now: datetime) -> int:
    """Tell each owner once; return how many deals. A deal that was reopened meanwhile is left alone."""
    due = GiveUpReview.objects.filter(
        state=GiveUpState.APPROVED,
        look_again_on__lte=company_day(now),
        reminded_at=None,
        opportunity__outcome=Outcome.GIVEN_UP,
    )
    rows = list(due.select_related("opportunity__owner").order_by("look_again_on", "pk"))
    for row in rows:
        deal = row.opportunity
        data = {"deal": deal.name, "change_mind": row.change_mind}
        notify([deal.owner], event=LookAgain.name, url=f"/opportunities/{deal.ref}/", at=now, data=data)
        row.reminded_at = now
        row.save(update_fields=["reminded_at"])
    return len(rows)
