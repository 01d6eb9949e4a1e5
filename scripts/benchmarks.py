"""Measure on SQLite and on PostgreSQL and write docs/benchmarks.md.

    python scripts/benchmarks.py               100,000 deals on both
    python scripts/benchmarks.py ROWS          another number, on PostgreSQL only; writes docs/benchmarks-ROWS.md

Without PostgreSQL only SQLite is measured, and the report says so.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import postgres

ROOT = Path(__file__).resolve().parents[1]
DUOBIAO = ROOT / ".venv" / "bin" / "duobiao"
ROWS = 100_000

PROMISES = (
    ("List, 50 rows, filtered and sorted: page", "pages.list.page_ms", "ms", ""),
    ("… of it outside the queries", "pages.list.page_minus_query_ms", "ms", "≤ 15"),
    ("… queries on many and on few rows", "pages.list.queries|pages.list.queries_on_fewer_rows", "", "flat"),
    ("… queries against the same SQL bare", "pages.list.queries_over_bare", "×", "≤ 2"),
    ("… the slowest of them", "pages.list.slowest_over_bare", "×", "≤ 2"),
    ("Deal room: page", "pages.deal_room.page_ms", "ms", ""),
    ("… of it outside the queries", "pages.deal_room.page_minus_query_ms", "ms", "≤ 25"),
    ("… queries on many and on few rows", "pages.deal_room.queries|pages.deal_room.queries_on_fewer_rows", "", "flat"),
    ("… queries against the same SQL bare", "pages.deal_room.queries_over_bare", "×", "≤ 2"),
    ("… the slowest of them", "pages.deal_room.slowest_over_bare", "×", "≤ 2"),
    ("Figures of the pipeline: page", "pages.figures.page_ms", "ms", "≤ 1,500"),
    ("… queries on many and on few rows", "pages.figures.queries|pages.figures.queries_on_fewer_rows", "", "flat"),
    ("One proof: judged, recorded, indexed", "proof.proof_ms", "ms", ""),
    ("… against a bare three-row durable transaction", "proof.ratio", "×", "≤ 5"),
    ("All deals judged set-based", "recompute.set_based_s", "s", ""),
    ("… faster than deal by deal", "recompute.times_faster", "×", "≥ 100"),
    ("… of the rate of its bare GROUP BY", "recompute.share_of_bare_rate_percent", "%", "≥ 40"),
    ("… differences from the stored columns", "recompute.differences", "", "0"),
    ("… in a process of its own, with its start", "recompute.alone.seconds", "s", ""),
    ("… peak memory of that process", "recompute.alone.peak_memory_mb", "MB", "≤ 500"),
    ("Daily job: deals judged because their day came", "expiry.deals", "", "about 1%"),
    ("… of which moved, with history, audit and notice", "expiry.moved", "", ""),
    ("… time", "expiry.seconds", "s", ""),
    ("… time for exactly 1%", "expiry.seconds_for_a_hundredth", "s", "≤ 10"),
    ("… differences afterwards", "expiry.differences", "", "0"),
    ("Decision chain of 300 people, 2,000 lines: all measures", "chains.graph_ms", "ms", "≤ 300"),
    ("Decision chains measured set-wise in one job", "chains.deals", "", "1,000"),
    ("… time", "chains.seconds", "s", "≤ 60"),
    ("Two idle workers (before rows are written)", "workers.two_idle_workers_mb", "MB", "≤ 250"),
    ("One new customer against 200,000: by name and near names", "duplicates.by_name_ms", "ms", "≤ 50"),
    ("… by telephone number and site", "duplicates.by_number_and_site_ms", "ms", "≤ 50"),
    ("… misspelt names found", "duplicates.misspelt_found", "", "all"),
    ("Import of 8,800 deals (into SQLite)", "import.seconds", "s", "≤ 30"),
    ("… peak memory", "import.peak_memory_mb", "MB", "printed"),
    ("Two characters among 200,000 customers, 500,000 contacts", "people.search.find_ms", "ms", "≤ 50"),
    ("… in groups, as the page shows them", "people.search.groups_ms", "ms", "≤ 50"),
    ("… as one of 40 sellers", "people.search.seller_groups_ms", "ms", "≤ 50"),
    ("… the slowest of 40 questions, in groups", "people.search.groups_slowest_ms", "ms", ""),
    ("Import of 100,000 contacts", "people.import.seconds", "s", "≤ 120"),
    ("… peak memory", "people.import.peak_memory_mb", "MB", "constant"),
    ("… the same file again, which changes nothing", "people.import_again.seconds", "s", ""),
)
"""What is reported: words, places in the figures of ``duobiao bench``, unit, promise."""


def measured(rows: int, url: str = "") -> dict[str, Any]:
    """Run ``duobiao bench`` on one database; its progress goes to standard error."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    if url:
        environment["DATABASE_URL"] = url
    command = [str(DUOBIAO), "bench", "--rows", str(rows), "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def figure(report: dict[str, Any], places: str, unit: str) -> str:
    """Return one figure, or two that stand side by side, in words."""
    found = []
    for place in places.split("|"):
        value: Any = report
        for name in place.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        found.append("–" if value is None else f"{value:,}")
    return " / ".join(found) + (f" {unit}" if unit and found != ["–"] else "")


def document(reports: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of the report."""
    first = reports[0]
    machine = first["machine"]
    yield "# Figures"
    made = "make bench" if first["rows"] == ROWS else f"python scripts/benchmarks.py {first['rows']}"
    yield f"Made by `{made}` on {datetime.now(UTC).date().isoformat()}: {first['rows']:,} deals, {first['proofs']:,} proofs, medians of one run on"
    yield f"{machine['cores']} cores, {machine['system']}, Python {machine['python']}. Machines are noisy: read the ratios. `duobiao bench` measures on yours."
    yield ""
    names = [report["machine"]["database"] for report in reports]
    yield f"| what | promise | {' | '.join(names)} |"
    yield f"|---|---|{'---|' * len(names)}"
    for words, places, unit, promise in PROMISES:
        row = [figure(report, places, unit) for report in reports]
        yield f"| {words} | {promise} | {' | '.join(row)} |"
    yield ""
    yield "What is missed, and why it stays so: [decision 13](adr/0013-figures-not-met.md)."


def main() -> None:
    """Measure and write."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    reports = [measured(rows)] if rows == ROWS else []
    try:
        with postgres.provide() as server:
            print(f"postgres: using {server.origin}", file=sys.stderr, flush=True)
            reports.append(measured(rows, server.url))
    except postgres.Unavailable as error:
        print(f"PostgreSQL is left out: {error}", file=sys.stderr)
    if reports:
        write(reports)


def write(reports: list[dict[str, Any]]) -> None:
    """Write the report of one number of deals."""
    rows = reports[0]["rows"]
    target = ROOT / "docs" / ("benchmarks.md" if rows == ROWS else f"benchmarks-{rows}.md")
    target.write_text("\n".join(document(reports)) + "\n", encoding="utf-8")
    print(f"written: {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
