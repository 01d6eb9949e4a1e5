"""Write where all deals stand in one go, judged set-based; for imports and moved playbooks."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.db import connection, transaction

from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.recompute import STORED, Stored, changed_rows

BATCH = 1000
EACH = "UPDATE {table} SET {columns} WHERE id = %s"
TOGETHER = "UPDATE {table} SET {columns} FROM unnest({arrays}) AS judged (id, {names}) WHERE {table}.id = judged.id"

Row = tuple[int, list[Stored]]


def recompute_all(*, now: datetime) -> int:
    """Bring every deal's derived columns in line with its ledger; returns how many deals changed.

    No stage history is written: this is for rows that were written without being judged.
    """
    count = 0
    for batch in _batches(changed_rows(today=company_day(now))):
        write_judged(batch)
        count += len(batch)
    return count


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    held = iter(rows)
    while batch := list(islice(held, BATCH)):
        yield batch


@transaction.atomic
def write_judged(rows: list[Row]) -> None:
    """Store the derived columns of deals: key, and all ``STORED`` columns; on PostgreSQL in one statement."""
    if not rows:
        return
    quote = connection.ops.quote_name
    table = quote(Opportunity._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            columns = ", ".join(f"{quote(name)} = %s" for name in STORED)
            cursor.executemany(EACH.format(table=table, columns=columns), [(*values, pk) for pk, values in rows])
            return
        types = [Opportunity._meta.get_field(name).db_type(connection) for name in ("id", *STORED)]
        statement = TOGETHER.format(
            table=table,
            columns=", ".join(f"{quote(name)} = judged.{quote(name)}" for name in STORED),
            arrays=", ".join(f"%s::{kind}[]" for kind in types),
            names=", ".join(map(quote, STORED)),
        )
        cursor.execute(
            statement, [list(column) for column in zip(*((pk, *values) for pk, values in rows), strict=True)]
        )
