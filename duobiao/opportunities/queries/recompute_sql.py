"""The statements of the set-based recompute, for SQLite and PostgreSQL.

Only constants of the compiled playbook are written into the text; values go in as parameters.
"""

from collections.abc import Iterator
from datetime import date

from django.db import connection

from duobiao.playbooks.domain.compile import Compiled
from duobiao.playbooks.domain.model import METHOD_KEY, STAGES, Accept, Grade, Method, Nature, Until

FAR = 99_999_999
"""A day number later than any day; stands for "never"."""

MARK, RESET, SETTLEMENT, METHOD = 1000, 2000, 3000, 4000
"""Slots beyond the items: + buyer stage, + stage thrown back to, + stage settled; facts about the method."""

FIXED, DAYS, PROOF_END, YEAR_END = range(4)
"""How the last day of a proof is found: never, days after it happened, its own, its own or the end of the year."""

DAY_ZERO = 0
"""Day numbers are proleptic ordinals: 1 is the first of January of year 1, as ``date.toordinal``."""

METHOD_BIT = {method: 1 << index for index, method in enumerate(Method)}

Row = tuple[str, int, int, int, int, int, int, int]
"""Key, slot, bit, minimal grade, methods, rule, days, stage."""


def day_number(day: date) -> int:
    """Return the number of a day as the statements count days."""
    return day.toordinal() + DAY_ZERO


def aggregate_sql(compiled: Compiled, version_id: int, today: date) -> tuple[str, list[object]]:
    """Return the statement that gives one row of integers per deal with facts.

    Columns: deal, proved words, held words, settled stage, latest day of each buyer's mark, latest day of each reset,
    earliest day on which time changes something.
    """
    dialect = _dialect()
    accepts = ", ".join(_values(row) for row in _rows(compiled))
    words = range(compiled.words)
    targets = sorted({reset.to for reset in compiled.playbook.resets})
    outer = [
        *(f"SUM(CASE WHEN slot / 60 = {w} AND slot < {MARK} AND fresh = 1 THEN bit ELSE 0 END)" for w in words),
        *(f"SUM(CASE WHEN slot / 60 = {w} AND slot < {MARK} AND held = 1 THEN bit ELSE 0 END)" for w in words),
        f"MAX(CASE WHEN slot / 1000 = {SETTLEMENT // 1000} AND held = 1 THEN slot - {SETTLEMENT} ELSE 0 END)",
        *(f"MAX(CASE WHEN slot = {MARK + stage} AND held = 1 THEN day ELSE 0 END)" for stage in range(1, STAGES + 1)),
        *(f"MAX(CASE WHEN slot = {RESET + to} AND held = 1 THEN day ELSE 0 END)" for to in targets),
        "MIN(wake)",
    ]
    sql = f"""
    WITH accept (key, slot, bit, min_grade, methods, rule, days, stage) AS (VALUES {accepts}),
    deal AS ({_deals(dialect)}),
    fact AS (
        SELECT p.opportunity_id AS deal, a.slot, a.bit, a.rule,
               {dialect["day"].format("p.happened_on")} AS day,
               CASE WHEN a.stage = {STAGES} THEN d.late_on ELSE d.early_on END AS eff,
               CASE WHEN a.stage = {STAGES} THEN d.late_moves ELSE d.early_moves END AS moves,
               CASE a.rule WHEN {FIXED} THEN {FAR}
                    WHEN {DAYS} THEN {dialect["day"].format("p.happened_on")} + a.days
                    WHEN {PROOF_END} THEN COALESCE({dialect["day"].format("p.valid_until")}, {FAR})
                    ELSE COALESCE({dialect["day"].format("p.valid_until")}, {dialect["year_end"]}) END AS last
        FROM opportunities_proof p
        JOIN deal d ON d.id = p.opportunity_id
        JOIN accept a ON a.key = p.key AND p.grade >= a.min_grade AND (a.methods & d.method) <> 0
        WHERE p.known_on <= CASE WHEN a.stage = {STAGES} THEN d.late_known ELSE d.early_known END
          AND (p.retracted_on IS NULL
               OR p.retracted_on > CASE WHEN a.stage = {STAGES} THEN d.late_known ELSE d.early_known END)
    ),
    item AS (
        SELECT deal, slot, MAX(bit) AS bit,
               MAX(CASE WHEN day <= eff THEN 1 ELSE 0 END) AS held,
               MAX(CASE WHEN day <= eff AND eff <= last THEN 1 ELSE 0 END) AS fresh,
               MAX(CASE WHEN day <= eff THEN day ELSE 0 END) AS day,
               MIN(CASE WHEN moves = 0 THEN {FAR}
                        WHEN day > eff THEN day
                        WHEN eff <= last AND last < {FAR} THEN last + 1
                        ELSE {FAR} END) AS wake
        FROM fact GROUP BY deal, slot
    )
    SELECT deal, {", ".join(outer)} FROM item GROUP BY deal
    """
    return sql, [*_deal_parameters(today), version_id]


