"""Time actions and the queries inside them."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, connections
from django.db.backends.utils import CursorWrapper


@dataclass(slots=True)
class Queries:
    """Statements run within a block, with the time they took including the fetching of rows (seconds)."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Time of all statements together."""
        return sum(self.times)


class TimedCursor(CursorWrapper):
    """A cursor that adds its time to the running ``Queries``."""

    queries: Queries

    def execute(self, sql: Any, params: Any = None) -> Any:
        """Run a statement and time it."""
        self.queries.statements.append((sql, params))
        self.queries.times.append(0.0)
        return self._timed(super().execute, sql, params)

    def fetchone(self) -> Any:
        """Fetch a row and time it."""
        return self._timed(self.cursor.fetchone)

    def fetchmany(self, *args: Any) -> Any:
        """Fetch rows and time it."""
        return self._timed(self.cursor.fetchmany, *args)

    def fetchall(self) -> Any:
        """Fetch all rows and time it."""
        return self._timed(self.cursor.fetchall)

    def _timed(self, call: Callable[..., Any], *args: Any) -> Any:
        started = time.perf_counter()
        try:
            return call(*args)
        finally:
            if self.queries.times:
                self.queries.times[-1] += time.perf_counter() - started


@contextmanager
def timed_queries() -> Iterator[Queries]:
    """Collect the statements of a block with their times."""
    queries = Queries()
    cursor_class = type("BoundTimedCursor", (TimedCursor,), {"queries": queries})
    own = vars(connections["default"])
    own["make_cursor"] = lambda cursor: cursor_class(cursor, connection)
    try:
        yield queries
    finally:
        del own["make_cursor"]


def median_seconds(action: Callable[[], Any], *, runs: int) -> float:
    """Return the median time of ``runs`` calls, after one that is not counted."""
    action()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def bare_seconds(statements: Sequence[tuple[str, Any]], *, runs: int = 5) -> list[float]:
    """Return the median time of each statement run bare on the driver's own cursor, rows fetched."""
    found = []
    for sql, parameters in statements:
        times = []
        for _ in range(runs):
            with connection.cursor() as cursor:
                driver = cursor.cursor
                started = time.perf_counter()
                driver.execute(sql, parameters) if parameters is not None else driver.execute(sql)
                if driver.description:
                    driver.fetchall()
                times.append(time.perf_counter() - started)
        found.append(statistics.median(times))
    return found
