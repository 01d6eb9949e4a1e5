"""The work behind each command of ``duobiao``, loaded only when the command is called."""

import os
import stat
from collections.abc import Collection
from pathlib import Path


class Problem(Exception):
    """The command cannot do what was asked; the message says why and what to do, in one line."""


def home() -> Path:
    """Return DUOBIAO_HOME, where data lives."""
    return Path(os.environ.get("DUOBIAO_HOME", "var")).resolve()


def prepare_home() -> Path:
    """Create DUOBIAO_HOME with its folders, closed to others."""
    folder = home()
    try:
        for part in (folder, folder / "files", folder / "static"):
            part.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(
            f"cannot create {folder}: {error.strerror}; set DUOBIAO_HOME to a folder you may write"
        ) from error
    return folder


def require_secret() -> None:
    """Refuse to go on without the signing secret, or with one that others may read."""
    from duobiao.config.secret import secret_path

    path = secret_path(home())
    if not path.is_file():
        raise Problem(f"there is no secret at {path}; run: duobiao init")
    if path.stat().st_mode & stat.S_IRWXO:
        raise Problem(f"everybody may read the secret {path}; run: chmod 600 {path}")


def start_django(*, without: Collection[str] = ()) -> None:
    """Load the settings and the capabilities.

    Args:
        without: Applications that this process does not need, so that it stays small.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duobiao.config.settings")
    import django
    from django.conf import settings

    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app not in without]
    django.setup()


def require_database() -> None:
    """Refuse to go on while the database is missing or waits for migrations."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        raise Problem(f"the database waits for {len(pending)} migrations; run: duobiao init")
