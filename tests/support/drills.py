"""Helpers of the drills: figures that are printed at the end, and many hands at once."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

import pytest
from django.db import connection

Result = TypeVar("Result")
PROPERTY = "figure"
TESTS = Path(__file__).resolve().parents[1]


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[int, str], None]:
    """Say what a drill measured: ``figure(9, "0 of 400 updates lost")``; printed when all tests have ended."""

    def say(row: int, text: str) -> None:
        line = f"{row:>2}  {connection.vendor:<10}  {text}"
        print(line)
        record_property(PROPERTY, line)

    return say


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in the folders of the drills, so that ``make drill`` finds it."""
    for item in items:
        if item.path.is_relative_to(TESTS / "reliability") or item.path.is_relative_to(TESTS / "security"):
            item.add_marker(pytest.mark.drill)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the figures of all drills, by row."""
    reports = [report for some in terminalreporter.stats.values() for report in some]
    properties = [found for report in reports for found in getattr(report, "user_properties", ())]
    lines = sorted({str(value) for name, value in properties if name == PROPERTY})
    if lines:
        terminalreporter.section("figures of the drills")
        terminalreporter.write_line("\n".join(lines))


def together(work: Callable[[int], Result], *, hands: int) -> list[Result]:
    """Run ``work(number)`` in threads that begin at the same moment; the first error is raised at the end."""
    barrier = Barrier(hands)

    def run(number: int) -> Result:
        barrier.wait(timeout=30)
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(run, range(hands)))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long ago it was made."""
        return time.monotonic() - self._started
