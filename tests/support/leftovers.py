"""Remove what killed test runs left behind: PostgreSQL databases named after processes that are gone."""

import os
import re

import psycopg
import pytest
from psycopg import sql

LOCAL = ("127.0.0.1", "localhost", "/")
NAME = re.compile(r"test_duobiao_(\d+)_[0-9a-f]+\w*")


def is_running(pid: int) -> bool:
    """Tell whether a process of this machine lives."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def pytest_sessionstart(session: pytest.Session) -> None:
    """Drop such databases before the first test, where the server is on this machine."""
    url = os.environ.get("TEST_DATABASE_URL", "")
    if not url or hasattr(session.config, "workerinput"):
        return
    with psycopg.connect(url, autocommit=True) as connection:
        if not (connection.info.host or "/").startswith(LOCAL):
            return
        names = [row[0] for row in connection.execute("SELECT datname FROM pg_database").fetchall()]
        for name in names:
            match = NAME.fullmatch(name)
            if match and not is_running(int(match.group(1))):
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
