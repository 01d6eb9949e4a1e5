"""Read what the signals of deals are judged by: a handful of queries for any number of deals."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Max, Q

from duobiao.identity.models import CompanySettings
from duobiao.kernel.days import local_day, start_of_day
from duobiao.opportunities.domain.rules import Rules
from duobiao.opportunities.domain.signals import Sighting, SignalFacts
from duobiao.opportunities.models import (
    Conversation,
    FieldChange,
    Grade,
    Opportunity,
    Proof,
    RiskReport,
    StageChange,
    State,
)
from duobiao.playbooks.domain.model import LagVerdict
from duobiao.playbooks.queries import compiled_playbook
from duobiao.timeline.events import CommentAdded
from duobiao.timeline.models import Entry

RIVALS, NEEDS = "competition.", "needs."
RIVAL_RECORDS = "competition_landscape"
"""Kind of the records about rivals: what they prove is no move of a rival; moves are noted as such."""
BUDGET_RESETS = ("procurement.budget_cancelled", "procurement.suspended")
WATCHED_FIELDS = ("expected_close_on", "amount_minor", "currency")
CHANGE_RULES = ("decision_delay", "budget_cut")

ByDeal = Mapping[int, Any]


def is_watched(key: str) -> bool:
    """Whether evidence of this key bears on a signal by itself."""
    return key.startswith((RIVALS, NEEDS)) or key in BUDGET_RESETS


def signal_facts(deals: Sequence[Opportunity], rules: Rules, *, on: date) -> dict[int, SignalFacts]:
    """Return the facts of open deals by their keys; seven queries for any number of deals."""
    if not deals:
        return {}
    reader = _Reader(deals, rules, on)
    changes, buyer_since, reports = reader.field_changes(), reader.buyer_moves(), reader.reports()
    proofs, conversations, records = reader.proofs(), reader.conversations(), reader.latest_records()
    found = {}
    for deal in deals:
        ledger = _Ledger(deal, proofs.get(deal.pk, ()), reader.since("single_thread", "rivals_active"))
        moved = changes.get(deal.pk, _Changes())
        latest = [day for day in (deal.last_evidence_on, deal.opened_on, records.get(deal.ref)) if day is not None]
        found[deal.pk] = SignalFacts(
            opened_on=deal.opened_on,
            stage=stage_at_work(deal),
            stage_since=deal.stage_since,
            buyer_stage=deal.buyer_stage,
            buyer_since=buyer_since.get(deal.pk, deal.opened_on),
            verdict=LagVerdict(deal.lag_verdict),
            lag=deal.lag,
            expected_on=deal.expected_close_on,
            postponed=moved.postponed,
            amount_minor=deal.amount_minor,
            currency=deal.currency,
            amounts=moved.amounts,
            reset=ledger.reset,
            reports=reports.get(deal.pk, {}),
            rivals=ledger.rivals,
            needs_again=ledger.needs_again,
            spoken=_spoken(ledger.spoken, conversations.get(deal.pk, ())),
            last_record_on=max(latest),
            waived=deal.waived_count,
            expired=deal.expired_count,
            review_on=deal.review_on,
        )
    return found


def stage_at_work(deal: Opportunity) -> int:
    """Return the present stage, or the next where it is completed."""
    if deal.state == State.IN_STAGE:
        return deal.stage_number
    return min(compiled_playbook(deal.playbook_id).playbook.last, deal.completed_stage + 1)


@dataclass(frozen=True, slots=True)
class _Changes:
    postponed: tuple[date, ...] = ()
    amounts: tuple[tuple[date, int], ...] = ()


class _Reader:
    """Reads each kind of record once for all deals."""

    def __init__(self, deals: Sequence[Opportunity], rules: Rules, on: date) -> None:
        self.deals, self.rules, self.on = deals, rules, on
        self.keys = [deal.pk for deal in deals]
        self.zone = CompanySettings.load().time_zone

    def since(self, *keys: str) -> date:
        """Return the first day of the longest window of some rules."""
        windows = [m.within_days or 1 for key in keys for m in self.rules[key].measures.values()]
        return self.on - timedelta(days=max(windows, default=1) - 1)

    def field_changes(self) -> dict[int, _Changes]:
        begin = start_of_day(self.since(*CHANGE_RULES), self.zone)
        rows = FieldChange.objects.filter(opportunity_id__in=self.keys, field__in=WATCHED_FIELDS, at__gte=begin)
        grouped: dict[int, list[Any]] = defaultdict(list)
        for pk, *row in rows.order_by("at", "pk").values_list("opportunity_id", "field", "before", "after", "at"):
            grouped[pk].append(row)
        return {pk: self._changes(held) for pk, held in grouped.items()}

    def _changes(self, rows: Iterable[Any]) -> _Changes:
        postponed: list[date] = []
        amounts: list[tuple[datetime, int]] = []
        for field, before, after, at in rows:
            if field == "currency":
                amounts.clear()  # amounts of different currencies are not compared
            elif field == "amount_minor" and before:
                amounts.append((at, before))
            elif field == "expected_close_on" and before and after and after > before:
                postponed.append(local_day(at, self.zone))
        return _Changes(tuple(postponed), tuple((local_day(at, self.zone), before) for at, before in amounts))

    def buyer_moves(self) -> ByDeal:
        rows = StageChange.objects.filter(opportunity_id__in=self.keys).exclude(buyer_before=F("buyer_after"))
        return dict(rows.order_by().values_list("opportunity_id").annotate(Max("on")))

    def reports(self) -> dict[int, dict[str, list[Sighting]]]:
        begin = self.since(*self.rules)
        rows = RiskReport.objects.filter(
            opportunity_id__in=self.keys, retracted_at=None, happened_on__gte=begin, happened_on__lte=self.on
        )
        found: dict[int, dict[str, list[Sighting]]] = defaultdict(lambda: defaultdict(list))
        names = ("opportunity_id", "rule", "happened_on", "ref", "source_kind", "source_ref")
        for pk, rule, on, ref, kind, source in rows.values_list(*names):
            found[pk][rule].append(Sighting(on, kind or RiskReport.kind, source or ref))
        return found

    def proofs(self) -> dict[int, list[Any]]:
        begin = self.since("single_thread", "rivals_active")
        wanted = Q(key__startswith=NEEDS) | Q(key__in=BUDGET_RESETS)
        moves = Q(key__startswith=RIVALS) & ~Q(source_kind=RIVAL_RECORDS)
        wanted |= Q(happened_on__gte=begin) & (moves | Q(contact__isnull=False))
        rows = Proof.objects.filter(wanted, opportunity_id__in=self.keys, retracted_on=None, verifies=None)
        found: dict[int, list[Any]] = defaultdict(list)
        names = ("opportunity_id", "key", "happened_on", "ref", "grade", "contact_id")
        for pk, *row in rows.order_by("happened_on", "ref").values_list(*names):
            found[pk].append(row)
        return found

    def conversations(self) -> dict[int, list[tuple[int, date]]]:
        rows = Conversation.objects.filter(opportunity_id__in=self.keys, on__gte=self.since("single_thread"))
        found: dict[int, list[tuple[int, date]]] = defaultdict(list)
        for pk, contact, on in rows.values_list("opportunity_id", "contact_id", "on"):
            found[pk].append((contact, on))
        return found

    def latest_records(self) -> dict[str, date]:
        """Return the day of the latest human entry by deal, where its evidence alone would be called silent."""
        first = self.rules["silence"].measures["quiet"].first
        if first is None:
            return {}
        limit = self.on - timedelta(days=first)
        refs = [deal.ref for deal in self.deals if (deal.last_evidence_on or deal.opened_on) <= limit]
        said = Q(event=CommentAdded.name) | ~Q(subject_kind=Opportunity.kind)
        rows = Entry.objects.filter(said, chain__in=refs, actor__isnull=False)
        latest = rows.order_by().values_list("chain").annotate(Max("at"))
        return {chain: local_day(at, self.zone) for chain, at in latest}


class _Ledger:
    """What the proofs of one deal say about its risks."""

    def __init__(self, deal: Opportunity, proofs: Iterable[Any], begin: date) -> None:
        self.reset: Sighting | None = None
        rivals, again, spoken = [], [], []
        seen: dict[str, date] = {}
        for key, on, ref, grade, contact in proofs:
            if key.startswith(RIVALS):
                rivals.append(Sighting(on, Proof.kind, ref))
            if key.startswith(NEEDS):
                if key in seen and seen[key] != on:
                    again.append(Sighting(on, Proof.kind, ref))
                seen[key] = on
            if key in BUDGET_RESETS and grade >= Grade.DOCUMENTED and _stands(deal, key):
                self.reset = Sighting(on, key, ref)
            if contact is not None and on >= begin:
                spoken.append((contact, on))
        self.rivals, self.needs_again, self.spoken = tuple(rivals), tuple(again), spoken


def _stands(deal: Opportunity, key: str) -> bool:
    """Whether the buyer has not moved beyond the stage a reset threw it back to."""
    reset = compiled_playbook(deal.playbook_id).resets.get(key)
    return reset is None or deal.buyer_stage <= reset.to


def _spoken(*sources: Iterable[tuple[int, date]]) -> dict[int, tuple[date, ...]]:
    found: dict[int, set[date]] = defaultdict(set)
    for source in sources:
        for person, on in source:
            found[person].add(on)
    return {person: tuple(sorted(days)) for person, days in found.items()}
