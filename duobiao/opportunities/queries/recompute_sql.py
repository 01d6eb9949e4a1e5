"""The statements of the set-based recompute, for SQLite and PostgreSQL.

What a playbook accepts goes into a temporary table, so that the ledger joins it by key. The join runs deal by deal
along the ledger's index, which makes grouping free of sorting; days are compared as they are stored and turned into
numbers only where one is asked for. Only constants of this module are written into the text of a statement.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from duobiao.playbooks.domain.compile import WORD_BITS, Compiled
from duobiao.playbooks.domain.model import BUYER_STAGES, METHOD_KEY, Accept, Grade, Method, Nature, Until

FAR = 99_999_999
"""A day number later than any day; stands for "never"."""

MARK, RESET, SETTLEMENT, METHOD = 1000, 2000, 3000, 4000
"""Slots beyond the items: + buyer stage, + stage thrown back to, + stage settled; facts about the method."""

NO_WORD = -1
FIXED, DAYS, PROOF_END, YEAR_END = range(4)
"""How the last day of a proof is found: never, days after it happened, its own, its own or the end of the year."""

METHOD_BIT = {method: 1 << index for index, method in enumerate(Method)}

CREATE = """
    CREATE TEMPORARY TABLE recompute_accept (
        key varchar(60), slot integer, word integer, bit bigint, min_grade integer, methods integer,
        rule integer, days integer, late integer, oldest date, PRIMARY KEY (key, slot, methods, min_grade)
    )
"""
FILL = "INSERT INTO recompute_accept VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"

ON = "(CASE a.late WHEN 1 THEN d.late_on ELSE d.early_on END)"
KNOWN = "(CASE a.late WHEN 1 THEN d.late_known ELSE d.early_known END)"
MOVES = "(CASE a.late WHEN 1 THEN d.late_moves ELSE d.early_moves END)"
HELD = f"p.happened_on <= {ON}"

Row = tuple[str, int, int, int, int, int, int, int, int, str]


@dataclass(frozen=True, slots=True)
class Deals:
    """Which deals the statements are about.

    Attributes:
        condition: On the table of deals as ``o``; ``parameters`` fill its places.
        lookup: The same for the ORM, from the deal.
    """

    condition: str
    parameters: tuple[int, ...]
    lookup: dict[str, Any]

    @classmethod
    def under(cls, version_id: int, first: int, last: int) -> "Deals":
        """Choose the deals on one playbook version, from one key to another, both included."""
        lookup = {"playbook_id": version_id, "pk__range": (first, last)}
        return cls("o.playbook_id = %s AND o.id BETWEEN %s AND %s", (version_id, first, last), lookup)

    @classmethod
    def these(cls, keys: Sequence[int]) -> "Deals":
        """Choose some deals, at least one, whatever playbook they are on."""
        return cls(f"o.id IN ({', '.join(['%s'] * len(keys))})", tuple(keys), {"pk__in": list(keys)})


def day_number(day: date) -> int:
    """Return the number of a day as the statements count days: its proleptic ordinal."""
    return day.toordinal()


@contextmanager
def accepted(compiled: Compiled, today: date) -> Iterator[None]:
    """Hold what a playbook accepts in a temporary table for the statements of this module."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS recompute_accept")
        cursor.execute(CREATE)
        cursor.executemany(FILL, list(dict.fromkeys(_rows(compiled, today))))
        try:
            yield
        finally:
            cursor.execute("DROP TABLE recompute_accept")