def method_sql(version_id: int, today: date) -> tuple[str, list[object]]:
    """Return the statement that gives the purchase method in force per deal: the latest live fact about it."""
    dialect = _dialect()
    sql = f"""
    WITH deal AS ({_deals(dialect)}),
    fact AS (
        SELECT p.opportunity_id AS deal, p.method,
               ROW_NUMBER() OVER (
                   PARTITION BY p.opportunity_id ORDER BY p.happened_on DESC, p.recorded_at DESC, p.ref DESC
               ) AS place
        FROM opportunities_proof p
        JOIN deal d ON d.id = p.opportunity_id
        WHERE p.method <> '' AND {dialect["day"].format("p.happened_on")} <= d.early_on
          AND p.known_on <= d.early_known AND (p.retracted_on IS NULL OR p.retracted_on > d.early_known)
    )
    SELECT deal, method FROM fact WHERE place = 1
    """
    return sql, [*_deal_parameters(today), version_id]


def _deals(dialect: dict[str, str]) -> str:
    """Return the part that gives each deal its frame (see ``playbooks.domain.facts.Frame``) and method bit."""
    methods = " ".join(f"WHEN '{method}' THEN {bit}" for method, bit in METHOD_BIT.items())
    closed = dialect["day"].format("o.closed_on")
    known = dialect["latest"].format("o.closed_on", "c.known_on")
    return f"""
        SELECT o.id, CASE o.purchase_method {methods} END AS method,
               CASE WHEN o.outcome = 'OPEN' THEN t.number ELSE {closed} END AS early_on,
               CASE WHEN o.outcome = 'OPEN' THEN t.day ELSE {known} END AS early_known,
               CASE WHEN o.outcome IN ('OPEN', 'WON') THEN t.number ELSE {closed} END AS late_on,
               CASE WHEN o.outcome IN ('OPEN', 'WON') THEN t.day ELSE {known} END AS late_known,
               CASE WHEN o.outcome = 'OPEN' THEN 1 ELSE 0 END AS early_moves,
               CASE WHEN o.outcome IN ('OPEN', 'WON') THEN 1 ELSE 0 END AS late_moves
        FROM opportunities_opportunity o
        CROSS JOIN (SELECT {dialect["parameter"]} AS day, CAST(%s AS INTEGER) AS number) t
        LEFT JOIN opportunities_closing c ON c.opportunity_id = o.id AND c.reopened_on IS NULL
        WHERE o.playbook_id = %s
    """


def _deal_parameters(today: date) -> list[object]:
    return [today.isoformat(), day_number(today)]


def _rows(compiled: Compiled) -> Iterator[Row]:
    for index, slot in enumerate(compiled.slots):
        for accept in slot.item.accepts:
            methods = sum(bit for m, bit in METHOD_BIT.items() if accept in slot.item.accepts_under(m))
            rule, days = _rule(accept)
            grade = int(accept.min_grade)
            yield accept.evidence, index, slot.bit, grade, methods, rule, days, slot.item.stage
    everything = sum(METHOD_BIT.values())
    documented = int(Grade.DOCUMENTED)
    for key, mark in compiled.marks.items():
        yield key, MARK + mark.stage, 0, documented, everything, FIXED, 0, mark.stage
    for key, reset in compiled.resets.items():
        yield key, RESET + reset.to, 0, documented, everything, FIXED, 0, 1
    for key, stage in compiled.playbook.settlements.items():
        yield key, SETTLEMENT + stage, 0, int(Grade.BUYER_CONFIRMED), everything, FIXED, 0, 1
    yield METHOD_KEY, METHOD, 0, int(Grade.ASSERTED), everything, FIXED, 0, 1


def _rule(accept: Accept) -> tuple[int, int]:
    if accept.nature is Nature.EVENT:
        return FIXED, 0
    if accept.valid_days is not None:
        return DAYS, accept.valid_days
    if accept.until is Until.PROOF:
        return PROOF_END, 0
    return (YEAR_END, 0) if accept.until is Until.YEAR_END else (FIXED, 0)


def _values(row: Row) -> str:
    key, *numbers = row
    return f"('{key}', {', '.join(str(number) for number in numbers)})"


def _dialect() -> dict[str, str]:
    if connection.vendor == "sqlite":
        return {
            "day": "(CAST(julianday({0}) AS INTEGER) - 1721424)",
            "year_end": "(CAST(julianday(substr(p.happened_on, 1, 4) || '-12-31') AS INTEGER) - 1721424)",
            "latest": "MAX({0}, COALESCE({1}, {0}))",
            "parameter": "%s",
        }
    return {
        "day": "(({0}) - DATE '0001-01-01' + 1)",
        "year_end": "(make_date(EXTRACT(YEAR FROM p.happened_on)::int, 12, 31) - DATE '0001-01-01' + 1)",
        "latest": "GREATEST({0}, COALESCE({1}, {0}))",
        "parameter": "CAST(%s AS DATE)",
    }
