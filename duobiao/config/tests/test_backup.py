import os
import shutil
import sqlite3
import subprocess
import tarfile
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from duobiao.config.commands import Problem, archive, backup, init, restore
from duobiao.jobs.models import ScheduleRun
from tests.support.databases import digests
from tests.support.processes import database_url

BEGIN = datetime(2999, 1, 1, tzinfo=UTC)


@pytest.fixture
def some_data(same_database):
    """Rows and files, one with a Chinese name, and no others; taken away afterwards."""
    init.migrate()
    ScheduleRun.objects.bulk_create(ScheduleRun(name="行", slot=BEGIN + timedelta(minutes=n)) for n in range(50))
    media = Path(settings.MEDIA_ROOT)
    shutil.rmtree(media, ignore_errors=True)  # what earlier tests stored
    files = {"2026/投标文件.pdf": b"%PDF" * 1000, "logo.png": os.urandom(5000), "empty": b""}
    for name, content in files.items():
        (media / name).parent.mkdir(parents=True, exist_ok=True)
        (media / name).write_bytes(content)
    yield files
    for name in files:
        (media / name).unlink(missing_ok=True)


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.drill
def test_a_backup_is_restored_equal_on_an_empty_machine(
    some_data, same_database, empty_place, run_command, tmp_path, figure
):
    """Row 19: every table and every file has the same hash on the new machine."""
    run_command("init", env=same_database)
    before = digests(database_url())

    made = run_command("backup", "a.tar", env=same_database)
    restored = run_command("restore", "a.tar", env=empty_place)

    assert (made.returncode, made.stderr) == (0, "")
    assert (restored.returncode, restored.stderr) == (0, "")
    home = Path(empty_place["DUOBIAO_HOME"])
    after = digests(empty_place["DATABASE_URL"])
    equal = sum(after.get(table) == digest for table, digest in before.items())
    figure(19, f"{equal} of {len(before)} tables and {len(some_data)} files equal on an empty machine")
    assert after == before
    assert files_in(home / "files") == some_data
    assert (home / "secret-key").read_text() == settings.SECRET_KEY
    assert (home / "secret-key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "a.tar").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.iterdir() if path.name.startswith(".")] == []


def test_a_damaged_backup_is_refused_before_anything_is_touched(
    some_data, same_database, empty_place, run_command, tmp_path
):
    run_command("backup", "a.tar", env=same_database)
    whole = bytearray((tmp_path / "a.tar").read_bytes())
    whole[len(whole) // 3] ^= 1
    (tmp_path / "a.tar").write_bytes(whole)

    refused = run_command("restore", "a.tar", env=empty_place)

    assert refused.returncode == 1
    assert refused.stderr.startswith("duobiao: the backup is damaged: ")
    assert refused.stderr.count("\n") == 1
    assert not Path(empty_place["DUOBIAO_HOME"]).exists()


def test_a_home_with_data_is_replaced_only_when_asked(some_data, same_database, tmp_path):
    backup.run(tmp_path / "a.tar")
    before = digests(database_url())
    ScheduleRun.objects.create(name="later", slot=BEGIN)
    (Path(settings.MEDIA_ROOT) / "logo.png").unlink()

    with pytest.raises(Problem, match="add --replace"):
        restore.run(tmp_path / "a.tar", replace=False)
    assert ScheduleRun.objects.filter(name="later").exists()

    restore.run(tmp_path / "a.tar", replace=True)
    assert digests(database_url()) == before
    assert files_in(Path(settings.MEDIA_ROOT)) == some_data
    assert not list(Path(settings.MEDIA_ROOT).parent.glob(".*before-restore*"))


def test_a_restore_that_fails_midway_brings_everything_back(some_data, same_database, tmp_path, monkeypatch):
    backup.run(tmp_path / "a.tar")
    ScheduleRun.objects.create(name="later", slot=BEGIN)
    (Path(settings.MEDIA_ROOT) / "logo.png").write_bytes(b"changed")
    before, files = digests(database_url()), files_in(Path(settings.MEDIA_ROOT))

    def fail() -> None:
        raise Problem("the migration failed")

    monkeypatch.setattr(restore, "migrate", fail)
    with pytest.raises(Problem, match="the migration failed"):
        restore.run(tmp_path / "a.tar", replace=True)

    assert digests(database_url()) == before
    assert files_in(Path(settings.MEDIA_ROOT)) == files
    (Path(settings.MEDIA_ROOT) / "logo.png").unlink()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"engine": "other"}, "this installation uses"),
        ({"migrations": ["identity.9999_from_the_future"]}, "newer version"),
    ],
)
def test_a_backup_that_does_not_fit_is_refused(some_data, same_database, tmp_path, monkeypatch, change, reason):
    backup.run(tmp_path / "a.tar")
    manifest = archive.verify(tmp_path / "a.tar")
    for name, value in change.items():
        setattr(manifest, name, value)
    monkeypatch.setattr(archive, "verify", lambda _path: manifest)
    before = digests(database_url())

    with pytest.raises(Problem, match=reason):
        restore.run(tmp_path / "a.tar", replace=True)

    assert digests(database_url()) == before


