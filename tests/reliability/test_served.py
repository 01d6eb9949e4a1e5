"""Rows 4, 18 and 19 on a real installation: stopped under load, backed up under load, restored elsewhere."""

import http.client
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.support.drills import Stopwatch
from tests.support.served import Served, new_database, serving
from tests.support.visitor import Visitor


class Load(threading.Thread):
    """Somebody who opens deals and proves on them over the API, and remembers what was acknowledged."""

    def __init__(self, served: Served, port: int, name: str) -> None:
        super().__init__(name=name)
        self.visitor = Visitor(port, token=served.tokens["lin"])
        self.acknowledged: list[str] = []
        self.failures: list[str] = []
        self.done = threading.Event()

    def run(self) -> None:
        number = 0
        while not self.done.is_set():
            number += 1
            try:
                answer = self.visitor.api(
                    "POST", "/customers", {"name": f"{self.name} {number}", "confirm_duplicate": True}
                )
            except ConnectionRefusedError:
                return  # the listener is closed: nothing was promised
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
                continue
            if answer.status == 201:
                self.acknowledged.append(answer.json()["ref"])
            else:
                self.failures.append(f"{answer.status} {answer.text[:100]}")


@pytest.fixture
def loads():
    """Threads to be ended with the test."""
    started: list[Load] = []
    yield started
    for load in started:
        load.done.set()
    for load in started:
        load.join(timeout=60)


def begin(served: Served, port: int, hands: int, loads: list[Load]) -> None:
    for number in range(hands):
        loads.append(Load(served, port, f"客户{time.monotonic_ns()}-{number}"))
        loads[-1].start()


@pytest.mark.halved
def test_a_server_stopped_while_people_write_loses_nothing(served, loads, figure, full_drill, tmp_path):
    """Row 4: SIGTERM under writes: 0 failed requests, every acknowledged row is there, at most 30 s."""
    with serving(served.env, tmp_path / "server.log") as (port, process):
        begin(served, port, 16 if full_drill else 4, loads)
        time.sleep(20 if full_drill else 2)
        watch = Stopwatch()
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=40)
        for load in loads:
            load.join(timeout=40)

    acknowledged = {ref for load in loads for ref in load.acknowledged}
    failures = [failure for load in loads for failure in load.failures]
    program = served.program("lin")
    lost = [ref for ref in acknowledged if program.get(f"/api/v1/customers/{ref}").status != 200]
    figure(
        4,
        f"stopped in {watch.seconds:.1f} s under writes: {len(failures)} of {len(acknowledged)} requests failed, "
        f"{len(lost)} acknowledged rows lost",
    )
    assert (code, failures, lost) == (0, [], [])
    assert watch.seconds < 30
    assert acknowledged


@pytest.mark.halved
def test_backups_taken_while_people_work_come_back_whole_elsewhere(served, loads, figure, full_drill, tmp_path):
    """Rows 18 and 19: every backup under load is restored on an empty machine, where the doctor finds all well."""
    program = served.program("lin")
    customer = program.api("POST", "/customers", {"name": f"恒睿 {time.monotonic_ns()}"}).json()["ref"]
    deal = program.api("POST", "/opportunities", {"name": "二期", "customer": customer}).json()["ref"]
    begin(served, served.port, 4, loads)
    rounds, well = 20 if full_drill else 1, 0
    for number in range(rounds):
        acknowledged = [ref for load in loads for ref in list(load.acknowledged)]
        made = served.run("backup", str(tmp_path / f"{number}.tar"))
        assert made.returncode == 0, made.stderr
        home = tmp_path / f"home-{number}"
        home.mkdir()
        with new_database(home) as url:
            elsewhere = Served({**served.env, "DUOBIAO_HOME": str(home), "DATABASE_URL": url}, 0, tmp_path / "log")
            restored = elsewhere.run("restore", str(tmp_path / f"{number}.tar"))
            assert restored.returncode == 0, restored.stderr
            doctor = elsewhere.run("doctor")
            well += doctor.stdout.endswith("all is well\n")
            assert refs_in(elsewhere) >= {customer, deal, *acknowledged}

    tries = 12 if full_drill else 1
    refused = refuses_damaged(served, tmp_path / "0.tar", tmp_path, tries=tries)
    figure(19, f"{refused} of {tries} damaged backups refused before anything was touched")
    figure(18, f"{well} of {rounds} backups under load restored elsewhere and found well, nothing acknowledged missing")
    assert (well, refused) == (rounds, tries)


def refs_in(elsewhere: Served) -> set[str]:
    """Return the references of all customers and deals of an installation, read by its own program."""
    program = (
        "from duobiao.config.commands import start_django; start_django()\n"
        "from duobiao.customers.models import Customer; from duobiao.opportunities.models import Opportunity\n"
        "for model in (Customer, Opportunity):\n"
        "    print(*model.objects.values_list('ref', flat=True), sep='\\n')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=elsewhere.env, capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


def refuses_damaged(served: Served, whole: Path, folder: Path, *, tries: int) -> int:
    """Restore copies with one byte changed into empty places; return how many were refused and touched nothing."""
    content, refused = whole.read_bytes(), 0
    for number in range(tries):
        damaged = bytearray(content)
        damaged[(number * 2 + 1) * len(content) // (2 * tries)] ^= 255
        (folder / "damaged.tar").write_bytes(damaged)
        home = folder / f"empty-{number}"
        env = {**served.env, "DUOBIAO_HOME": str(home), "DATABASE_URL": f"sqlite:///{home / 'd.sqlite3'}"}
        answer = Served(env, 0, Path()).run("restore", str(folder / "damaged.tar"))
        told = answer.returncode == 1 and answer.stderr.startswith("duobiao: the backup is damaged")
        refused += told and not (home.exists() and any(home.iterdir()))
    return refused
