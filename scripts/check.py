"""Run every check of the project, all of them even when one fails; end with a summary.

    python scripts/check.py              what CI runs
    python scripts/check.py quick        everything but the tests
    python scripts/check.py drill        the reliability drills at full strength, on both databases

Tests run on SQLite and on PostgreSQL; journeys in the browser, and tests without a database, once. Without PostgreSQL that part is skipped with a
message, unless REQUIRE_POSTGRES=1. The tests marked ``shared`` run with RUN_SHARED=1.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import postgres

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")
WORKERS = ["-n", "2", "--dist", "loadgroup"]
TESTS = "tests on SQLite"
TESTS_POSTGRES = "tests on PostgreSQL"


@dataclass
class Report:
    """How each step ended and how long it took."""

    lines: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Print the heading of a step and time it."""
        print(f"\n=== {name} ".ljust(100, "="), flush=True)
        started = time.monotonic()
        yield
        seconds = time.monotonic() - started
        self.lines.append(f"{'FAILED' if name in self.failed else 'ok':<8}{seconds:7.1f} s  {name}")

    def run(self, name: str, *command: str, env: dict[str, str] | None = None) -> None:
        """Run a command as a step; it fails when the command does."""
        with self.step(name):
            code = subprocess.run(
                command, cwd=ROOT, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, check=False
            ).returncode
            if code:
                self.failed.append(name)

    def skip(self, name: str, reason: str) -> None:
        """Note a step that could not be run."""
        print(f"\n{name}: skipped: {reason}", flush=True)
        self.lines.append(f"{'skipped':<18}  {name}: {reason}")

    def end(self) -> int:
        """Print the summary; return the exit code."""
        print("\n=== summary ".ljust(100, "="))
        print("\n".join(self.lines))
        print(
            f"{len(self.failed)} of {len(self.lines)} steps failed" if self.failed else "all checks passed", flush=True
        )
        return 1 if self.failed else 0


def static_checks(report: Report) -> None:
    """Check what can be checked without running the product."""
    report.run("ruff: lint", str(BIN / "ruff"), "check", ".")
    report.run("ruff: format", str(BIN / "ruff"), "format", "--check", ".")
    report.run("mypy", str(BIN / "mypy"))
    report.run("import-linter", str(BIN / "lint-imports"))
    report.run("djlint", str(BIN / "djlint"), "duobiao", "--extension=html", "--lint", "--quiet")
    report.run("translations", PYTHON, "scripts/translations.py", "check")
    report.run("reference", PYTHON, "scripts/reference.py", "--check")
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT)}
    report.run("migrations", PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run", env=environment)


def pytest(*options: str) -> list[str]:
    """Return the command that runs the tests."""
    return [str(BIN / "pytest"), "-q", "--durations=20", *options]


def tests(report: Report) -> None:
    """Run the tests on both databases."""
    shared = "" if os.environ.get("RUN_SHARED") == "1" else "not shared"
    marks = " and ".join(filter(None, ["not browser", "not pure", shared]))
    report.run("browser: find or install", PYTHON, "scripts/browser.py")
    report.run(TESTS, *pytest(*WORKERS, "-m", shared), env={"TEST_DATABASE_URL": ""})
    on_postgres(report, TESTS_POSTGRES, pytest(*WORKERS, "-m", marks))


def drills(report: Report) -> None:
    """Run the reliability drills at full strength, one after another."""
    full = {"DRILL": "full", "HYPOTHESIS_PROFILE": "drill"}
    command = pytest("-m", "drill", "-p", "no:randomly")
    report.run("drills on SQLite", *command, env={**full, "TEST_DATABASE_URL": ""})
    on_postgres(report, "drills on PostgreSQL", command, env=full)


def on_postgres(report: Report, name: str, command: list[str], env: dict[str, str] | None = None) -> None:
    """Run a command against PostgreSQL, or skip it where there is none and none is required."""
    try:
        with postgres.provide() as server:
            print(f"\npostgres: using {server.origin}", flush=True)
            report.run(name, *command, env={**(env or {}), "TEST_DATABASE_URL": server.url})
    except postgres.Unavailable as error:
        report.skip(name, f"no PostgreSQL can be had ({error})")
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            report.failed.append(name)


def main() -> int:
    """Run what the command line names."""
    what = sys.argv[1] if len(sys.argv) > 1 else "all"
    report = Report()
    if what == "drill":
        drills(report)
    elif what in ("all", "quick"):
        static_checks(report)
        if what == "all":
            tests(report)
    else:
        sys.exit((__doc__ or "").strip())
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
