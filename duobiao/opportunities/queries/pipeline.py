"""Reads of the pipeline: sums by stage, counts behind the chips, the cards of a lane, the rows of a list."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from duobiao.kernel.money import Money
from duobiao.opportunities.domain.figures import ratio_percent, weighted_minor
from duobiao.opportunities.models import LagVerdict, OpportunityQuerySet, Outcome, Risk, State
from duobiao.opportunities.queries.filters import behind_claim, soon

LANE_CARDS = 15
CARD_FIELDS = (
    "ref", "name", "customer__name", "owner__name", "amount_minor", "currency", "outcome", "outcome_unproved",
    "stage_number", "state", "completed_stage", "rate_percent", "buyer_stage", "lag", "lag_verdict",
    "settled_through", "gate_met", "gate_required", "waived_count", "expired_count", "reassess_on", "claimed_stage",
    "claimed_label", "playbook_id", "risk", "gate_mark",
)  # fmt: skip
ROW_FIELDS = (
    *CARD_FIELDS, "customer__ref", "customer__industry", "purchase_method", "expected_close_on", "last_evidence_on",
    "stage_since", "opened_on", "closed_on", "source", "owner__unit__name", "product__name", "playbook__key",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """What the board shows of a deal."""

    ref: str
    name: str
    customer: str
    owner: str
    amount_minor: int | None
    currency: str
    outcome: str
    outcome_unproved: bool
    stage_number: int
    state: str
    completed_stage: int
    rate_percent: int
    buyer_stage: int
    lag: int | None
    lag_verdict: LagVerdict
    settled_through: int
    gate_met: int
    gate_required: int
    waived_count: int
    expired_count: int
    reassess_on: date | None
    claimed_stage: int | None
    claimed_label: str
    playbook_id: int
    risk: str
    gate_mark: str

    @property
    def url(self) -> str:
        """The deal room, where the next gate stands."""
        return f"/opportunities/{self.ref}/#gate"

    @property
    def gate_url(self) -> str:
        """What the next gate lacks, for the dialog."""
        return f"/opportunities/{self.ref}/gate/"

    @property
    def is_open(self) -> bool:
        """Whether the deal is not closed."""
        return self.outcome == Outcome.OPEN

    @property
    def in_transit(self) -> bool:
        """Whether it waits to enter the next stage."""
        return self.state == State.TRANSIT

    @property
    def overclaimed(self) -> bool:
        """Whether an import claims more than the evidence shows."""
        return self.outcome_unproved or (self.claimed_stage or 0) > self.stage_number

    @property
    def weighted_minor(self) -> int | None:
        """Amount × rate, in minor units."""
        if self.amount_minor is None:
            return None
        return Money(self.amount_minor, self.currency).percent(self.rate_percent).amount_minor

    def days_left(self, today: date) -> int | None:
        """Return in how many days something held today holds for the last time; None if nothing runs out."""
        if self.reassess_on is None or not self.is_open:
            return None
        return max(0, (self.reassess_on - timedelta(days=1) - today).days)


@dataclass(frozen=True, slots=True)
class Row(Card):
    """What the list shows of a deal."""

    customer_ref: str
    industry: str
    purchase_method: str
    expected_close_on: date | None
    last_evidence_on: date | None
    stage_since: date | None
    opened_on: date
    closed_on: date | None
    source: str
    unit: str | None
    product: str | None
    playbook_key: str


@dataclass(frozen=True, slots=True)
class Sums:
    """Count and amounts of a set of deals.

    Attributes:
        amounts: Minor units by currency.
        weighted: Σ amount × rate by currency, minor units.
        unpriced: Deals without an amount.
        behind, quitting: Deals to catch up, and deals whose giving up is proposed.
    """

    count: int = 0
    amounts: dict[str, int] = field(default_factory=dict)
    weighted: dict[str, int] = field(default_factory=dict)
    unpriced: int = 0
    behind: int = 0
    quitting: int = 0
    transit: int = 0

    def amount(self, currency: str) -> int:
        """Return the amount in one currency; the others are never converted."""
        return self.amounts.get(currency, 0)

    def others(self, currency: str) -> dict[str, int]:
        """Return the amounts in other currencies."""
        return {other: amount for other, amount in sorted(self.amounts.items()) if other != currency and amount}

    def rate(self, currency: str) -> Any:
        """Return weighted ÷ amount in percent, None without an amount."""
        return ratio_percent(self.weighted.get(currency, 0), self.amount(currency))


@dataclass(frozen=True, slots=True)
class Group:
    """One line of the grouped sums."""

    stage: int
    currency: str
    rate: int
    count: int
    priced: int
    amount: int | None
    behind: int
    quitting: int
    transit: int


def grouped(rows: OpportunityQuerySet) -> list[Group]:
    """Return count and amount by stage, currency and rate: one query, from which every sum of a page follows."""
    found = (
        rows.order_by()
        .values("stage_number", "currency", "rate_percent")
        .annotate(
            deals=Count("pk"),
            priced=Count("amount_minor"),
            total=Sum("amount_minor"),
            behind=Count("pk", filter=Q(lag_verdict=LagVerdict.CATCH_UP)),
            quitting=Count("pk", filter=Q(lag_verdict=LagVerdict.GIVE_UP_PROPOSED)),
            transit=Count("pk", filter=Q(state=State.TRANSIT)),
        )
    )
    return [Group(*values) for values in found.values_list(*_GROUP_FIELDS)]


_GROUP_FIELDS = (
    "stage_number", "currency", "rate_percent", "deals", "priced", "total", "behind", "quitting", "transit",
)  # fmt: skip


def sums_of(groups: Iterable[Group]) -> Sums:
    """Add groups up; each currency for itself."""
    groups = list(groups)
    currencies = {group.currency for group in groups}
    parts = {c: [(int(g.amount or 0), g.rate) for g in groups if g.currency == c] for c in currencies}
    return Sums(
        count=sum(group.count for group in groups),
        amounts={c: sum(amount for amount, _ in held) for c, held in parts.items()},
        weighted={c: weighted_minor(held) for c, held in parts.items()},
        unpriced=sum(group.count - group.priced for group in groups),
        behind=sum(group.behind for group in groups),
        quitting=sum(group.quitting for group in groups),
        transit=sum(group.transit for group in groups),
    )


@dataclass(frozen=True, slots=True)
class Chips:
    """How many deals each counted chip would leave."""

    behind: int
    quitting: int
    red: int
    expiring: int
    waived: int
    expired: int
    claimed: int


def chips(rows: OpportunityQuerySet, *, today: date) -> Chips:
    """Count behind every chip in one query."""
    found = rows.order_by().aggregate(
        behind=Count("pk", filter=Q(lag_verdict=LagVerdict.CATCH_UP)),
        quitting=Count("pk", filter=Q(lag_verdict=LagVerdict.GIVE_UP_PROPOSED)),
        red=Count("pk", filter=Q(risk=Risk.RED)),
        expiring=Count("pk", filter=soon(today)),
        waived=Count("pk", filter=Q(waived_count__gt=0)),
        expired=Count("pk", filter=Q(expired_count__gt=0)),
        claimed=Count("pk", filter=behind_claim()),
    )
    return Chips(**found)


def lane(rows: OpportunityQuerySet, stage: int) -> list[Card]:
    """Return the largest deals of a stage, those without an amount last; read in order of an index."""
    ordered = rows.filter(stage_number=stage).order_by(F("amount_minor").desc(nulls_last=True), "ref")
    return [Card(*values) for values in ordered.values_list(*CARD_FIELDS)[:LANE_CARDS]]


def list_rows(rows: QuerySet[Any], sort_field: str) -> list[tuple[Any, ...]]:
    """Read rows of the list, each after the value it is sorted by and its reference."""
    found = rows.values_list(sort_field, *ROW_FIELDS)
    return [(values[0], values[1], Row(*values[1:])) for values in found]
