"""Empty the database after a test that committed: delete the rows that are there, in one transaction.

Django's own way truncates every table, which on PostgreSQL makes each file of each table and index anew (seconds), and
then notes every kind of record and every permission again.
"""

from collections.abc import Iterator
from functools import cache

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import TransactionTestCase

from duobiao.timeline.triggers import lifted

KEPT = {ContentType._meta.db_table, Permission._meta.db_table}
"""What the migrations put there."""


@pytest.fixture(scope="session", autouse=True)
def _databases_are_emptied_row_by_row() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: empty())
        yield


def empty() -> None:
    """Delete every row of every table; foreign keys are looked at when the transaction ends."""
    with lifted(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in _tables()))
        for (name,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {name}")


@cache
def _tables() -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return [connection.ops.quote_name(name) for name in sorted(names) if name not in KEPT]
