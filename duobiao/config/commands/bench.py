"""``duobiao bench``: measure on a throw-away database of the same kind as the configured one."""

import os
import platform
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import orjson
from rich.console import Console
from rich.table import Table

from duobiao.config.commands import Problem

DATA = Path("../shared/data/maven-crm")


def run(*, rows: int, as_json: bool) -> None:
    """Measure in a process and a database of their own, and print the report.

    Args:
        rows: Number of deals; ten proofs each.

    Raises:
        Problem: the measuring process failed.
    """
    report = {"machine": machine(), **_measured(str(rows), str(DATA)), "people": _measured("people")}
    if as_json:
        print(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
    else:
        show(report)


def _measured(*arguments: str) -> dict[str, Any]:
    with throw_away() as environment:
        command = [sys.executable, "-m", "duobiao.config.bench", *arguments]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise Problem("the measurement failed; see the lines above")
    found: dict[str, Any] = orjson.loads(done.stdout)
    return found


def machine() -> dict[str, Any]:
    """Describe what the figures were measured on."""
    url = os.environ.get("DATABASE_URL", "")
    return {
        "database": "PostgreSQL" if url.startswith("postgres") else "SQLite",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.system(),
    }


@contextmanager
def throw_away() -> Iterator[dict[str, str]]:
    """Give an environment whose database exists only for the block."""
    url = os.environ.get("DATABASE_URL", "")
    with tempfile.TemporaryDirectory(prefix="duobiao-bench-") as home:
        environment = {**os.environ, "DUOBIAO_HOME": home}
        if not url.startswith("postgres"):
            yield {**environment, "DATABASE_URL": f"sqlite:///{home}/bench.sqlite3"}
            return
        name = f"duobiao_bench_{secrets.token_hex(4)}"
        _administer(url, f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            yield {**environment, "DATABASE_URL": urlunsplit(urlsplit(url)._replace(path=f"/{name}"))}
        finally:
            _administer(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _administer(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def show(report: dict[str, Any]) -> None:
    """Print the report as a table."""
    table = Table(title=f"{report['machine']['database']}, {report['rows']:,} deals, {report['proofs']:,} proofs")
    table.add_column("what")
    table.add_column("figure", justify="right")
    for name, value in flat(report):
        table.add_row(name, str(value))
    Console().print(table)


def flat(report: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the figures of a report by dotted name."""
    for name, value in report.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
