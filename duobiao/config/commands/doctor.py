"""``duobiao doctor``: check the installation and the truth of what it stores.

A capability adds its own checks with Django's framework, in ``AppConfig.ready()``::

    checks.register(stored_rates_are_true, "doctor", deploy=True)

The first line of the function's docstring is the title. ``deploy=True`` keeps slow checks out of every other command.
"""

import shutil
import stat
import time
from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Advice
from django.core.checks.registry import registry
from django.db import connection

from duobiao.config.commands import home, start_django

TAG = "doctor"
ROOM_BYTES = 200 * 2**20


def run() -> int:
    """Run all checks, print one line each and what was found; return how many found errors."""
    start_django()
    own = [secret_is_safe, home_has_room, database_is_migrated, database_is_sound, jobs_are_running]
    found = [_report(check) for check in [*own, *_registered()]]
    sick = sum(found)
    print(f"{sick} of {len(found)} checks found errors" if sick else "all is well")
    return sick


def _registered() -> list[Any]:
    checks = [check for check in registry.deployment_checks if TAG in getattr(check, "tags", ())]
    return sorted(checks, key=lambda check: (check.__module__, check.__name__))


def _report(check: Any) -> bool:
    started = time.monotonic()
    messages: Sequence[CheckMessage] = check(app_configs=None, databases=["default"])
    title = (check.__doc__ or check.__name__).strip().splitlines()[0].rstrip(".")
    errors = [message for message in messages if message.is_serious()]
    print(f"{'error ' if errors else 'advice' if messages else 'ok    '} {title} ({time.monotonic() - started:.1f} s)")
    for message in messages:
        print(f"         {message.msg}" + (f" -> {message.hint}" if message.hint else ""))
    return bool(errors)


def secret_is_safe(**_: Any) -> list[CheckMessage]:
    """The signing secret exists and only the service may read it."""
    from duobiao.config.secret import secret_path

    path = secret_path(home())
    if not path.is_file():
        return [Error(f"there is no secret at {path}", hint="run: duobiao init", id="config.E001")]
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return [Advice("others may read the secret", hint=f"run: chmod 600 {path}", id="config.W001")]
    return []


def home_has_room(**_: Any) -> list[CheckMessage]:
    """The disk that holds the data has room."""
    if not home().is_dir():
        return [Error(f"there is no folder {home()}", hint="run: duobiao init", id="config.E004")]
    free = shutil.disk_usage(home()).free
    if free < ROOM_BYTES:
        return [Error(f"only {free // 2**20} MB are free in {home()}", hint="make room", id="config.E002")]
    return []


def database_is_migrated(**_: Any) -> list[CheckMessage]:
    """The database has the version of the program."""
    from duobiao.config.commands import Problem, require_database

    try:
        require_database()
    except Problem as problem:
        return [Error(str(problem), id="config.E003")]
    return []


def database_is_sound(**_: Any) -> list[CheckMessage]:
    """The database file is undamaged and every reference leads somewhere."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        faults = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        dangling = {f"{row[0]} points at missing rows of {row[2]}" for row in cursor.fetchall()}
    hint = "restore the last backup"
    return [Error(fault, hint=hint, id="config.E004") for fault in [*faults, *sorted(dangling)]]


def jobs_are_running(**_: Any) -> list[CheckMessage]:
    """Background jobs are done in time."""
    from django.utils import timezone

    from duobiao.jobs import health

    return [Advice(line, hint=hint, id="jobs.W001") for line, hint in health.complaints(now=timezone.now())]
