"""Judge all deals at once, in SQL and vectors, and compare with what is stored.

The database groups the ledger by deal, so that one row per deal comes back: which items are proved and held, as bits;
the latest day of each buyer's mark and reset; the day on which time changes something. The
rules themselves are the same lines that judge a single deal (``playbooks.domain.place``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import FilteredRelation, Max, Min, Q
from numpy.typing import NDArray

from duobiao.opportunities.models import Opportunity, Waiver
from duobiao.opportunities.queries.recompute_sql import (
    FAR,
    Deals,
    accepted,
    aggregate_sql,
    day_number,
    method_sql,
    stored_sql,
)
from duobiao.playbooks.domain.compile import MAX_WORDS, Compiled
from duobiao.playbooks.domain.model import BUYER_STAGES, Method
from duobiao.playbooks.domain.place import LAG_VERDICTS, NO_LAG, STATES, Bits, Place, place
from duobiao.playbooks.queries import compiled_playbook, item_waived_under

Vector = NDArray[np.int64]
Stored = str | int | date | None

STORED = (
    "stage_number",
    "state",
    "completed_stage",
    "rate_percent",
    "buyer_stage",
    "lag",
    "lag_verdict",
    "settled_through",
    "purchase_method",
    "word_0",
    "word_1",
    "word_2",
    "word_3",
    "word_4",
    "gate_met",
    "gate_required",
    "waived_count",
    "expired_count",
    "reassess_on",
)
METHODS = tuple(Method)
METHOD_INDEX = {str(method): index for index, method in enumerate(METHODS)}
STATE_INDEX = {str(state): index for index, state in enumerate(STATES)}
VERDICT_INDEX = {str(verdict): index for index, verdict in enumerate(LAG_VERDICTS)}
NO_DAY = 0
AT_ONCE = 50_000
"""Keys judged at once; their rows take about 100 MB."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored column that does not follow from the ledger."""

    ref: str
    column: str
    stored: object
    derived: object


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What a recompute found.

    Attributes:
        deals: How many deals were judged.
        differences: Every stored value that does not follow from the ledger.
    """

    deals: int
    differences: list[Difference]


def recompute(*, today: date) -> Recomputed:
    """Judge every deal on the company's day and return what differs from the stored columns."""
    deals, differences = 0, []
    for table in _tables(today):
        deals += len(table.ids)
        differences += table.differences()
    return Recomputed(deals, differences)


def changed_rows(*, today: date) -> Iterator[tuple[int, list[Stored]]]:
    """Yield the deals whose stored columns do not follow: key, and all ``STORED`` columns as they should be."""
    for table in _tables(today):
        yield from table.changed()


def judge_under(version_id: int, keys: Sequence[int], *, today: date) -> dict[int, list[Stored]]:
    """Judge some deals by any playbook version, whichever they are on; returns all ``STORED`` columns by key.

    The deals must have been judged since their ``reassess_on`` came; nothing is written.
    """
    if not keys:
        return {}
    return _Table(version_id, Deals.these(keys), today).judged()


def _tables(today: date) -> Iterator["_Table"]:
    """Yield all deals, version by version, in pieces that bound the memory they need."""
    spans = Opportunity.objects.order_by("playbook_id").values_list("playbook_id").annotate(Min("pk"), Max("pk"))
    for version_id, low, high in spans:
        for first in range(low, high + 1, AT_ONCE):
            yield _Table(version_id, Deals.under(version_id, first, min(high, first + AT_ONCE - 1)), today)


