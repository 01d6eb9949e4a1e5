"""``duobiao restore FILE``: put a backup into place, after checking all of it."""

import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection
from filelock import FileLock

from duobiao.config.commands import Problem, archive, home, postgres_tools, prepare_home, start_django
from duobiao.config.commands.backup import postgresql_rows, sqlite_rows
from duobiao.config.commands.init import migrate


def run(source: Path, *, replace: bool) -> None:
    """Verify the archive, then restore database, files and secret.

    Until everything is in place the former data is only moved aside; when something fails it is moved back.

    Args:
        replace: Allow replacing data that is there.

    Raises:
        Problem: the archive is damaged, does not fit this installation, or data is there.
    """
    manifest = archive.verify(source)
    folder = prepare_home()
    start_django()
    check_fit(manifest)
    if not replace and (found := present_data()):
        raise Problem(f"{found}; restore into an empty home, or add --replace")
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=folder) as name:
        room = Path(name)
        unpack(source, room, manifest)
        check_rows_of_file(room, manifest)
        place_all(room, manifest)
    rows = sum(manifest.rows.values())
    files = sum(member.startswith(archive.FILES) for member in manifest.members)
    print(f"restored {rows} rows of {len(manifest.rows)} tables and {files} files of {manifest.created_at}")


def place_all(room: Path, manifest: archive.Manifest) -> None:
    """Put database, files and secret into place and bring the database up to date; undo all of it on failure."""
    placement = Placement()
    connection.close()
    try:
        place_files(room, placement)
        if manifest.engine == "sqlite":
            place_sqlite(room / manifest.database, placement)
            migrate()
        else:
            with placed_postgresql(room / manifest.database, manifest):
                migrate()
    except BaseException:
        connection.close()
        placement.undo()
        raise
    placement.settle()


def check_fit(manifest: archive.Manifest) -> None:
    """Refuse a backup of the other database, or of a newer program."""
    from django.db.migrations.loader import MigrationLoader

    if manifest.engine != connection.vendor:
        raise Problem(
            f"the backup is of {manifest.engine}, this installation uses {connection.vendor}: set DATABASE_URL"
        )
    loader = MigrationLoader(None)
    known = {".".join(key) for key in [*loader.disk_migrations, *loader.replacements]}
    foreign = sorted(set(manifest.migrations) - known)
    if foreign:
        raise Problem(f"the backup is of a newer version ({manifest.version}) of the program; install that first")


def present_data() -> str:
    """Say what data is there; empty when there is none."""
    from django.conf import settings

    media = Path(settings.MEDIA_ROOT)
    if media.is_dir() and any(media.iterdir()):
        return f"there are files in {media}"
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        return f"there is a database at {path}" if path.exists() and path.stat().st_size else ""
    return "the database holds tables" if connection.introspection.table_names() else ""


def unpack(source: Path, room: Path, manifest: archive.Manifest) -> None:
    """Write the members, verified once more on the way, into ``room``."""
    with archive.opened(source) as tar:
        for entry in tar:
            stream = tar.extractfile(entry)
            target = room / entry.name
            if stream is None or not target.resolve().is_relative_to(room.resolve()):
                raise Problem(f"the backup is refused: {entry.name!r} leads elsewhere")
            target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            with target.open("wb") as file:
                member = archive.digest_of(stream, file)
            if entry.name != archive.MANIFEST and member != manifest.members.get(entry.name):
                raise Problem(f"the backup changed while it was read: {entry.name}")
            target.chmod(0o600 if entry.name == archive.KEY_FILE else 0o640)


def check_rows_of_file(room: Path, manifest: archive.Manifest) -> None:
    """Hold the unpacked SQLite file to the manifest; PostgreSQL is compared after loading."""
    if manifest.engine != "sqlite":
        return
    with closing(sqlite3.connect(room / manifest.database)) as copy:
        sound = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        if not sound or sqlite_rows(copy) != manifest.rows:
            raise Problem("the backup is damaged: its database does not match its manifest")


class Placement:
    """Moves things into place and remembers how to take all of it back."""

    def __init__(self) -> None:
        self._placed: list[Path] = []
        self._former: list[tuple[Path, Path]] = []

    def put(self, new: Path, target: Path) -> None:
        """Move ``new`` to ``target``; what was there is kept beside it until ``settle``."""
        self.clear(target)
        target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        shutil.move(new, target)
        self._placed.append(target)

    def clear(self, target: Path) -> None:
        """Move what is at ``target`` aside."""
        if target.exists():
            former = target.with_name(f".{target.name}.before-restore")
            _discard(former)
            os.replace(target, former)
            self._former.append((former, target))

    def undo(self) -> None:
        """Bring back what was there."""
        for target in self._placed:
            _discard(target)
        for former, target in reversed(self._former):
            os.replace(former, target)

    def settle(self) -> None:
        """Delete what was there."""
        for former, _target in self._former:
            _discard(former)


def _discard(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def place_files(room: Path, placement: Placement) -> None:
    """Put the uploaded files into place, and the signing secret unless the backup holds none."""
    from django.conf import settings

    from duobiao.config.secret import secret_path

    key, files = room / archive.KEY_FILE, room / archive.FILES.rstrip("/")
    if key.is_file():
        placement.put(key, secret_path(home()))
    files.mkdir(mode=0o750, exist_ok=True)
    placement.put(files, Path(settings.MEDIA_ROOT))


def place_sqlite(source: Path, placement: Placement) -> None:
    """Put a SQLite file into place while nobody writes."""
    target = Path(connection.settings_dict["NAME"])
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{target}.write-lock", timeout=30):
        for suffix in ("-wal", "-shm"):
            placement.clear(Path(f"{target}{suffix}"))
        placement.put(source, target)


@contextmanager
def placed_postgresql(source: Path, manifest: archive.Manifest) -> Iterator[None]:
    """Load a dump beside the former tables, which come back when the loading or the block fails."""
    former = f"before_restore_{secrets.token_hex(4)}"
    _execute(f"ALTER SCHEMA public RENAME TO {former}", "CREATE SCHEMA public")
    try:
        contents = postgres_tools.run("pg_restore", "--list", str(source))
        wanted = source.with_suffix(".list")
        wanted.write_text(
            "".join(line for line in contents.splitlines(keepends=True) if " SCHEMA - public " not in line)
        )
        options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-acl", f"--use-list={wanted}"]
        postgres_tools.run("pg_restore", *options, f"--dbname={connection.settings_dict['NAME']}", str(source))
        if postgresql_rows() != manifest.rows:
            raise Problem("the restored database does not match the manifest of the backup")
        yield
    except BaseException:
        _execute("DROP SCHEMA public CASCADE", f"ALTER SCHEMA {former} RENAME TO public")
        raise
    _execute(f"DROP SCHEMA {former} CASCADE")


def _execute(*statements: str) -> None:
    connection.close()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
