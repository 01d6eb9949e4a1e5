"""The daily job: judge again the deals that time alone may have moved."""

from datetime import date, datetime, timedelta

from django.db import transaction

from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.reassess import DAY_PASSED, Cause, company_day, reassess, snapshot
from duobiao.opportunities.events import StageChanged, WaiverExpired
from duobiao.opportunities.models import Opportunity, Waiver
from duobiao.playbooks.queries import compiled_playbook, item_waived_under
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
    since, before = deal.reassess_on, snapshot(deal)
    reassess(deal, actor=None, now=now, cause=Cause(DAY_PASSED))
    after = snapshot(deal)
    data = {"before": before, "after": after, "cause": DAY_PASSED, "deal": deal.name}
    url = f"/opportunities/{deal.ref}/"
    ended = _waivers_ended(deal, since=since, today=company_day(now))
    for waiver in ended:
        words = {"until": waiver.expires_on.isoformat(), "item_title": _title(waiver)}
        notify([deal.owner], event=WaiverExpired.name, url=url, at=now, data={**data, **words})
    if before != after and not ended:
        notify([deal.owner], event=StageChanged.name, url=url, at=now, data=data)


def _waivers_ended(deal: Opportunity, *, since: date | None, today: date) -> list[Waiver]:
    """Return the waivers whose last day passed since the deal was due; each is found once."""
    if since is None or not deal.is_open:
        return []
    rows = deal.waivers.filter(approved_on__isnull=False, ended_on=None)
    ended = rows.filter(expires_on__gte=since - timedelta(days=1), expires_on__lt=today).order_by("expires_on", "pk")
    return [row for row in ended if item_waived_under(row.item, row.playbook_id, deal.playbook_id)]


def _title(waiver: Waiver) -> dict[str, str]:
    return dict(compiled_playbook(waiver.playbook_id).by_key[waiver.item].item.title)