class _Table:
    """Deals as vectors, ordered by id, to be judged by one playbook version."""

    def __init__(self, version_id: int, deals: Deals, today: date) -> None:
        self.version_id, self.deals, self.today = version_id, deals, today
        self.compiled = compiled_playbook(version_id)
        sql, parameters = stored_sql(STORED, deals)
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            columns = list(zip(*cursor.fetchall(), strict=True)) or [()] * (len(STORED) + 1)
        self.ids: Vector = np.array(columns[0], dtype=np.int64)
        self.stored = {name: _coded(name, columns[1 + index]) for index, name in enumerate(STORED)}

    def derived(self) -> dict[str, Vector]:
        """Return the derived columns, coded as numbers."""
        aggregate = self._aggregate()
        waived, waiver_wake = self._waivers()
        method = self._methods()
        tables = [np.array([self.compiled.not_applicable[m][w] for m in METHODS]) for w in range(self.compiled.words)]
        bits = Bits(
            proved=aggregate.proved,
            held=aggregate.held,
            waived=waived,
            not_applicable=[table[method] for table in tables],
            settled=aggregate.settled,
            buyer=aggregate.buyer(self.compiled),
        )
        found = place(self.compiled, bits)
        wake = np.minimum(aggregate.wake, waiver_wake)
        met, required = self._gates(found, bits)
        words = {f"word_{w}": found.position[w] if w < self.compiled.words else _zeros(self) for w in range(MAX_WORDS)}
        return {
            "stage_number": found.entered + _zeros(self),
            "state": found.state,
            "completed_stage": found.completed + _zeros(self),
            "rate_percent": found.rate,
            "buyer_stage": bits.buyer,
            "lag": found.lag,
            "lag_verdict": found.verdict,
            "settled_through": bits.settled,
            "purchase_method": method,
            **words,
            "gate_met": met,
            "gate_required": required,
            "waived_count": _count(w & ~m for w, m in zip(bits.waived, found.met, strict=True)),
            "expired_count": _count(h & ~p for h, p in zip(bits.held, found.position, strict=True)),
            "reassess_on": np.where(wake >= FAR, NO_DAY, wake),
        }

    def differences(self) -> list[Difference]:
        """Return what differs from the stored columns."""
        if not len(self.ids):
            return []
        found: list[tuple[int, str, object, object]] = []
        for name, vector in self.derived().items():
            for index in np.flatnonzero(vector != self.stored[name]):
                found.append((int(self.ids[index]), name, self.stored[name][index], vector[index]))
        refs = dict(Opportunity.objects.filter(pk__in={pk for pk, *_ in found}).values_list("pk", "ref"))
        return [
            Difference(refs[pk], name, _decoded(name, stored), _decoded(name, derived))
            for pk, name, stored, derived in found
        ]

    def changed(self) -> Iterator[tuple[int, list[Stored]]]:
        """Yield key and derived columns of the deals that differ."""
        if not len(self.ids):
            return
        derived = self.derived()
        differs = np.any([derived[name] != self.stored[name] for name in STORED], axis=0)
        for index in np.flatnonzero(differs):
            yield int(self.ids[index]), [_decoded(name, derived[name][index]) for name in STORED]

    def judged(self) -> dict[int, list[Stored]]:
        """Return the derived columns of every deal by its key."""
        if not len(self.ids):
            return {}
        derived = self.derived()
        return {int(pk): [_decoded(name, derived[name][index]) for name in STORED] for index, pk in enumerate(self.ids)}

    def _aggregate(self) -> "_Aggregate":
        sql, parameters = aggregate_sql(self.compiled, self.deals, self.today)
        with accepted(self.compiled, self.today), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            rows = np.array(cursor.fetchall(), dtype=np.int64)
        return _Aggregate(self.compiled, self._spread(rows))

    def _spread(self, rows: Vector) -> Vector:
        """Put rows, ordered by nothing, at the place of their deal; deals without facts get the neutral row."""
        width = 1 + _Aggregate.width(self.compiled)
        spread = np.zeros((width - 1, len(self.ids)), dtype=np.int64)
        spread[-1] = FAR
        if rows.size:
            at = np.searchsorted(self.ids, rows[:, 0])
            spread[:, at] = rows[:, 1:].T
        return spread

    def _waivers(self) -> tuple[list[Vector], Vector]:
        words = [_zeros(self) for _ in range(self.compiled.words)]
        wake = np.full(len(self.ids), FAR, dtype=np.int64)
        standing = FilteredRelation(
            "opportunity__closings", condition=Q(opportunity__closings__reopened_on__isnull=True)
        )
        chosen = {f"opportunity__{name}": value for name, value in self.deals.lookup.items()}
        held = Waiver.objects.annotate(standing=standing).filter(
            approved_on__isnull=False, approved_on__lte=self.today, **chosen
        )
        rows = held.values_list(
            "opportunity_id", "item", "playbook_id", "approved_on", "expires_on", "ended_on", *_CLOSING
        )
        for pk, given, given_under, approved_on, expires_on, ended_on, *closing in rows:
            item = item_waived_under(given, given_under, self.version_id)
            if item is None:
                continue
            slot = self.compiled.by_key[item]
            on, known, moves = _frame(closing, self.today, late=slot.late)
            if approved_on > known or on > expires_on or (ended_on is not None and ended_on <= known):
                continue
            at = int(np.searchsorted(self.ids, pk))
            words[slot.word][at] |= slot.bit
            if moves:
                wake[at] = min(wake[at], _day(expires_on) + 1)
        return words, wake

    def _methods(self) -> Vector:
        sql, parameters = method_sql(self.deals, self.today)
        methods = np.full(len(self.ids), METHOD_INDEX["UNKNOWN"], dtype=np.int64)
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            for pk, method in cursor.fetchall():
                methods[np.searchsorted(self.ids, pk)] = METHOD_INDEX[method]
        return methods

    def _gates(self, found: Place, bits: Bits) -> tuple[Vector, Vector]:
        state = found.state
        entering = (state == STATE_INDEX["TRANSIT"]) | (state == STATE_INDEX["NOT_ENTERED"])
        stage = np.where(entering, np.minimum(self.compiled.last, found.completed + 1), found.entered)
        met, required = _zeros(self), _zeros(self)
        for word in range(self.compiled.words):
            milestone = np.array([mask[word] for mask in self.compiled.milestone])[stage]
            gate = np.array([mask[word] for mask in self.compiled.gate])[stage]
            mask = np.where(entering, milestone, gate & ~milestone) & ~bits.not_applicable[word]
            required = required + np.bitwise_count(mask)
            met = met + np.bitwise_count(mask & found.position[word])
        return met, required


