"""Carry out a run batch by batch, each with its deals in one transaction, so that it goes on where it died."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.db import OperationalError, transaction
from django.db.models import Count

from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.move_playbooks import Move, Moved, move_playbooks, version_data
from duobiao.opportunities.actions.reassess import DAY_PASSED, Cause, company_day, reassess
from duobiao.opportunities.events.migration import DealsMigrated, MigrationFinished, MigrationReverted
from duobiao.opportunities.models import MigratedDeal, MigrationRun, MigrationState, Opportunity, PlaybookChange
from duobiao.opportunities.queries.migration import reason_against, waivers_lost
from duobiao.playbooks.models import PlaybookVersion
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

BATCH = 200
ATTEMPTS = 5
"""On PostgreSQL a batch may be chosen to give way to writers that wait for its deals; then it is tried again."""

State, Reason = MigratedDeal.State, MigratedDeal.Reason
CHANGED = ("state", "reason", "before", "place_before", "place_after", "claimed_before", "lost", "gained")
Lines = dict[int, MigratedDeal]


def carry_out(ref: str, *, clock: Callable[[], datetime]) -> int:
    """Move what waits, or put back what was moved; returns how many deals were dealt with."""
    done = failed = 0
    while True:
        try:
            dealt_with = _step(ref, now=clock())
        except OperationalError:
            failed += 1
            if failed == ATTEMPTS:
                raise
            continue
        if not dealt_with:
            return done
        done, failed = done + dealt_with, 0


@transaction.atomic
def _step(ref: str, *, now: datetime) -> int:
    """Deal with one batch and return its size; 0 when the run has come to its end, or is not busy."""
    runs = MigrationRun.objects.select_for_update(of=("self",)).select_related("target", "actor", "reverted_by")
    run = runs.filter(ref=ref).first()
    if run is None or not run.is_busy:
        return 0
    reverting = run.state == MigrationState.REVERTING
    waiting = run.deals.filter(state=State.MOVED if reverting else State.WAITING).select_related("before")
    lines = {line.opportunity_id: line for line in waiting.order_by("opportunity_id")[:BATCH]}
    if lines:
        (_put_back if reverting else _move)(run, lines, now=now)
        MigratedDeal.objects.bulk_update(lines.values(), [*CHANGED, "waivers_lost"], batch_size=100)
        _touch(run, now=now)
    else:
        _finish(run, reverting=reverting, now=now)
    return len(lines)


def _touch(run: MigrationRun, *, now: datetime) -> None:
    if run.state == MigrationState.QUEUED:
        run.state = MigrationState.RUNNING
    run.touched_at = now
    run.save(update_fields=["state", "touched_at"])


def _move(run: MigrationRun, lines: Lines, *, now: datetime) -> None:
    on = company_day(now)
    ready = []
    for deal in _held(lines):
        line = lines[deal.pk]
        line.reason = reason_against(deal, line.seen_version, run.target)
        if line.reason:
            line.state = State.LEFT_OUT
        else:
            ready.append(deal)
    _judge_due(ready, now=now, on=on)
    lost = waivers_lost([deal.pk for deal in ready], run.target_id, today=on)
    move = Move(run.target, run, run.actor, now, on, reverses=False, claimed={})
    for moved in move_playbooks(ready, move) if ready else ():
        _keep_moved(lines[moved.deal.pk], moved)
        lines[moved.deal.pk].waivers_lost = list(lost.get(moved.deal.pk, ()))


def _keep_moved(line: MigratedDeal, moved: Moved) -> None:
    line.state, line.before, line.claimed_before = State.MOVED, moved.before, moved.claimed_before
    line.place_before, line.place_after = moved.place_before, moved.place_after
    line.lost, line.gained = list(moved.lost), list(moved.gained)


def _put_back(run: MigrationRun, lines: Lines, *, now: datetime) -> None:
    on, actor = company_day(now), run.reverted_by or run.actor
    deals = _held(lines)
    last = _last_moves([deal.pk for deal in deals])
    ready: dict[int, list[Opportunity]] = {}
    for deal in deals:
        line = lines[deal.pk]
        line.reason = _against_return(run, deal, last[deal.pk])
        line.state = State.KEPT if line.reason else State.RETURNED
        if not line.reason and line.before_id is not None:
            ready.setdefault(line.before_id, []).append(deal)
    _judge_due([deal for row in ready.values() for deal in row], now=now, on=on)
    for group in ready.values():
        claimed = {deal.pk: lines[deal.pk].claimed_before for deal in group}
        target = lines[group[0].pk].before or run.target
        move_playbooks(group, Move(target, run, actor, now, on, reverses=True, claimed=claimed))


def _against_return(run: MigrationRun, deal: Opportunity, last: tuple[int, bool]) -> str:
    """Return why a deal stays where it is; "" where it goes back."""
    if last != (run.pk, False):
        return str(Reason.MOVED_AGAIN)
    return "" if deal.is_open else str(Reason.CLOSED)


def _last_moves(keys: Sequence[int]) -> dict[int, tuple[int, bool]]:
    rows = PlaybookChange.objects.filter(opportunity_id__in=keys).order_by("opportunity_id", "sequence")
    return {deal: (run, reverses) for deal, run, reverses in rows.values_list("opportunity_id", "run_id", "reverses")}


def _held(lines: Lines) -> list[Opportunity]:
    """Return the deals, locked in the order of their keys."""
    rows = Opportunity.objects.select_for_update(of=("self",)).filter(pk__in=list(lines))
    return list(rows.select_related("owner", "customer", "playbook").order_by("pk"))


def _judge_due(deals: Sequence[Opportunity], *, now: datetime, on: date) -> None:
    """Judge those that wait for the daily job, so that what time changed is not laid to the move."""
    for deal in deals:
        if deal.reassess_on is not None and deal.reassess_on <= on:
            reassess(deal, actor=None, now=now, cause=Cause(DAY_PASSED), on=on)


def _finish(run: MigrationRun, *, reverting: bool, now: datetime) -> None:
    counts: Counter[str] = Counter(
        dict(run.deals.order_by().values_list("state").annotate(n=Count("pk")).values_list("state", "n"))
    )
    run.touched_at = now
    if reverting:
        run.state, run.reverted_at = MigrationState.REVERTED, now
        data = {"returned": counts[State.RETURNED], "kept": counts[State.KEPT]}
        record(MigrationReverted(subject=Ref.of(run), data=data), actor=run.reverted_by, at=now)
    else:
        run.state, run.finished_at = MigrationState.DONE, now
        data = {"moved": counts[State.MOVED], "left_out": counts[State.LEFT_OUT]}
        record(MigrationFinished(subject=Ref.of(run), data=data), actor=run.actor, at=now)
    run.save(update_fields=["state", "touched_at", "finished_at", "reverted_at"])
    _tell_owners(run, run.target, reverting=reverting, now=now)


def _tell_owners(run: MigrationRun, target: PlaybookVersion, *, reverting: bool, now: datetime) -> None:
    """Put one line into the bell of each owner, but not of whoever did it."""
    who = run.reverted_by if reverting else run.actor
    done = run.deals.filter(state=State.RETURNED if reverting else State.MOVED).order_by()
    counts = dict(done.values_list("opportunity__owner").annotate(n=Count("pk")))
    for owner in User.objects.filter(pk__in=counts).exclude(pk=who.pk if who else 0).order_by("pk"):
        data = {"deals": counts[owner.pk], "target": version_data(target), "reverses": reverting, "reason": run.reason}
        notify([owner], event=DealsMigrated.name, url=f"/migrations/{run.ref}/", at=now, data=data)
