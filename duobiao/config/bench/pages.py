"""Pages on many rows: what they take besides their queries, and what their queries take beside bare SQL."""

import statistics
import time
from typing import Any

from django.test import Client

from duobiao.config.bench.clock import Queries, bare_seconds, timed_queries
from duobiao.identity.models import User
from duobiao.opportunities.models import Opportunity

RUNS = 25
FIGURE_RUNS = 5
FIGURE_PAGES = {
    "figures": "/pipeline/figures/",
    "process": "/pipeline/figures/process/",
    "portfolio": "/pipeline/figures/portfolio/",
}
READ = ("SELECT", "WITH")


def measure_pages() -> dict[str, Any]:
    """Measure list and deal room as a seller's manager sees them."""
    boss = User.objects.get(username="boss")
    busy = Opportunity.objects.open().order_by("-completed_stage", "pk")[0]
    quiet = Opportunity.objects.open().filter(proofs__isnull=True).order_by("pk").first() or busy
    few = "/pipeline/list/?outcome=OPEN&stage=1&sort=-amount&q=9999"
    found = {
        "list": _page(boss, "/pipeline/list/?outcome=OPEN&stage=1&sort=-amount", few),
        "deal_room": _page(boss, f"/opportunities/{busy.ref}/", f"/opportunities/{quiet.ref}/"),
    }
    return found | {name: _page(boss, url, f"{url}?q=9999", runs=FIGURE_RUNS) for name, url in FIGURE_PAGES.items()}


def _page(user: User, url: str, other: str, *, runs: int = RUNS) -> dict[str, Any]:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    totals, inside, last = [], [], Queries()
    for run in range(runs + 1):
        with timed_queries() as queries:
            started = time.perf_counter()
            response = client.get(url)
            total = time.perf_counter() - started
        if response.status_code != 200:
            raise RuntimeError(f"{url} answered {response.status_code}")
        if run:
            totals.append(total)
            inside.append(queries.seconds)
        last = queries
    with timed_queries() as others:
        client.get(other)
    reads = [
        (row, took) for row, took in zip(last.statements, last.times, strict=True) if row[0].lstrip().startswith(READ)
    ]
    bare = bare_seconds([row for row, _ in reads])
    return {
        "page_ms": _ms(statistics.median(totals)),
        "query_ms": _ms(statistics.median(inside)),
        "page_minus_query_ms": _ms(statistics.median(t - q for t, q in zip(totals, inside, strict=True))),
        "queries": len(last.statements),
        "queries_on_fewer_rows": len(others.statements),
        "queries_over_bare": round(sum(took for _, took in reads) / sum(bare), 2),
        "slowest_over_bare": _slowest(reads, bare),
    }


def _slowest(reads: list[tuple[Any, float]], bare: list[float]) -> float:
    """Return the worst ratio among queries that take at least a millisecond; below that noise decides."""
    ratios = [took / alone for (_, took), alone in zip(reads, bare, strict=True) if alone >= 0.001]
    return round(max(ratios, default=1.0), 2)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
