"""SQLite triggers that refuse to change or delete audit entries; PostgreSQL relies on the model layer and grants."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

TABLES = ("timeline_entry",)


def names() -> list[str]:
    """Return the names of the triggers that must exist on SQLite."""
    return [f"{table}_no_{verb}" for table in TABLES for verb in ("update", "delete")]


def install() -> None:
    """Create missing triggers; does nothing on other databases."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for table in TABLES:
            for verb in ("update", "delete"):
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END"
                )


def missing() -> list[str]:
    """Return the triggers that should exist and do not."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        present = {row[0] for row in cursor.fetchall()}
    return [name for name in names() if name not in present]


def install_after_migrate(**_: Any) -> None:
    """Re-install after migrations, since a table rebuild drops triggers silently."""
    if "timeline_entry" in connection.introspection.table_names():
        install()


@contextmanager
def lifted() -> Iterator[None]:
    """Take the triggers away for a block; only tests that flush tables and data removal need it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name in names():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
    try:
        yield
    finally:
        install()
