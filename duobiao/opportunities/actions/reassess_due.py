"""The daily job: judge again the deals that time alone may have moved."""

from datetime import datetime

from django.db import transaction

from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.reassess import DAY_PASSED, Cause, company_day, reassess, snapshot
from duobiao.opportunities.events import StageChanged
from duobiao.opportunities.models import Opportunity
from duobiao.timeline.actions.notify import notify

BATCH = 500


def reassess_due(*, now: datetime) -> int:
    """Judge every deal whose ``reassess_on`` has come; returns how many. Safe to repeat and to interrupt."""
    today = company_day(now)
    done = 0
    while True:
        due = list(
            Opportunity.objects.filter(reassess_on__lte=today).order_by("pk").values_list("pk", flat=True)[:BATCH]
        )
        for pk in due:
            _reassess_one(pk, now=now)
        done += len(due)
        if len(due) < BATCH:
            return done


@transaction.atomic
def _reassess_one(pk: int, *, now: datetime) -> None:
    deal = lock(Opportunity(pk=pk))
    before = snapshot(deal)
    reassess(deal, actor=None, now=now, cause=Cause(DAY_PASSED))
    after = snapshot(deal)
    if before != after:
        data = {"before": before, "after": after, "cause": DAY_PASSED, "deal": deal.name}
        notify([deal.owner], event=StageChanged.name, url=f"/opportunities/{deal.ref}/", at=now, data=data)
