"""The daily job: judge again the deals that time alone may have moved."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from duobiao.kernel.events import Event
from duobiao.opportunities.actions.judge_signals import judge_held
from duobiao.opportunities.actions.reassess import (
    DAY_PASSED,
    Cause,
    change_of_place,
    company_day,
    has_moved,
    ran_out,
    reassess,
    snapshot,
    snapshot_of,
)
from duobiao.opportunities.actions.recompute_all import write_judged
from duobiao.opportunities.events import StageChanged, WaiverExpired
from duobiao.opportunities.models import Opportunity, StageChange, Waiver
from duobiao.opportunities.queries.recompute import STORED, judge_under
from duobiao.playbooks.queries import compiled_playbook, item_waived_under
from duobiao.timeline.actions.notify import Line, notify_many
from duobiao.timeline.actions.record import record_many

BATCH = 500
LAPSED = ("waived_count", "expired_count")


def reassess_due(*, now: datetime) -> int:
    """Judge every deal whose ``reassess_on`` has come; returns how many. Safe to repeat and to interrupt.

    Deals are judged set-based, a batch to a transaction.
    """
    today = company_day(now)
    due = list(Opportunity.objects.filter(reassess_on__lte=today).order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(due), BATCH):
        _reassess_some(due[first : first + BATCH], now=now, on=today)
    return len(due)


@transaction.atomic
def _reassess_some(keys: Sequence[int], *, now: datetime, on: date) -> None:
    rows = Opportunity.objects.select_for_update(of=("self",)).filter(pk__in=keys, reassess_on__lte=on)
    deals = list(rows.select_related("owner").order_by("pk"))
    ended = _waivers_ended(deals, today=on)
    before = {deal.pk: snapshot(deal) for deal in deals}
    _judge(deals, now=now, on=on)
    notify_many([line for deal in deals for line in _lines(deal, before[deal.pk], ended[deal.pk])], at=now)


def _judge(deals: Sequence[Opportunity], *, now: datetime, on: date) -> None:
    judged: dict[int, dict[str, Any]] = {}
    for version_id in sorted({deal.playbook_id for deal in deals}):
        keys = [deal.pk for deal in deals if deal.playbook_id == version_id]
        found = judge_under(version_id, keys, today=on)
        judged |= {pk: dict(zip(STORED, values, strict=True)) for pk, values in found.items()}
    alike = [deal for deal in deals if judged[deal.pk]["purchase_method"] == deal.purchase_method]
    _keep_history(alike, judged, now=now, on=on)
    lapsed = [deal for deal in alike if _apply(deal, judged[deal.pk], on=on)]
    write_judged([(deal.pk, list(judged[deal.pk].values())) for deal in alike])
    since = [deal.pk for deal in alike if deal.stage_since == on]
    Opportunity.objects.filter(pk__in=since).update(stage_since=on)
    judge_held([deal for deal in lapsed if deal.is_open], actor=None, now=now, on=on)
    for deal in deals:
        if judged[deal.pk]["purchase_method"] != deal.purchase_method:  # other evidence counts then: judge it by itself
            reassess(deal, actor=None, now=now, cause=Cause(DAY_PASSED), on=on)


def _apply(deal: Opportunity, derived: dict[str, Any], *, on: date) -> bool:
    """Bring the deal's own columns up to date; tell whether its signals must be judged again."""
    before, lapsed = snapshot(deal), [getattr(deal, name) for name in LAPSED]
    if has_moved(before, derived):
        deal.stage_since = on
    for name, value in derived.items():
        setattr(deal, name, value)
    return not deal.risk or before != snapshot(deal) or lapsed != [getattr(deal, name) for name in LAPSED]


def _keep_history(deals: Sequence[Opportunity], judged: dict[int, dict[str, Any]], *, now: datetime, on: date) -> None:
    """Keep a row and an entry for each deal that moves; the deals are still as they were."""
    moving = [deal for deal in deals if snapshot(deal) != snapshot_of(judged[deal.pk])]
    past = StageChange.objects.filter(opportunity__in=moving).order_by().values_list("opportunity_id")
    last = dict(past.annotate(Max("sequence")))
    rows: list[StageChange] = []
    events: list[Event] = []
    for deal in moving:
        derived = judged[deal.pk]
        cause = ran_out(deal, compiled_playbook(deal.playbook_id), derived)
        after, sequence = snapshot_of(derived), last.get(deal.pk, 0) + 1
        row, event = change_of_place(
            deal, snapshot(deal), after, actor=None, now=now, on=on, cause=cause, sequence=sequence
        )
        rows.append(row)
        events.append(event)
    StageChange.objects.bulk_create(rows, batch_size=500)
    record_many(events, actor=None, at=now)


def _lines(deal: Opportunity, before: dict[str, int | str], ended: Sequence[Waiver]) -> Iterator[Line]:
    """Yield what the owner is told: each waiver that ended, with what became of the deal, or else its move."""
    after = snapshot(deal)
    data = {"before": before, "after": after, "cause": DAY_PASSED, "deal": deal.name}
    url = f"/opportunities/{deal.ref}/"
    for waiver in ended:
        words = {"until": waiver.expires_on.isoformat(), "item_title": _title(waiver)}
        yield Line(deal.owner, WaiverExpired.name, url, {**data, **words})
    if before != after and not ended:
        yield Line(deal.owner, StageChanged.name, url, data)


def _waivers_ended(deals: Sequence[Opportunity], *, today: date) -> dict[int, list[Waiver]]:
    """Return, by deal, the waivers whose last day passed since the deal was due; each is found once."""
    found: dict[int, list[Waiver]] = defaultdict(list)
    due = {deal.pk: deal for deal in deals if deal.is_open}
    rows = Waiver.objects.filter(opportunity__in=due.values(), approved_on__isnull=False, ended_on=None)
    for row in rows.filter(expires_on__lt=today).order_by("expires_on", "pk"):
        deal = due[row.opportunity_id]
        passed = deal.reassess_on is not None and row.expires_on >= deal.reassess_on - timedelta(days=1)
        if passed and item_waived_under(row.item, row.playbook_id, deal.playbook_id):
            found[deal.pk].append(row)
    return found


def _title(waiver: Waiver) -> dict[str, str]:
    return dict(compiled_playbook(waiver.playbook_id).by_key[waiver.item].item.title)
