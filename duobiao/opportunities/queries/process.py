"""The process as it really ran: which stage follows which, how deals end, and the items that hold them up (F166, F184)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Case, Count, IntegerField, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from numpy.typing import NDArray

from duobiao.opportunities.domain.figures import Spread, spread
from duobiao.opportunities.domain.histories import Edge, Period, day_number, edges
from duobiao.opportunities.models import OpportunityQuerySet, StageChange, State, Waiver
from duobiao.opportunities.queries.figures import Scope, Visible
from duobiao.opportunities.queries.happened import counted
from duobiao.opportunities.queries.histories import DayNumber, read_histories, read_numbers
from duobiao.playbooks.domain.compile import MAX_WORDS, Slot
from duobiao.playbooks.domain.model import Item, Kind
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import compiled_playbook, text_of

DAY_PASSED = "day_passed"
"""Cause of a change that only time brought; ``actions.reassess`` writes it."""

SHOWN_ITEMS = 20
WORDS = tuple(f"word_{n}" for n in range(MAX_WORDS))
ENTERING, WITHIN, BEYOND = range(3)


@dataclass(frozen=True, slots=True)
class End:
    """Deals that closed in the period while in a stage."""

    stage: int
    outcome: str
    deals: int


@dataclass(frozen=True, slots=True)
class Blocker:
    """An item that holds deals up.

    Attributes:
        lacking: Open deals whose next gate lacks it today; ``waited`` the days they have stood there.
        expired: Deals that fell in the period because it ran out.
        waived: Deals for which it was waived in the period.
    """

    item: str
    title: str
    stage: int
    lacking: int
    waited: Spread
    expired: int
    waived: int

    @property
    def weight(self) -> int:
        """How often it got in the way, for the order."""
        return self.lacking + self.expired + self.waived


@dataclass(frozen=True, slots=True)
class Process:
    """The map and what holds deals up.

    Attributes:
        edges: From the most travelled to the least.
        blockers: The items most in the way first, at most ``SHOWN_ITEMS``.
    """

    scope: Scope
    edges: list[Edge]
    ends: list[End]
    blockers: list[Blocker]


def process_of(visible: Visible, scope: Scope, *, today: Any) -> Process:
    """Read the map and the blockers; the number of queries does not depend on the number of deals."""
    past = visible(scope.past)
    found = edges(read_histories(past, scope.period, since_opening=True), scope.period)
    blockers = sorted(_blockers(visible, scope, day_number(today)), key=lambda b: (-b.weight, b.stage, b.item))
    return Process(
        scope=scope,
        edges=sorted(found, key=lambda edge: (-edge.deals, edge.before, edge.after)),
        ends=_ends(past, scope.period),
        blockers=[blocker for blocker in blockers if blocker.weight][:SHOWN_ITEMS],
    )


def _ends(rows: OpportunityQuerySet, period: Period) -> list[End]:
    closed = counted(rows).order_by().filter(closed_on__range=(period.since, period.until))
    found = closed.values("stage_number", "outcome").annotate(deals=Count("pk")).order_by("stage_number", "outcome")
    return [End(*row) for row in found.values_list("stage_number", "outcome", "deals")]


def _blockers(visible: Visible, scope: Scope, today: int) -> Iterator[Blocker]:
    past = counted(visible(scope.past)).order_by().values("pk")
    expired, waived = _expired(past, scope.period), _waived(past, scope.period)
    lacking = _lacking(visible(scope.now), scope.filters.playbook, today)
    for item in _items(scope.filters.playbook):
        days = lacking.get(item.key, np.zeros(0, dtype=np.int64))
        yield Blocker(
            item=item.key,
            title=text_of(item.title, get_language()),
            stage=item.stage,
            lacking=int(days.size),
            waited=spread(days),
            expired=expired[item.key],
            waived=waived[item.key],
        )


def _items(playbook: str) -> list[Item]:
    """Return the gating items of all versions of a playbook, each as its newest version words it."""
    found: dict[str, Item] = {}
    for version in _versions(playbook):
        found |= {slot.item.key: slot.item for slot in compiled_playbook(version).slots if slot.item.gates}
    return list(found.values())


def _versions(playbook: str) -> list[int]:
    return list(PlaybookVersion.objects.filter(key=playbook).order_by("version").values_list("pk", flat=True))


def _expired(past: Any, period: Period) -> Counter[str]:
    changes = StageChange.objects.filter(
        cause=DAY_PASSED, on__range=(period.since, period.until), opportunity__in=past
    ).values_list("opportunity_id", "cause_text")
    pairs = {(deal, item) for deal, text in changes for item in text.get("lost", ())}
    return Counter(item for _, item in pairs)


def _waived(past: Any, period: Period) -> Counter[str]:
    rows = Waiver.objects.filter(approved_on__range=(period.since, period.until), opportunity__in=past)
    found = rows.order_by().values("item").annotate(deals=Count("opportunity", distinct=True))
    return Counter(dict(found.values_list("item", "deals")))


def _lacking(rows: OpportunityQuerySet, playbook: str, today: int) -> dict[str, NDArray[np.int64]]:
    """Return for each item how many days each deal whose next gate lacks it has stood there."""
    standing = Case(
        When(state=State.IN_STAGE, then=Value(WITHIN)),
        When(state=State.COMPLETED, then=Value(BEYOND)),
        default=Value(ENTERING),
        output_field=IntegerField(),
    )
    since = DayNumber(Coalesce("stage_since", "opened_on"))
    columns = counted(rows).order_by().values_list("playbook_id", "stage_number", standing, since, *WORDS)
    table = read_numbers(columns).reshape(-1, 4 + len(WORDS))
    found: dict[str, NDArray[np.int64]] = {}
    for version in _versions(playbook):
        own = table[table[:, 0] == version]
        for slot in compiled_playbook(version).slots:
            if slot.item.gates:
                days = np.maximum(today - own[_lacks(own, slot), 3], 0)
                found[slot.item.key] = np.r_[found.get(slot.item.key, days[:0]), days]
    return found


def _lacks(table: NDArray[np.int64], slot: Slot) -> NDArray[np.bool_]:
    """Return which deals stand before the gate of an item that does not count; ``happened.lacking`` asks the same."""
    enters = slot.item.kind is Kind.M
    stage = slot.item.stage - 1 if enters else slot.item.stage
    here = (table[:, 1] == stage) & (table[:, 2] == (ENTERING if enters else WITHIN))
    found: NDArray[np.bool_] = here & (table[:, 4 + slot.word] & slot.bit == 0)
    return found
