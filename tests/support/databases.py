"""Compare whole databases, and make empty ones to restore into."""

import hashlib
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from tests.support.processes import database_url


def digests(url: str) -> dict[str, str]:
    """Return a hash over all rows of every table, independent of their order.

    Args:
        url: As in DATABASE_URL.
    """
    return _sqlite_digests(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else _postgres_digests(url)


def _sqlite_digests(path: str) -> dict[str, str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    with closing(sqlite3.connect(path)) as database:
        tables = [row[0] for row in database.execute(query)]
        return {table: _digest(database.execute(f'SELECT * FROM "{table}"')) for table in tables}


def _postgres_digests(url: str) -> dict[str, str]:
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    with psycopg.connect(url, autocommit=True) as database:
        tables = [row[0] for row in database.execute(query).fetchall()]
        return {table: _digest(database.execute(f'SELECT t::text FROM "{table}" t')) for table in tables}


def _digest(rows: Iterator[tuple[object, ...]]) -> str:
    lines = sorted(repr(row) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@contextmanager
def for_module(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Keep what is written within for all tests of a module; it is taken back at the end."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def empty_place(same_database: dict[str, str], tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a second, empty installation on the same kind of database."""
    home = tmp_path / "second-home"
    if connection.vendor == "sqlite":
        yield {**same_database, "DUOBIAO_HOME": str(home), "DATABASE_URL": f"sqlite:///{home / 'duobiao.sqlite3'}"}
        return
    parts = urlsplit(database_url())
    name = f"test_duobiao_{os.getpid()}_{secrets.token_hex(4)}"
    server = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield {
            **same_database,
            "DUOBIAO_HOME": str(home),
            "DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}")),
        }
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
