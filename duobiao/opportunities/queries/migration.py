"""What moving deals to another playbook version would do, judged by the engine with nothing written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from duobiao.opportunities.models import MigratedDeal, Opportunity, Waiver
from duobiao.opportunities.queries.recompute import STORED, Stored, judge_under
from duobiao.playbooks.domain.compile import MAX_WORDS, Slot
from duobiao.playbooks.domain.correspond import counterpart, stage_through_buyer, without_counterpart
from duobiao.playbooks.domain.model import Item
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import compiled_playbook, item_waived_under

Reason = MigratedDeal.Reason
PLACE = {
    "stage": "stage_number",
    "state": "state",
    "completed": "completed_stage",
    "rate": "rate_percent",
    "buyer": "buyer_stage",
}
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of one deal.

    Attributes:
        reason: Why it would be left out; "" where it would move.
        before, after: Its place: ``stage``, ``state``, ``completed``, ``rate``, ``buyer``.
        expected: Stage of the target that goes with the buyer's stage of the present one.
        lost, gained: Gating items that count now and would not, and the other way round.
        waivers_lost: Items whose waiver runs or waits and would not carry over.
    """

    deal: Opportunity
    reason: str
    before: dict[str, Any]
    after: dict[str, Any]
    expected: int
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    waivers_lost: tuple[str, ...]

    @property
    def falls_back(self) -> bool:
        """Whether it would stand earlier than where the buyer's stages put it."""
        return not self.reason and self.after["stage"] < self.expected


@dataclass(frozen=True, slots=True)
class Totals:
    """What would become of all chosen deals; amounts are not compared.

    Attributes:
        left_out: How many would be left out, by reason.
        up, down: How many would have a higher, or a lower success rate.
        back: How many would stand earlier than where the buyer's stages put them.
        weighted_before, weighted_after: Σ amount × rate in minor units of the company's currency.
    """

    chosen: int
    moved: int
    left_out: dict[str, int]
    up: int
    down: int
    back: int
    weighted_before: int
    weighted_after: int


@dataclass(frozen=True, slots=True)
class Difference:
    """The gating items in which two playbook versions differ, as those of the one and of the other."""

    before: PlaybookVersion
    dropped: list[Item]
    added: list[Item]


def reason_against(deal: Opportunity, seen_version: int, target: PlaybookVersion) -> str:
    """Return why a deal cannot move; "" where it can."""
    if not deal.is_open:
        return str(Reason.CLOSED)
    if deal.version != seen_version:
        return str(Reason.STALE)
    return str(Reason.SAME) if deal.playbook_id == target.pk else ""


def foresee(chosen: Sequence[tuple[Opportunity, int]], target: PlaybookVersion, *, today: date) -> list[Foreseen]:
    """Judge chosen deals, each with the version of it that was seen, by the target; their order is kept."""
    reasons = {deal.pk: reason_against(deal, seen, target) for deal, seen in chosen}
    moving = [deal.pk for deal, _ in chosen if not reasons[deal.pk]]
    judged: dict[int, list[Stored]] = {}
    for start in range(0, len(moving), CHUNK):
        judged |= judge_under(target.pk, moving[start : start + CHUNK], today=today)
    waivers = waivers_lost(moving, target.pk, today=today)
    return [
        _foreseen(deal, reasons[deal.pk], judged.get(deal.pk), target, waivers.get(deal.pk, ())) for deal, _ in chosen
    ]


def totals_of(rows: Sequence[Foreseen], *, currency: str) -> Totals:
    """Add up what would become of the deals."""
    moving = [row for row in rows if not row.reason]
    left_out: dict[str, int] = {}
    for row in rows:
        if row.reason:
            left_out[row.reason] = left_out.get(row.reason, 0) + 1
    priced = [row for row in moving if row.deal.currency == currency and row.deal.amount_minor]
    return Totals(
        chosen=len(rows),
        moved=len(moving),
        left_out=left_out,
        up=sum(row.after["rate"] > row.before["rate"] for row in moving),
        down=sum(row.after["rate"] < row.before["rate"] for row in moving),
        back=sum(row.falls_back for row in moving),
        weighted_before=sum((row.deal.amount_minor or 0) * row.before["rate"] for row in priced) // 100,
        weighted_after=sum((row.deal.amount_minor or 0) * row.after["rate"] for row in priced) // 100,
    )


