"""Fixtures for tests that start real processes on the test's own database."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
COMMAND = str(ROOT / ".venv" / "bin" / "duobiao")


def database_url() -> str:
    """Return the address of the database this test works on."""
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{config['NAME']}"
    person = quote(config["USER"], safe="") + (f":{quote(config['PASSWORD'], safe='')}" if config["PASSWORD"] else "")
    return f"postgres://{person}@{quote(config['HOST'], safe='')}:{config['PORT'] or 5432}/{config['NAME']}"


@pytest.fixture
def same_database(transactional_db: None) -> dict[str, str]:
    """The environment for processes that work on this test's database, with its files and its secret."""
    Path(settings.MEDIA_ROOT).mkdir(exist_ok=True)
    home = Path(settings.MEDIA_ROOT).parent
    key = home / "secret-key"
    key.touch(mode=0o600)
    key.write_text(settings.SECRET_KEY)
    clean = {name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "PORT")}
    return {**clean, "DUOBIAO_HOME": str(home), "DATABASE_URL": database_url()}


@pytest.fixture
def start_process(tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start ``duobiao`` commands: ``start_process("worker", env=same_database)``; killed when the test ends."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, env: dict[str, str]) -> "subprocess.Popen[str]":
        log = (tmp_path / f"process-{len(started)}.log").open("w")
        with log:
            process = subprocess.Popen(
                [COMMAND, *arguments],
                env=env,
                cwd=tmp_path,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for number in range(len(started)):
        print(f"--- process {number}:\n{(tmp_path / f'process-{number}.log').read_text()}")


def wait_until(condition: Callable[[], bool], *, seconds: float, what: str) -> float:
    """Wait for something another process does; return how long it took.

    Args:
        what: Said when it does not happen in time.
    """
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, f"not within {seconds} s: {what}"
        time.sleep(0.05)
    return time.monotonic() - started


@pytest.fixture
def full_drill() -> bool:
    """Whether drills run at full strength (``make drill``) or as the short sample of every test run."""
    return os.environ.get("DRILL") == "full"


@pytest.fixture
def run_command(tmp_path: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Run a ``duobiao`` command to its end: ``run_command("doctor", env=same_database)``."""

    def run(*arguments: str, env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [COMMAND, *arguments],
            env=env,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
