"""Rows 3, 5 and 6: a part of the running system is killed while people work; the rest goes on."""

import http.client
import importlib
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from tests.support.processes import ROOT, wait_until
from tests.support.served import PEOPLE, Served, serving
from tests.support.visitor import Visitor

CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "max_connections": "50"}


class Hand(threading.Thread):
    """Somebody who sends one request after the other and notes when each was answered, and how.

    Attributes:
        answers: Moment of the end, and "" or what went wrong.
        made: References the server acknowledged.
    """

    def __init__(self, visitor: Visitor, *, writes: bool) -> None:
        super().__init__()
        self.visitor, self.writes = visitor, writes
        self.answers: list[tuple[float, str]] = []
        self.made: list[str] = []
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.is_set():
            try:
                trouble = self._ask()
            except (OSError, http.client.HTTPException) as error:
                trouble = repr(error)
            self.answers.append((time.monotonic(), trouble))

    def _ask(self) -> str:
        if not self.writes:
            answer = self.visitor.get("/api/v1/me")
            return "" if answer.status == 200 else f"{answer.status}"
        name = f"客户 {time.monotonic_ns()}-{id(self)}"
        answer = self.visitor.api("POST", "/customers", {"name": name, "confirm_duplicate": True})
        if answer.status == 201:
            self.made.append(answer.json()["ref"])
            return ""
        return f"{answer.status} {answer.text[:80]}"


@contextmanager
def at_work(served: Served, port: int, *, hands: int, writes: bool) -> Iterator[list[Hand]]:
    """Let people work for a block; when it ends, all their answers are in."""
    found = [Hand(Visitor(port, token=served.tokens["lin"]), writes=writes) for _ in range(hands)]
    for hand in found:
        hand.start()
    try:
        yield found
    finally:
        for hand in found:
            hand.done.set()
        for hand in found:
            hand.join(timeout=60)


def troubles(hands: list[Hand]) -> list[tuple[float, str]]:
    return sorted(answer for hand in hands for answer in hand.answers if answer[1])


