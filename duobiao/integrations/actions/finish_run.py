"""Take an import from its files to its result, whoever started it: page, API, console."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from duobiao.integrations.actions.context import Context, make_context
from duobiao.integrations.actions.run_import import (
    Progress,
    Report,
    check_parts,
    keep_faults,
    rows_in,
    write_parts,
)
from duobiao.integrations.events import ImportFinished
from duobiao.integrations.models import ImportRun, RunState
from duobiao.integrations.queries.mappings import read_mapping
from duobiao.integrations.queries.sources import Part, SourceFile, open_parts
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Refusal
from duobiao.timeline.actions.record import record
from duobiao.web.memory import peak_bytes


def carry_out(run: ImportRun, files: Sequence[SourceFile], *, now: datetime, progress: Progress) -> Report:
    """Import, or check, what a stored run holds; going on where it was killed.

    Raises:
        Refusal: mapping or files cannot be used; the run is marked as failed with the reasons.
    """
    try:
        mapping = read_mapping(run.mapping)
        parts = open_parts(mapping, files)
        _begin(run, rows=rows_in(parts), now=now)
        context = make_context(mapping, actor=run.actor, now=now, began_at=run.began_at or now, dry_run=run.dry_run)
    except Refusal as refusal:
        lines = [f"{where}: {reason}" for where, reason in refusal.fields.items()] or [str(refusal.message)]
        fail(run, "\n".join(lines), now=now)
        raise
    return _carried_out(context, run, parts, now=now, progress=progress)


def _carried_out(
    context: Context, run: ImportRun, parts: Sequence[Part], *, now: datetime, progress: Progress
) -> Report:
    if run.dry_run:
        run.faults.all().delete()  # of a check that was killed
        keep = partial(keep_faults, run)
        report = check_parts(context, parts, progress=_told(run, progress), keep=keep)
        _keep_checked(run, report, now=now)
    else:
        report = write_parts(context, run, parts, progress=progress)
        _finish(run, report, now=now)
    return report


def fail(run: ImportRun, reason: str, *, now: datetime) -> None:
    """Mark a run as failed."""
    run.state, run.failure, run.finished_at = RunState.FAILED, reason, now
    run.save(update_fields=["state", "failure", "finished_at"])


def _begin(run: ImportRun, *, rows: int, now: datetime) -> None:
    run.state, run.failure, run.rows_total = RunState.RUNNING, "", rows
    run.began_at = run.began_at or now
    run.save(update_fields=["state", "failure", "rows_total", "began_at"])


def _told(run: ImportRun, progress: Progress) -> Progress:
    """Keep the progress of a dry run, which has no checkpoints, for the page that shows it."""
    done = 0

    def told(rows: int) -> None:
        nonlocal done
        done += rows
        ImportRun.objects.filter(pk=run.pk).update(rows_done=done)
        progress(rows)

    return told


@transaction.atomic
def _keep_checked(run: ImportRun, report: Report, *, now: datetime) -> None:
    run.state = RunState.CHECKED
    _store_result(run, report, now=now)


@transaction.atomic
def _finish(run: ImportRun, report: Report, *, now: datetime) -> None:
    run.state = RunState.DONE
    _store_result(run, report, now=now)
    data = {name: report.total(name) for name in ("created", "changed", "refused")}
    record(ImportFinished(subject=Ref.of(run), data={"source": run.source, **data}), actor=run.actor, at=now)


def _store_result(run: ImportRun, report: Report, *, now: datetime) -> None:
    run.totals, run.peak_bytes, run.finished_at = report.as_json(), peak_bytes(), now
    run.rows_done = run.rows_total
    run.save(update_fields=["state", "totals", "peak_bytes", "finished_at", "rows_done"])