def differences_to(target: PlaybookVersion, versions: Iterable[PlaybookVersion]) -> list[Difference]:
    """Return in which gating items each of some versions differs from the target."""
    return [
        Difference(version, *_items_apart(version.pk, target.pk)) for version in versions if version.pk != target.pk
    ]


@lru_cache(maxsize=256)
def _items_apart(before_id: int, after_id: int) -> tuple[list[Item], list[Item]]:
    source, target = compiled_playbook(before_id).playbook, compiled_playbook(after_id).playbook
    return (
        [item for item in without_counterpart(source.items, source, target) if item.gates],
        [item for item in without_counterpart(target.items, target, source) if item.gates],
    )


def exchanged(
    before_id: int, words_before: Sequence[int], after_id: int, words_after: Sequence[int]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the gating items that count before and not after, and those that count after and not before.

    An item is followed to its counterpart. Lost items carry the keys of the version before, gained those of the other.
    """
    return (
        _counting_only(_pairs(before_id, after_id), words_before, words_after),
        _counting_only(_pairs(after_id, before_id), words_after, words_before),
    )


def _counting_only(
    pairs: Sequence[tuple[Slot, Slot | None]], words: Sequence[int], others: Sequence[int]
) -> tuple[str, ...]:
    return tuple(
        slot.item.key
        for slot, other in pairs
        if words[slot.word] & slot.bit and not (other is not None and others[other.word] & other.bit)
    )


@lru_cache(maxsize=256)
def _pairs(before_id: int, after_id: int) -> tuple[tuple[Slot, Slot | None], ...]:
    source, target = compiled_playbook(before_id), compiled_playbook(after_id)
    found = []
    for item in source.playbook.items:
        if item.gates:
            other = counterpart(item, source.playbook, target.playbook)
            found.append((source.by_key[item.key], None if other is None else target.by_key[other.key]))
    return tuple(found)


def waivers_lost(keys: Sequence[int], version_id: int, *, today: date) -> dict[int, tuple[str, ...]]:
    """Return the items whose waiver runs or waits and has no counterpart under a version, by the deal's key."""
    rows = Waiver.objects.filter(opportunity_id__in=keys, ended_on=None, expires_on__gte=today)
    found: dict[int, tuple[str, ...]] = {}
    for deal, item, given_under in rows.order_by("asked_at", "pk").values_list("opportunity_id", "item", "playbook_id"):
        if item_waived_under(item, given_under, version_id) is None:
            found[deal] = (*found.get(deal, ()), item)
    return found


def place_of_columns(columns: dict[str, Any]) -> dict[str, Any]:
    """Return the place of a deal from its stored columns."""
    return {name: columns[column] for name, column in PLACE.items()}


def words_of(columns: dict[str, Any]) -> tuple[int, ...]:
    """Return the words of a deal from its stored columns."""
    return tuple(columns[f"word_{n}"] for n in range(MAX_WORDS))


def _foreseen(
    deal: Opportunity, reason: str, judged: list[Stored] | None, target: PlaybookVersion, waivers: tuple[str, ...]
) -> Foreseen:
    before = {name: getattr(deal, column) for name, column in PLACE.items()}
    if judged is None:
        return Foreseen(deal, reason, before, before, deal.stage_number, (), (), ())
    columns = dict(zip(STORED, judged, strict=True))
    source, other = compiled_playbook(deal.playbook_id).playbook, compiled_playbook(target.pk).playbook
    lost, gained = exchanged(deal.playbook_id, deal.words, target.pk, words_of(columns))
    expected = stage_through_buyer(deal.stage_number, source, other)
    return Foreseen(deal, reason, before, place_of_columns(columns), expected, lost, gained, waivers)