def children(pid: int) -> set[int]:
    return {int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def test_a_killed_web_worker_costs_next_to_nothing(served, figure, full_drill, tmp_path):
    """Row 3: SIGKILL of one worker under load: at most 0.5% errors, none after 2 s."""
    if not full_drill:
        errors, after, asked, _back = kill_one_worker(served, served.port, served.pid, seconds=0.3)
        assert errors <= 8, f"{errors} of {asked}"
        assert after < 10
        return
    with serving(served.env, tmp_path / "server.log", workers=4) as (port, process):
        errors, after, asked, back = kill_one_worker(served, port, process.pid, seconds=30)
    figure(
        3,
        f"1 of 4 workers killed under load: {errors} of {asked} requests failed ({errors / asked:.2%}), "
        f"the last after {after:.2f} s, the new worker there after {back:.1f} s",
    )
    assert errors <= asked * 0.005
    assert after <= 2


def kill_one_worker(served: Served, port: int, pid: int, *, seconds: float) -> tuple[int, float, int, float]:
    """Return the failed requests, how long after the kill the last failed, all requests, when the place was filled."""
    before = children(pid)
    with at_work(served, port, hands=8, writes=False) as hands:
        time.sleep(seconds)
        killed, victim = time.monotonic(), min(before)
        os.kill(victim, signal.SIGKILL)
        back = wait_until(
            lambda: victim not in children(pid) and len(children(pid)) == len(before),
            seconds=20,
            what="another worker takes its place",
        )
        time.sleep(seconds)
    failed = troubles(hands)
    after = failed[-1][0] - killed if failed else 0.0
    return len(failed), after, sum(len(hand.answers) for hand in hands), back


def test_connections_cut_by_the_database_cost_one_error_each(served, figure, full_drill):
    """Row 6: pg_terminate_backend on all connections under load: at most one error each, then all is as before."""
    if connection.vendor != "postgresql":
        return
    cut, rounds, pause = 0, *((10, 1.0) if full_drill else (1, 0.4))
    with (
        psycopg.connect(served.env["DATABASE_URL"], autocommit=True) as admin,
        at_work(served, served.port, hands=8, writes=True) as hands,
    ):
        for _round in range(rounds):
            time.sleep(pause)
            cut += len(admin.execute(CUT).fetchall())
        time.sleep(pause)
    failed, made, lost = troubles(hands), *made_and_lost(served, hands)

    figure(6, f"{cut} connections cut under load: {len(failed)} errors, {len(lost)} of {len(made)} acknowledged lost")
    assert len(failed) <= cut
    assert lost == []
    assert cut
    assert made


def made_and_lost(served: Served, hands: list[Hand]) -> tuple[list[str], list[str]]:
    """Return what was acknowledged, and what of it is not there."""
    made, program = [ref for hand in hands for ref in hand.made], served.program("lin")
    return made, [ref for ref in made if program.get(f"/api/v1/customers/{ref}").status != 200]


class Cluster:
    """A PostgreSQL of our own with the durability of production, which can be killed and started again."""

    def __init__(self, room: Path, scripts: Any) -> None:
        self.scripts, self.room = scripts, room
        self.account, self.port = scripts.unprivileged_account(), scripts.free_port()
        try:
            self.binaries = scripts.installed_binaries()
        except scripts.Unavailable:
            self.binaries = scripts.readable_copy(scripts.wheel_binaries(), room)
        if self.account:
            os.chown(room, self.account.pw_uid, self.account.pw_gid)
        scripts.make_cluster(self.binaries, room, self.account)
        self.start()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        scripts.wait_for(self.url, self.process, room / "log")

    def start(self) -> None:
        """Start it, as a supervisor does at once when it has died."""
        self.process = self.scripts.start_server(
            self.binaries, self.room, self.account, port=self.port, settings=DURABLE
        )

    def crash(self) -> None:
        """Kill every process of it."""
        for pid in (self.process.pid, *children(self.process.pid)):
            os.kill(pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """Run a cluster in a folder that its account can reach."""
    room = Path(tempfile.mkdtemp(prefix="duobiao-crash-"))
    room.chmod(0o755)
    cluster = None
    try:
        cluster = Cluster(room, importlib.import_module("postgres"))
        yield cluster
    finally:
        if cluster is not None:
            cluster.scripts.stop(cluster.process)
        shutil.rmtree(room, ignore_errors=True)


def test_a_crash_of_the_database_loses_nothing_acknowledged(served, figure, full_drill, tmp_path, monkeypatch):
    """Row 5: kill -9 of the whole server five times under writes: 0 acknowledged lost, writing again within 10 s."""
    if connection.vendor != "postgresql" or not full_drill:
        return  # takes a cluster of its own, which is made for the full drill only
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    home = tmp_path / "home"
    home.mkdir()
    with own_cluster() as cluster:
        own = Served({**served.env, "DUOBIAO_HOME": str(home), "DATABASE_URL": cluster.url}, 0, tmp_path / "log")
        assert own.run("init").returncode == 0
        own.make_people(*PEOPLE[:1])
        with serving(own.env, own.log) as (own.port, _process):
            with at_work(own, own.port, hands=4, writes=True) as hands:
                back = [crash_and_wait(cluster, hands) for _round in range(5)]
            made, lost = made_and_lost(own, hands)
            doctor = own.run("doctor")

    figure(
        5,
        f"{len(back)} crashes under writes: {len(lost)} of {len(made)} acknowledged lost, "
        f"writing again after {max(back):.1f} s at most",
    )
    assert lost == []
    assert max(back) <= 10
    assert doctor.stdout.endswith("all is well\n"), doctor.stdout


def crash_and_wait(cluster: Cluster, hands: list[Hand]) -> float:
    """Kill the server under writes and start it again; return the seconds until something is written again."""
    time.sleep(2)
    cluster.crash()
    killed, before = time.monotonic(), sum(len(hand.made) for hand in hands)
    cluster.start()
    wait_until(lambda: sum(len(hand.made) for hand in hands) > before, seconds=60, what="something is written again")
    return time.monotonic() - killed
