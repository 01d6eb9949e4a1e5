import http.client
import re
import signal
import socket
import threading
import time
from pathlib import Path

import pytest
from django.utils import translation

from duobiao.config import cli
from duobiao.config.commands import Problem, doctor
from duobiao.kernel.refusals import Invalid
from tests.support.processes import wait_until

COMMANDS = {"init", "demo", "serve", "worker", "user", "token", "import", "backup", "restore", "doctor", "bench"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port: int, path: str) -> int:
    """Request a page over a connection of its own; return the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        return connection.getresponse().status
    finally:
        connection.close()


def is_ready(port: int) -> bool:
    try:
        return get(port, "/readyz") == 200
    except OSError:
        return False


class Load(threading.Thread):
    """Somebody who requests a page again and again until the server refuses connections."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port, self.served, self.failures = port, 0, []

    def run(self) -> None:
        while True:
            try:
                status = get(self.port, "/readyz")
            except ConnectionRefusedError:
                return
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
            else:
                self.served += status == 200
                self.failures += [] if status == 200 else [str(status)]


def test_help_names_every_command_at_once(same_database, run_command):
    started = time.monotonic()
    result = run_command("--help", env=same_database)

    assert time.monotonic() - started < 1
    assert set(re.findall(r"^  (\w+) ", result.stdout, re.M)) >= COMMANDS


def test_a_new_installation_is_made_used_and_found_healthy(empty_place, run_command):
    first = run_command("init", env=empty_place)
    password = re.search(r"^password: +(\S+) ", first.stdout, re.M).group(1)
    again = run_command("init", env=empty_place)
    created = run_command("user", "create", "wang", "--role", "seller", "--name", "王芳", env=empty_place)
    token = run_command("token", "create", "wang", "--expires-days", "30", env=empty_place)
    doctor = run_command("doctor", env=empty_place)

    assert (first.returncode, first.stderr) == (0, "")
    assert len(password) >= 12
    assert (again.returncode, "password" in again.stdout) == (0, False)
    assert (created.returncode, created.stderr) == (0, "")
    assert re.fullmatch(r"\S{20,}\n", token.stdout)
    assert doctor.stdout.endswith("all is well\n")
    assert doctor.returncode == 0
    home = Path(empty_place["DUOBIAO_HOME"])
    assert (home / "secret-key").stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o007 == 0


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["serve"], "there is no secret at"),
        (["worker"], "there is no secret at"),
        (["token", "create", "wang"], "there is no secret at"),
    ],
)
def test_without_init_a_command_says_in_one_line_what_to_do(empty_place, run_command, command, message):
    result = run_command(*command, env=empty_place)

    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"duobiao: {message}")
    assert result.stderr.endswith("run: duobiao init\n")
    assert result.stderr.count("\n") == 1


def test_a_database_that_is_not_there_is_one_clear_line(same_database, run_command):
    env = {**same_database, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"}

    result = run_command("worker", env=env)

    assert result.returncode == 1
    assert result.stderr.startswith("duobiao: the database does not answer")
    assert result.stderr.count("\n") == 1


def test_a_secret_that_everybody_may_read_is_refused(empty_place, run_command):
    key = Path(empty_place["DUOBIAO_HOME"]) / "secret-key"
    key.parent.mkdir()
    key.write_text("s" * 60)
    key.chmod(0o644)

    result = run_command("serve", env=empty_place)

    assert result.returncode == 1
    assert "everybody may read the secret" in result.stderr


@pytest.mark.parametrize(
    ("terminal", "language"),
    [({"LANG": "zh_CN.UTF-8"}, "zh-hans"), ({"LANG": "zh_CN", "LC_ALL": "zh_TW"}, "zh-hant"), ({"LANG": "C"}, "en")],
)
def test_a_command_speaks_the_language_of_the_terminal(terminal, language):
    before = translation.get_language()
    try:
        cli.speak(terminal)
        assert translation.get_language() == language
    finally:
        translation.activate(before)


def test_doctor_before_init_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("DUOBIAO_HOME", str(tmp_path / "nowhere"))

    assert [(found.id, found.hint) for found in doctor.home_has_room()] == [("config.E004", "run: duobiao init")]


def test_refusals_and_problems_become_one_line_and_faults_of_ours_do_not():
    refusal = Invalid("Name the role.", fields={"role": "seller, manager"})

    assert cli.explain(refusal) == "Name the role. role: seller, manager"
    assert cli.explain(Invalid("a.csv: is empty", fields={"a.csv": "is empty"})) == "a.csv: is empty"
    assert cli.explain(Problem("two\nlines")) == "two lines"
    assert cli.explain(KeyError("x")) is None


@pytest.mark.drill
@pytest.mark.halved
def test_a_server_stopped_under_load_fails_no_request(same_database, run_command, start_process, full_drill, figure):
    """Row 4: SIGTERM under load: 0 failed requests, at most 30 s."""
    run_command("init", env=same_database)
    port = free_port()
    server = start_process("serve", "--port", str(port), "--workers", "2", env=same_database)
    wait_until(lambda: is_ready(port), seconds=60, what="the server answers")
    clients = [Load(port) for _ in range(16 if full_drill else 4)]
    for client in clients:
        client.start()
    enough = 2000 if full_drill else 100
    wait_until(lambda: sum(client.served for client in clients) > enough, seconds=300, what="requests are served")

    started = time.monotonic()
    server.send_signal(signal.SIGTERM)
    code = server.wait(timeout=40)
    took = time.monotonic() - started
    for client in clients:
        client.join()

    served = sum(client.served for client in clients)
    failures = [failure for client in clients for failure in client.failures]
    figure(4, f"stopped in {took:.1f} s under load; {len(failures)} of {served} requests failed")
    assert (code, failures) == (0, [])
    assert took < 30