def aggregate_sql(compiled: Compiled, deals: Deals, today: date) -> tuple[str, list[str | int]]:
    """Return the statement that gives one row of integers per deal with facts; run it within ``accepted``.

    Columns: deal, proved words, held words, settled stage, latest day of each buyer's mark, latest day of each reset,
    earliest day on which time changes something.
    """
    dialect = _dialect()
    day, last = dialect["day"].format("p.happened_on"), _last(dialect)
    fresh = _fresh(dialect)
    words = range(compiled.words)
    targets = sorted({reset.to for reset in compiled.playbook.resets})
    columns = [
        *(dialect["or"].format(f"CASE WHEN a.word = {w} AND {fresh} THEN a.bit END") for w in words),
        *(dialect["or"].format(f"CASE WHEN a.word = {w} AND {HELD} THEN a.bit END") for w in words),
        f"MAX(CASE WHEN a.slot / 1000 = {SETTLEMENT // 1000} AND {HELD} THEN a.slot - {SETTLEMENT} ELSE 0 END)",
        *(f"MAX(CASE WHEN a.slot = {MARK + n} AND {HELD} THEN {day} ELSE 0 END)" for n in range(1, BUYER_STAGES + 1)),
        *(f"MAX(CASE WHEN a.slot = {RESET + to} AND {HELD} THEN {day} ELSE 0 END)" for to in targets),
        f"MIN(CASE WHEN {MOVES} = 0 THEN {FAR} WHEN NOT {HELD} THEN {day} WHEN a.rule = {FIXED} THEN {FAR}"
        f" WHEN {fresh} AND {last} < {FAR} THEN {last} + 1 ELSE {FAR} END)",
    ]
    sql = f"""
    WITH d AS ({_deals(dialect, deals)})
    SELECT d.id, {", ".join(columns)}
    FROM d CROSS JOIN opportunities_proof p CROSS JOIN recompute_accept a
    WHERE p.opportunity_id = d.id AND a.key = p.key AND p.grade >= a.min_grade AND (a.methods & d.method) <> 0
      AND p.known_on <= {KNOWN} AND (p.retracted_on IS NULL OR p.retracted_on > {KNOWN})
    GROUP BY d.id
    """
    return sql, [*_days(today), *deals.parameters]


def stored_sql(columns: Sequence[str], deals: Deals) -> tuple[str, list[str | int]]:
    """Return the statement that gives key and stored columns per deal, ordered by key; days as numbers."""
    day = _dialect()["day"]
    shown = [f"COALESCE({day.format(name)}, 0)" if name.endswith("_on") else name for name in columns]
    sql = f"""
    SELECT id, {", ".join(shown)}
    FROM opportunities_opportunity o WHERE {deals.condition} ORDER BY id
    """
    return sql, [*deals.parameters]


def method_sql(deals: Deals, today: date) -> tuple[str, list[str | int]]:
    """Return the statement that gives the purchase method in force per deal: the latest live fact about it."""
    sql = f"""
    WITH d AS ({_deals(_dialect(), deals)}),
    fact AS (
        SELECT p.opportunity_id AS deal, p.method,
               ROW_NUMBER() OVER (
                   PARTITION BY p.opportunity_id ORDER BY p.happened_on DESC, p.recorded_at DESC, p.ref DESC
               ) AS place
        FROM opportunities_proof p JOIN d ON d.id = p.opportunity_id
        WHERE p.method <> '' AND p.happened_on <= d.early_on
          AND p.known_on <= d.early_known AND (p.retracted_on IS NULL OR p.retracted_on > d.early_known)
    )
    SELECT deal, method FROM fact WHERE place = 1
    """
    return sql, [*_days(today), *deals.parameters]


def _deals(dialect: dict[str, str], deals: Deals) -> str:
    """Return the part that gives each deal its frame (see ``playbooks.domain.facts.Frame``) and method bit."""
    methods = " ".join(f"WHEN '{method}' THEN {bit}" for method, bit in METHOD_BIT.items())
    known, today = dialect["latest"].format("o.closed_on", "c.known_on"), dialect["parameter"]
    return f"""
        SELECT o.id, CASE o.purchase_method {methods} END AS method,
               CASE WHEN o.outcome = 'OPEN' THEN {today} ELSE o.closed_on END AS early_on,
               CASE WHEN o.outcome = 'OPEN' THEN {today} ELSE {known} END AS early_known,
               CASE WHEN o.outcome IN ('OPEN', 'WON') THEN {today} ELSE o.closed_on END AS late_on,
               CASE WHEN o.outcome IN ('OPEN', 'WON') THEN {today} ELSE {known} END AS late_known,
               CASE WHEN o.outcome = 'OPEN' THEN 1 ELSE 0 END AS early_moves,
               CASE WHEN o.outcome IN ('OPEN', 'WON') THEN 1 ELSE 0 END AS late_moves
        FROM opportunities_opportunity o
        LEFT JOIN opportunities_closing c ON c.opportunity_id = o.id AND c.reopened_on IS NULL
        WHERE {deals.condition}
    """


