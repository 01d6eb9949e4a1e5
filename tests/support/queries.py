"""Count queries, and hold a page to the same count for any number of rows."""

from collections import Counter
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def assert_flat_queries(*, visit: Callable[[], object], grow: Callable[[], object]) -> int:
    """Visit, add rows, visit again, and require the same number of queries.

    The first visit only warms caches (sessions, content types, compiled templates).

    Args:
        visit: Requests the page; a response with an error status fails the test.
        grow: Adds rows that the page shows.

    Returns:
        How many queries the page costs.
    """
    _visited(visit)
    before = _visited(visit)
    grow()
    after = _visited(visit)
    extra = Counter(after) - Counter(before)
    listing = "\n".join(f"  {times} x {sql}" for sql, times in extra.items())
    assert len(after) == len(before), f"{len(before)} queries became {len(after)}; new ones:\n{listing}"
    return len(after)


def _visited(visit: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        response = visit()
    status = getattr(response, "status_code", 200)
    assert status < 400, f"the page answered {status}"
    return [query["sql"] for query in captured.captured_queries]