class _Aggregate:
    """The columns of the aggregate, by name."""

    def __init__(self, compiled: Compiled, columns: Vector) -> None:
        words = compiled.words
        self.proved: Sequence[Vector] = list(columns[:words])
        self.held: Sequence[Vector] = list(columns[words : 2 * words])
        self.settled: Vector = columns[2 * words]
        self.marks = columns[2 * words + 1 : 2 * words + 1 + BUYER_STAGES]
        self.resets = columns[2 * words + 1 + BUYER_STAGES : -1]
        self.wake: Vector = columns[-1]

    @staticmethod
    def width(compiled: Compiled) -> int:
        """Return how many columns follow the deal's id."""
        return 2 * compiled.words + 2 + BUYER_STAGES + len(reset_targets(compiled))

    def buyer(self, compiled: Compiled) -> Vector:
        """Return the highest stage whose latest mark is later than every reset to a lower stage."""
        highest = np.zeros(self.marks.shape[1], dtype=np.int64)
        targets = reset_targets(compiled)
        for stage in range(1, BUYER_STAGES + 1):
            void_until = np.zeros_like(highest)
            for index, to in enumerate(targets):
                if to < stage:
                    void_until = np.maximum(void_until, self.resets[index])
            highest = np.where(self.marks[stage - 1] > void_until, stage, highest)
        return highest


_CLOSING = ("opportunity__outcome", "opportunity__closed_on", "standing__known_on")


def reset_targets(compiled: Compiled) -> list[int]:
    """Return the stages that resets throw the buyer back to, ascending."""
    return sorted({reset.to for reset in compiled.playbook.resets})


def _frame(closing: Sequence[Any], today: date, *, late: bool) -> tuple[date, date, bool]:
    outcome, closed_on, known_on = closing
    if outcome == "OPEN" or (outcome == "WON" and late):
        return today, today, True
    return closed_on, max(closed_on, known_on or closed_on), False


def _zeros(table: _Table) -> Vector:
    return np.zeros(len(table.ids), dtype=np.int64)


def _count(words: Iterator[Vector]) -> Vector:
    counts: Vector = np.sum([np.bitwise_count(word) for word in words], axis=0, dtype=np.int64)
    return counts


def _day(day: date | None) -> int:
    return NO_DAY if day is None else day_number(day)


def _coded(name: str, values: Sequence[Any]) -> Vector:
    coders: dict[str, Any] = {
        "state": STATE_INDEX.__getitem__,
        "lag_verdict": VERDICT_INDEX.__getitem__,
        "purchase_method": METHOD_INDEX.__getitem__,
        "lag": lambda value: NO_LAG if value is None else value,
    }
    code = coders.get(name)
    return np.array([code(value) for value in values] if code else values, dtype=np.int64)


def _decoded(name: str, value: object) -> Stored:
    number = int(str(value))
    if name == "state":
        return str(STATES[number])
    if name == "lag_verdict":
        return str(LAG_VERDICTS[number])
    if name == "purchase_method":
        return str(METHODS[number])
    if name == "lag":
        return None if number == NO_LAG else number
    if name == "reassess_on":
        return None if number == NO_DAY else date.fromordinal(number)
    return number
