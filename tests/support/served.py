"""A real installation, made by ``duobiao init`` and served by ``duobiao serve``, for drills over real sockets."""

import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.support import template
from tests.support.people import PASSWORD
from tests.support.processes import COMMAND, ROOT, wait_until
from tests.support.visitor import Visitor

PEOPLE = [
    {"username": "lin", "role": "seller", "unit": "华东"},
    {"username": "zhou", "role": "manager", "unit": "华东"},
    {"username": "stranger", "role": "seller", "unit": "华南"},
    {"username": "boss", "role": "administrator"},
    *({"username": name, "role": "seller"} for name in ("leaver", "copied", "renewed", "planted", "victim")),
]


@dataclass
class Served:
    """An installation that answers on a loopback port.

    Attributes:
        tokens: By sign-in name; everybody's password is ``PASSWORD``.
        log: What the server wrote.
        pid: The process that minds the workers.
    """

    env: dict[str, str]
    port: int
    log: Path
    tokens: dict[str, str] = field(default_factory=dict)
    password: str = PASSWORD
    pid: int = 0

    def visitor(self, username: str = "", *, source: str = "127.0.0.1") -> Visitor:
        """Return a browser, signed in as ``username`` if one is given."""
        visitor = Visitor(self.port, source=source)
        if username:
            assert visitor.sign_in(username, self.password).status == 302
        return visitor

    def program(self, username: str) -> Visitor:
        """Return a program that uses a person's token."""
        return Visitor(self.port, token=self.tokens[username])

    def make_people(self, *people: dict[str, str]) -> None:
        """Make people with tokens."""
        command = [sys.executable, "-m", "tests.support.people"]
        done = subprocess.run(
            command, input=json.dumps(people), env=self.env, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        self.tokens |= json.loads(done.stdout)

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a ``duobiao`` command on this installation."""
        command = [COMMAND, *arguments]
        return subprocess.run(
            command, env=self.env, capture_output=True, text=True, timeout=300, check=False, stdin=subprocess.DEVNULL
        )


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_ready(port: int) -> bool:
    """Tell whether a server answers that it is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/readyz", headers={"Connection": "close"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def serving(env: dict[str, str], log: Path, *, workers: int = 2) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Serve an installation for a block; yields the port and the process."""
    port = free_port()
    with log.open("ab") as output:
        command = [COMMAND, "serve", "--port", str(port), "--workers", str(workers)]
        process = subprocess.Popen(
            command, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    try:
        wait_until(lambda: is_ready(port) or process.poll() is not None, seconds=90, what="the server answers")
        assert process.poll() is None, log.read_text()
        yield port, process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def new_database(home: Path, *, migrated: bool = False) -> Iterator[str]:
    """Yield the address of a database: on the PostgreSQL under test, else a SQLite file in ``home``.

    Args:
        migrated: With every table and no row, instead of empty.
    """
    server = os.environ.get("TEST_DATABASE_URL", "")
    if not server:
        if migrated:
            shutil.copyfile(template.file(), home / "duobiao.sqlite3")
        yield f"sqlite:///{home / 'duobiao.sqlite3'}"
        return
    name = f"test_duobiao_served_{secrets.token_hex(4)}"
    with psycopg.connect(template.server(), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template.name() if migrated else 'template0'}")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def served(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Served]:
    """One served installation for all drills of a process, with ``PEOPLE``."""
    folder = tmp_path_factory.mktemp("served")
    home = folder / "home"
    home.mkdir()
    for name in ("static", "cache"):
        (home / name).symlink_to(pytestconfig.cache.mkdir(f"served-{name}"))  # made once, not in every run
    clean = {name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "PORT")}
    with new_database(home, migrated=True) as url:
        env = {**clean, "DUOBIAO_HOME": str(home), "DATABASE_URL": url, "DUOBIAO_LOG_LEVEL": "DEBUG"}
        made = Served(env=env, port=0, log=folder / "server.log")
        init = made.run("init")
        assert init.returncode == 0, init.stderr
        made.make_people(*PEOPLE)
        with serving(env, made.log) as (port, process):
            made.port, made.pid = port, process.pid
            yield made


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what uses the served installation in one process, so that it is made once."""
    for item in items:
        if "served" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("served"))
