"""Recompute and compare every deal in a process of its own, whose peak memory counts; prints JSON."""

import sys
import time

import orjson
from django.utils import timezone

from duobiao.config.commands import start_django


def main() -> None:
    """Recompute once."""
    start_django()
    from duobiao.opportunities.actions.reassess import company_day
    from duobiao.opportunities.queries.recompute import recompute
    from duobiao.web.memory import peak_bytes

    started = time.perf_counter()
    found = recompute(today=company_day(timezone.now()))
    report = {
        "deals": found.deals,
        "differences": len(found.differences),
        "seconds": round(time.perf_counter() - started, 2),
        "peak_memory_mb": round(peak_bytes() / 2**20),
    }
    sys.stdout.buffer.write(orjson.dumps(report))


if __name__ == "__main__":
    main()