def test_an_existing_file_is_never_overwritten(same_database, tmp_path):
    (tmp_path / "a.tar").write_text("precious")

    with pytest.raises(Problem, match="exists already"):
        backup.run(tmp_path / "a.tar")

    assert (tmp_path / "a.tar").read_text() == "precious"


def test_a_compressed_backup_is_smaller_and_as_good(some_data, same_database, tmp_path):
    backup.run(tmp_path / "a.tar")
    backup.run(tmp_path / "a.tar.gz")

    assert (tmp_path / "a.tar.gz").stat().st_size < (tmp_path / "a.tar").stat().st_size / 2
    assert archive.verify(tmp_path / "a.tar.gz").rows == archive.verify(tmp_path / "a.tar").rows


@pytest.mark.drill
def test_backups_taken_while_others_write_are_whole(same_database, tmp_path, full_drill, figure):
    """Row 18: writers add rows in pairs and files with them; every backup holds whole pairs and sound files."""
    stop = threading.Event()
    written = []

    def write() -> None:
        media = Path(settings.MEDIA_ROOT)
        while not stop.wait(0.02):
            number = len(written)
            (media / f"file-{number}").write_bytes(os.urandom(2000))
            with transaction.atomic():
                for half in ("left", "right"):
                    ScheduleRun.objects.create(name=half, slot=BEGIN + timedelta(minutes=number))
            written.append(number)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    rounds = 20 if full_drill else 5
    try:
        for number in range(rounds):
            backup.run(tmp_path / f"{number}.tar")
    finally:
        stop.set()
        writer.join()

    for number in range(rounds):
        manifest = archive.verify(tmp_path / f"{number}.tar")
        assert manifest.rows["jobs_schedulerun"] % 2 == 0
        assert rows_in(tmp_path / f"{number}.tar", tmp_path) == manifest.rows["jobs_schedulerun"]
    assert len(written) >= rounds
    figure(18, f"{rounds} of {rounds} backups whole while {len(written)} pairs and files were written")
    for path in Path(settings.MEDIA_ROOT).glob("file-*"):
        path.unlink()


def rows_in(path: Path, folder: Path) -> int:
    """Count the rows of the table in the backup itself, after checking that the database is sound."""
    with tarfile.open(path) as tar:
        name = archive.DATABASES[connection.vendor]
        content = tar.extractfile(name)
        assert content is not None
        (folder / name).write_bytes(content.read())
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(folder / name)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            return database.execute("SELECT count(*) FROM jobs_schedulerun").fetchone()[0]
    command = ["pg_restore", "--data-only", "--table=jobs_schedulerun", "--file=-", str(folder / name)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return lines.index("\\.") - next(n for n, line in enumerate(lines) if line.startswith("COPY ")) - 1
