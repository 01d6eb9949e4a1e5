"""Write where all deals stand in one go, judged set-based; for imports and moved playbooks."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.db import connection, transaction

from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.recompute import STORED, Stored, changed_rows

BATCH = 1000
UPDATE = "UPDATE {table} SET {columns} WHERE id = %s"

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
    """Store the derived columns of deals: key, and all ``STORED`` columns."""
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(name)} = %s" for name in STORED)
    statement = UPDATE.format(table=quote(Opportunity._meta.db_table), columns=columns)
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(*values, pk) for pk, values in rows])
