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
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
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

    def run(self, name: str, *command: str, env: dict[str, str] | None = None) -> None:
        """Run a command as a step; it fails when the command does."""
        self.head(name)
        started = time.monotonic()
        code = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, check=False
        ).returncode
        self.note(name, time.monotonic() - started, failed=code != 0)

    def head(self, name: str) -> None:
        """Print the heading of a step."""
        print(f"\n=== {name} ".ljust(100, "="), flush=True)

    def note(self, name: str, seconds: float, *, failed: bool) -> None:
        """Note how a step ended."""
        self.lines.append(f"{'FAILED' if failed else 'ok':<8}{seconds:7.1f} s  {name}")
        if failed:
            self.failed.append(name)

    def run_together(self, commands: dict[str, list[str]], *, env: dict[str, str]) -> None:
        """Run commands side by side, each a step; each is shown when it and those before it have ended."""

        def run(command: list[str]) -> tuple[int, str, float]:
            started = time.monotonic()
            done = subprocess.run(
                command,
                cwd=ROOT,
                env={**os.environ, **env},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            return done.returncode, done.stdout, time.monotonic() - started

        with ThreadPoolExecutor() as pool:
            for name, (code, output, seconds) in zip(commands, pool.map(run, commands.values()), strict=True):
                self.head(name)
                print(output, end="", flush=True)
                self.note(name, seconds, failed=code != 0)

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
    """Check what can be checked without running the product; the checks run side by side."""
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT)}
    checks = {
        "ruff: lint": [str(BIN / "ruff"), "check", "."],
        "ruff: format": [str(BIN / "ruff"), "format", "--check", "."],
        "mypy": [str(BIN / "mypy")],
        "import-linter": [str(BIN / "lint-imports")],
        "djlint": [str(BIN / "djlint"), "duobiao", "--extension=html", "--lint", "--quiet"],
        "translations": [PYTHON, "scripts/translations.py", "check"],
        "reference": [PYTHON, "scripts/reference.py", "--check"],
        "migrations": [PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run"],
    }
    report.run_together(checks, env=environment)


def pytest(*options: str) -> list[str]:
    """Return the command that runs the tests."""
    return [str(BIN / "pytest"), "-q", "--durations=20", *options]


def tests(report: Report) -> None:
    """Run the tests on both databases."""
    shared = "" if os.environ.get("RUN_SHARED") == "1" else "not shared"
    marks = " and ".join(filter(None, ["not browser", "not pure", shared]))
    report.run("browser: find or install", PYTHON, "scripts/browser.py")
    everything, on_both = pytest(*WORKERS, "-m", shared), pytest(*WORKERS, "-m", marks)
    with on_postgres(report, TESTS_POSTGRES) as server:
        halves = {"BOTH_DATABASES": "1"} if server else {}
        report.run(TESTS, *everything, env={**halves, "TEST_DATABASE_URL": ""})
        if server:
            report.run(TESTS_POSTGRES, *on_both, env={**halves, "TEST_DATABASE_URL": server})


def drills(report: Report) -> None:
    """Run the reliability drills at full strength, one after another."""
    full = {"DRILL": "full", "HYPOTHESIS_PROFILE": "drill"}
    command = pytest("-m", "drill", "-p", "no:randomly")
    report.run("drills on SQLite", *command, env={**full, "TEST_DATABASE_URL": ""})
    with on_postgres(report, "drills on PostgreSQL") as server:
        if server:
            report.run("drills on PostgreSQL", *command, env={**full, "TEST_DATABASE_URL": server})


@contextmanager
def on_postgres(report: Report, name: str) -> Iterator[str]:
    """Give the address of a PostgreSQL; "" where there is none, and the step is noted as skipped, or as failed."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgres.provide())
        except postgres.Unavailable as error:
            report.skip(name, f"no PostgreSQL can be had ({error})")
            if os.environ.get("REQUIRE_POSTGRES") == "1":
                report.failed.append(name)
            yield ""
        else:
            print(f"\npostgres: using {server.origin}", flush=True)
            yield server.url


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