def _days(today: date) -> list[str | int]:
    return [today.isoformat()] * 4


def _fresh(dialect: dict[str, str]) -> str:
    """Return the condition that a proof is fresh; a number of days is compared as a day while the deal runs."""
    number = dialect["day"].format(ON)
    return (
        f"({HELD} AND CASE WHEN a.rule = {FIXED} THEN TRUE"
        f" WHEN a.rule = {DAYS} AND {MOVES} = 1 THEN p.happened_on >= a.oldest"
        f" ELSE {number} <= {_last(dialect)} END)"
    )


def _last(dialect: dict[str, str]) -> str:
    """Return the number of a proof's last day."""
    happened, own = dialect["day"].format("p.happened_on"), dialect["day"].format("p.valid_until")
    return (
        f"(CASE a.rule WHEN {FIXED} THEN {FAR} WHEN {DAYS} THEN {happened} + a.days"
        f" WHEN {PROOF_END} THEN COALESCE({own}, {FAR}) ELSE COALESCE({own}, {dialect['year_end']}) END)"
    )


def _rows(compiled: Compiled, today: date) -> Iterator[Row]:
    for index, slot in enumerate(compiled.slots):
        late = int(slot.late)
        for accept in slot.item.accepts:
            methods = sum(bit for m, bit in METHOD_BIT.items() if accept in slot.item.accepts_under(m))
            rule, days = _rule(accept)
            oldest = (today - timedelta(days=days)).isoformat()
            word, grade = index // WORD_BITS, int(accept.min_grade)
            yield accept.evidence, index, word, slot.bit, grade, methods, rule, days, late, oldest
    for key, slot_number, grade, late in _acts(compiled):
        everything = sum(METHOD_BIT.values())
        yield key, slot_number, NO_WORD, 0, grade, everything, FIXED, 0, late, today.isoformat()


def _acts(compiled: Compiled) -> Iterator[tuple[str, int, int, int]]:
    """Yield the buyer's own acts and the method: key, slot, least grade, whether judged late."""
    for key, mark in compiled.marks.items():
        yield key, MARK + mark.stage, int(Grade.DOCUMENTED), int(compiled.goes_on(key))
    for key, reset in compiled.resets.items():
        yield key, RESET + reset.to, int(Grade.DOCUMENTED), 0
    for key, stage in compiled.playbook.settlements.items():
        yield key, SETTLEMENT + stage, int(Grade.BUYER_CONFIRMED), 0
    yield METHOD_KEY, METHOD, int(Grade.ASSERTED), 0


def _rule(accept: Accept) -> tuple[int, int]:
    if accept.nature is Nature.EVENT:
        return FIXED, 0
    if accept.valid_days is not None:
        return DAYS, accept.valid_days
    if accept.until is Until.PROOF:
        return PROOF_END, 0
    return (YEAR_END, 0) if accept.until is Until.YEAR_END else (FIXED, 0)


def _dialect() -> dict[str, str]:
    if connection.vendor == "sqlite":
        return {
            "day": "(CAST(julianday({0}) AS INTEGER) - 1721424)",
            "year_end": "(CAST(julianday(substr(p.happened_on, 1, 4) || '-12-31') AS INTEGER) - 1721424)",
            "latest": "MAX({0}, COALESCE({1}, {0}))",
            "parameter": "%s",
            "or": "COALESCE(SUM(DISTINCT {0}), 0)",
        }
    return {
        "day": "(({0}) - DATE '0001-01-01' + 1)",
        "year_end": "(make_date(EXTRACT(YEAR FROM p.happened_on)::int, 12, 31) - DATE '0001-01-01' + 1)",
        "latest": "GREATEST({0}, COALESCE({1}, {0}))",
        "parameter": "CAST(%s AS DATE)",
        "or": "COALESCE(BIT_OR({0}), 0)",
    }
