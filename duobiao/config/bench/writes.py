"""Writing: one proof against a bare durable transaction, and judging all deals at once against one by one."""

import itertools
import time
from datetime import date, datetime
from datetime import time as clock_time
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone

from duobiao.config.bench.clock import median_seconds
from duobiao.opportunities.actions.confirm_evidence import Draft, confirm_evidence
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.reassess import DAY_PASSED, Cause, company_day, reassess
from duobiao.opportunities.actions.reassess_due import reassess_due
from duobiao.opportunities.models import Grade, Opportunity, StageChange
from duobiao.opportunities.queries.recompute import recompute
from duobiao.opportunities.queries.recompute_sql import Deals, accepted, aggregate_sql
from duobiao.playbooks.queries import compiled_playbook

RUNS = 60
ONE_BY_ONE = 400


def measure_proof() -> dict[str, Any]:
    """Measure confirming one proof: reassessment, timeline and search index included."""
    deals = itertools.cycle(Opportunity.objects.open().select_related("owner", "customer")[:200])
    numbers = itertools.count()
    today = company_day(timezone.now())

    def confirm() -> None:
        deal = next(deals)
        draft = Draft("engagement.interest_shown", Grade.DOCUMENTED, today, quote=f"第 {next(numbers)} 次")
        confirm_evidence(opportunity=deal, draft=draft, actor=deal.owner, now=timezone.now())

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_rows (id integer, text varchar(200), number bigint)")

    def three_rows() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for number in range(3):
                cursor.execute("INSERT INTO bench_rows VALUES (%s, %s, %s)", [number, "x" * 100, number])

    bare = median_seconds(three_rows, runs=RUNS)
    proof = median_seconds(confirm, runs=RUNS)
    bare = (bare + median_seconds(three_rows, runs=RUNS)) / 2
    return {"proof_ms": _ms(proof), "bare_ms": _ms(bare), "ratio": round(proof / bare, 2)}


def measure_recompute() -> dict[str, Any]:
    """Measure judging all deals set-based, one by one, and the bare aggregate."""
    today = company_day(timezone.now())
    count = Opportunity.objects.count()
    whole = median_seconds(lambda: recompute(today=today), runs=3)
    bare = median_seconds(lambda: _bare(today), runs=3)
    single = _one_by_one()
    return {
        "deals": count,
        "set_based_s": round(whole, 3),
        "per_deal_set_based_us": round(whole / count * 1e6, 1),
        "per_deal_one_by_one_us": round(single * 1e6, 1),
        "times_faster": round(single / (whole / count), 1),
        "bare_group_by_s": round(bare, 3),
        "share_of_bare_rate_percent": round(100 * bare / whole),
        "differences": len(recompute(today=today).differences),
    }


def measure_expiry() -> dict[str, Any]:
    """Measure the daily job on the day on which time moves a hundredth of the deals; leaves them moved."""
    count = Opportunity.objects.count()
    due = Opportunity.objects.filter(reassess_on__isnull=False).order_by("reassess_on")
    day = due.values_list("reassess_on", flat=True)[count // 100]
    if day is None:
        raise RuntimeError("a deal that is due has no day")
    noon = timezone.make_aware(datetime.combine(day, clock_time(12)))
    rows_before = StageChange.objects.count()
    started = time.perf_counter()
    judged = reassess_due(now=noon)
    seconds = time.perf_counter() - started
    return {
        "deals": judged,
        "moved": StageChange.objects.count() - rows_before,
        "seconds": round(seconds, 2),
        "seconds_for_a_hundredth": round(seconds * count / 100 / judged, 2),
        "differences": len(recompute(today=company_day(noon)).differences),
    }


def _bare(today: date) -> None:
    version = Opportunity.objects.values_list("playbook_id", flat=True)[0]
    compiled = compiled_playbook(version)
    everything = Opportunity.objects.aggregate(low=Min("pk"), high=Max("pk"))
    sql, parameters = aggregate_sql(compiled, Deals.under(version, everything["low"], everything["high"]), today)
    with accepted(compiled, today), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        cursor.fetchall()


def _one_by_one() -> float:
    """Return the time of judging one deal in its own transaction, as the daily job does."""
    keys = list(Opportunity.objects.order_by("pk").values_list("pk", flat=True)[:ONE_BY_ONE])
    started = time.perf_counter()
    for pk in keys:
        with transaction.atomic():
            reassess(lock(Opportunity(pk=pk)), actor=None, now=timezone.now(), cause=Cause(DAY_PASSED))
    return (time.perf_counter() - started) / len(keys)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
