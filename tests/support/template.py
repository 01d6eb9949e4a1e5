"""One migrated, empty database for all processes of all runs: its copy takes a hundredth of the time of the migrations.

It is made anew when a migration, a trigger, the settings of an app, or a package has changed; so a fresh clone runs
every migration once on each database. What ``duobiao init`` makes of nothing has its own test.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection
from filelock import FileLock
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("duobiao/*/migrations/*.py", "duobiao/*/triggers.py", "duobiao/*/apps.py", "requirements*.lock")
PLACE = Path(tempfile.gettempdir()) / "duobiao-test-template"
PREFIX = "duobiao_template_"
LONGEST_WAIT = 300
KEPT = 8
"""Templates of other states of the project that are left alone."""


def name() -> str:
    """Return the name of the template that fits the present migrations."""
    found = sorted(path for pattern in SOURCES for path in ROOT.glob(pattern))
    digest = hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in found))
    return PREFIX + digest.hexdigest()[:16]


def file() -> Path:
    """Return where the template of SQLite lies."""
    return PLACE / f"{name()}.sqlite3"


def make_database(migrate: Callable[[bool], Any]) -> Any:
    """Make this process's database from the template, and the template first where there is none.

    Args:
        migrate: Sets up the test's databases; True keeps what stands at their place.
    """
    PLACE.mkdir(exist_ok=True)
    with FileLock(PLACE / f"{connection.vendor}.lock", timeout=LONGEST_WAIT):
        if connection.vendor == "sqlite":
            return _from_file(file(), migrate)
        return _from_postgres(name(), migrate)


def _from_file(template: Path, migrate: Callable[[bool], Any]) -> Any:
    there = template.exists()
    if there:
        shutil.copyfile(template, connection.settings_dict["TEST"]["NAME"])
    made = migrate(there)
    if not there:
        connection.close()
        for old in sorted(PLACE.glob(f"{PREFIX}*"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
            old.unlink()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(template)])
    return made


def _from_postgres(template: str, migrate: Callable[[bool], Any]) -> Any:
    with psycopg.connect(server(), autocommit=True) as admin:
        query = "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid"
        names = [row[0] for row in admin.execute(query, [f"{PREFIX}%"]).fetchall()]
        if template in names:
            connection.settings_dict["TEST"]["TEMPLATE"] = template
        made = migrate(False)
        if template not in names:
            connection.close()
            for old in names[:-KEPT]:
                admin.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
            identifiers = map(sql.Identifier, (template, connection.settings_dict["NAME"]))
            admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*identifiers))
    return made


def server() -> str:
    """Return the address of the database ``postgres`` on the server under test."""
    return urlunsplit(urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path="/postgres"))
