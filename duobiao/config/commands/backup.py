"""``duobiao backup FILE``: database, files and secret in one archive, consistent while the system runs."""

import io
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from django.db import connection, transaction

from duobiao import __version__
from duobiao.config.commands import Problem, home, postgres_tools, require_database, start_django
from duobiao.config.commands.archive import FILES, KEY_FILE, MANIFEST, Manifest, digest_of


def run(target: Path) -> None:
    """Write the archive; it appears under its name only once it is complete.

    Raises:
        Problem: the target exists or cannot be written, or a program that is needed is missing.
    """
    if target.exists():
        raise Problem(f"{target} exists already; choose another name")
    if not target.parent.is_dir():
        raise Problem(f"there is no folder {target.parent}")
    start_django()
    require_database()
    partial = target.with_name(f".{target.name}.partial")
    try:
        manifest = write(partial)
        partial.rename(target)
        _persist(target.parent)
    except OSError as error:
        raise Problem(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)
    rows = sum(manifest.rows.values())
    print(f"{target}: {rows} rows of {len(manifest.rows)} tables, {_files(manifest)} files")


def write(path: Path) -> Manifest:
    """Write an archive of the present state to ``path``; return its manifest."""
    manifest = Manifest(engine=connection.vendor, version=__version__, created_at=datetime.now(UTC).isoformat())
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    mode: Literal["w", "w:gz"] = "w:gz" if path.name.removesuffix(".partial").endswith((".gz", ".tgz")) else "w"
    with (
        tempfile.TemporaryDirectory(prefix=".backup-", dir=home()) as room,
        os.fdopen(handle, "wb") as file,
        tarfile.open(fileobj=file, mode=mode, format=tarfile.PAX_FORMAT) as archive,
    ):
        snapshot = Path(room) / "database"
        take_snapshot(snapshot, manifest)
        _add(archive, manifest, manifest.database, snapshot)
        for name, source in _secret_and_files():
            copy = Path(room) / "copy"
            if _copied(source, copy):
                _add(archive, manifest, name, copy)
        text = manifest.dump()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(text), 0o600
        archive.addfile(entry, io.BytesIO(text))
        archive.close()
        file.flush()
        os.fsync(file.fileno())
    return manifest


# The database


def take_snapshot(target: Path, manifest: Manifest) -> None:
    """Write the database as of one moment to ``target``, and its migrations and row counts into the manifest."""
    if connection.vendor == "sqlite":
        _snapshot_sqlite(target, manifest)
    else:
        _snapshot_postgresql(target, manifest)


def _snapshot_sqlite(target: Path, manifest: Manifest) -> None:
    with closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=30)) as source:
        source.execute("VACUUM INTO ?", (str(target),))
    with closing(sqlite3.connect(target)) as copy:
        verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise Problem(f"the database is damaged: {verdict}; run: duobiao doctor")
        manifest.migrations = [".".join(row) for row in copy.execute("SELECT app, name FROM django_migrations")]
        manifest.rows = sqlite_rows(copy)


def sqlite_rows(database: sqlite3.Connection) -> dict[str, int]:
    """Count the rows of every table of a SQLite database."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    tables = [row[0] for row in database.execute(query)]
    return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}


def _snapshot_postgresql(target: Path, manifest: Manifest) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT app, name FROM django_migrations")
        manifest.migrations = [".".join(row) for row in cursor.fetchall()]
        manifest.rows = postgresql_rows()
        cursor.execute("SELECT pg_export_snapshot()")
        moment = cursor.fetchone()[0]
        options = ["--format=custom", "--schema=public", "--no-owner", "--no-acl", f"--snapshot={moment}"]
        postgres_tools.run("pg_dump", *options, f"--file={target}")


def postgresql_rows() -> dict[str, int]:
    """Count the rows of every table of our PostgreSQL database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        rows = {}
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            rows[name] = cursor.fetchone()[0]
    return rows


# Files


def _secret_and_files() -> Iterable[tuple[str, Path]]:
    from django.conf import settings

    from duobiao.config.secret import secret_path

    secret = secret_path(home())
    if secret.is_file() and home() in secret.resolve().parents:
        yield KEY_FILE, secret
    media = Path(settings.MEDIA_ROOT)
    for path in sorted(media.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield FILES + path.relative_to(media).as_posix(), path


def _copied(source: Path, copy: Path) -> bool:
    """Copy a file aside, so that it cannot change under the archive; False when it went away meanwhile."""
    try:
        with source.open("rb") as reading, copy.open("wb") as writing:
            digest_of(reading, writing)
    except FileNotFoundError:
        return False
    return True


def _add(archive: tarfile.TarFile, manifest: Manifest, name: str, source: Path) -> None:
    with source.open("rb") as file:
        manifest.members[name] = digest_of(file)
        file.seek(0)
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = manifest.members[name].size, 0o600
        archive.addfile(entry, file)


def _persist(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _files(manifest: Manifest) -> int:
    return sum(name.startswith(FILES) for name in manifest.members)
