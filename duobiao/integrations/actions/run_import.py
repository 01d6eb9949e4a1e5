"""Carry out an import: batch by batch, each with its checkpoint in one transaction, so that it goes on where it died."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count as numbers
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from duobiao.integrations.actions.context import Context, Planned
from duobiao.integrations.actions.plan_rows import FaultAt, PartPlanner, Plan
from duobiao.integrations.actions.writers import WRITERS
from duobiao.integrations.domain.tables import Fault, Line
from duobiao.integrations.models import ImportBatch, ImportedRecord, ImportFault, ImportRun
from duobiao.integrations.queries.fields import link_fields
from duobiao.integrations.queries.references import PENDING
from duobiao.integrations.queries.sources import Part
from duobiao.kernel.refusals import Refusal

BATCH = 500
ATTEMPTS = 3
"""Another process may work on the same run, or import the same ids; then the batch is planned anew."""


Progress = Callable[[int], None]
"""Told how many more rows are done."""
KeepFaults = Callable[[Part, Sequence[FaultAt]], None]
"""Told which rows of a part were refused."""


@dataclass(slots=True)
class Count:
    """What became of the rows of one part."""

    file: str
    target: str
    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    refused: int = 0

    def add(self, plan: Plan) -> None:
        """Count a batch."""
        self.created += len(plan.creates)
        self.changed += len(plan.changes)
        self.unchanged += plan.unchanged
        self.skipped += plan.skipped
        self.refused += plan.refused


COUNTED = ("created", "changed", "unchanged", "skipped", "refused")


@dataclass(frozen=True, slots=True)
class Report:
    """What became of an import."""

    counts: list[Count]

    def total(self, name: str) -> int:
        """Return one count over all parts."""
        return sum(int(getattr(count, name)) for count in self.counts)

    def as_json(self) -> list[dict[str, Any]]:
        """Return the counts as a run stores them."""
        return [asdict(count) for count in self.counts]


@dataclass(frozen=True, slots=True)
class Step:
    """One batch of one part, in one of its two passes."""

    part: Part
    links: bool
    number: int
    lines: Sequence[Line]


def check_parts(context: Context, parts: Sequence[Part], *, progress: Progress, keep: KeepFaults) -> Report:
    """Plan everything as ``write_parts`` would, writing nothing."""
    counts: list[Count] = []
    for part in parts:
        planner = PartPlanner.of(context, part)
        count = Count(part.file, part.rule.target.value, rows=part.table.total)
        for step in _steps(part, planner):
            if not step.links:
                plan = planner.plan(step.lines)
                coming = [(row.external_id, PENDING, row.said) for row in plan.creates]
                context.references.remember(part.rule.target, coming)
                count.add(plan)
                keep(part, plan.faults)
            progress(len(step.lines))
        counts.append(count)
    return Report(counts)


def write_parts(context: Context, run: ImportRun, parts: Sequence[Part], *, progress: Progress) -> Report:
    """Import everything that no checkpoint says is done."""
    for part in parts:
        planner = PartPlanner.of(context, part)
        done = set(run.batches.filter(part=part.number).values_list("links", "number"))
        for step in _steps(part, planner):
            if (step.links, step.number) not in done:
                _write_step(context, run, planner, step)
            progress(len(step.lines))
    return Report([_count(run, part) for part in parts])


def rows_in(parts: Sequence[Part]) -> int:
    """Return how many lines all passes over all parts go through."""
    return sum(part.table.total * (2 if _has_links(part) else 1) for part in parts)


def _steps(part: Part, planner: PartPlanner) -> Iterator[Step]:
    for links in (False, True) if planner.links else (False,):
        lines = part.table.lines()
        for number in numbers():
            if not (batch := list(islice(lines, BATCH))):
                break
            yield Step(part, links, number, batch)


def _has_links(part: Part) -> bool:
    return any(name in part.rule.columns for name in link_fields(part.rule.target))


def _write_step(context: Context, run: ImportRun, planner: PartPlanner, step: Step) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                _write_batch(context, run, planner, step)
        except IntegrityError:
            context.references.forget()
            if run.batches.filter(part=step.part.number, links=step.links, number=step.number).exists():
                return
            if attempt == ATTEMPTS:
                raise
        else:
            return


def _write_batch(context: Context, run: ImportRun, planner: PartPlanner, step: Step) -> None:
    batch = ImportBatch.objects.create(
        run=run, part=step.part.number, links=step.links, number=step.number, rows=len(step.lines), at=context.now
    )
    plan = planner.plan_links(step.lines) if step.links else planner.plan(step.lines)
    _create(context, step, plan)
    _change(context, step, plan)
    if not step.links:
        batch.created, batch.changed = len(plan.creates), len(plan.changes)
        batch.unchanged, batch.skipped, batch.refused = plan.unchanged, plan.skipped, plan.refused
    keep_faults(run, step.part, plan.faults)
    batch.save(update_fields=[*COUNTED])
    ImportRun.objects.filter(pk=run.pk).update(rows_done=F("rows_done") + len(step.lines))


def _create(context: Context, step: Step, plan: Plan) -> None:
    target = step.part.rule.target
    outcomes = WRITERS[target].create(context, plan.creates)
    created: list[Planned] = []
    for row, outcome in zip(plan.creates, outcomes, strict=True):
        if isinstance(outcome, Refusal):
            _refuse(plan, row, outcome)
        else:
            row.object_id = outcome
            created.append(row)
    plan.creates = created
    ImportedRecord.objects.bulk_create(
        [
            ImportedRecord(
                source=context.source,
                target=target.value,
                external_id=row.external_id,
                object_id=row.object_id,
                values=row.said,
            )
            for row in created
        ],
        batch_size=250,
    )
    context.references.remember(target, [(row.external_id, row.object_id, row.said) for row in created])


def _change(context: Context, step: Step, plan: Plan) -> None:
    target = step.part.rule.target
    changed: list[Planned] = []
    for row in plan.changes:
        try:
            with transaction.atomic():
                if row.values:
                    WRITERS[target].change(context, row.object_id, row.values)
                _remember_change(context, step, row)
        except Refusal as refusal:
            _refuse(plan, row, refusal)
        else:
            changed.append(row)
    plan.changes = changed


def _remember_change(context: Context, step: Step, row: Planned) -> None:
    target = step.part.rule.target
    held = context.references.known(target, row.external_id)
    said = {**((held.values if held else None) or {}), **row.said}
    ImportedRecord.objects.update_or_create(
        source=context.source,
        target=target.value,
        external_id=row.external_id,
        defaults={"values": said},
        create_defaults={"values": said, "object_id": row.object_id},
    )
    if held is not None:
        held.values = said


def _refuse(plan: Plan, row: Planned, refusal: Refusal) -> None:
    plan.refused += 1
    reasons = refusal.fields or {"": refusal.message}
    for name, reason in reasons.items():
        fault = Fault(row.line, "refused", target_field=name, params={"reason": str(reason)})
        plan.faults.append((fault, row.cells))


def keep_faults(run: ImportRun, part: Part, faults: Iterable[FaultAt]) -> None:
    """Store refused rows for the page and the error file."""
    ImportFault.objects.bulk_create(
        [
            ImportFault(
                run=run,
                part=part.number,
                file=part.file,
                line=fault.line,
                column=fault.column[:200],
                target_field=fault.target_field,
                code=fault.code,
                params={name: str(value) for name, value in fault.params.items()},
                cells=cells,
            )
            for fault, cells in faults
        ],
        batch_size=250,
    )


def _count(run: ImportRun, part: Part) -> Count:
    sums = run.batches.filter(part=part.number, links=False).aggregate(*(Sum(name) for name in COUNTED))
    counted = {name: int(sums[f"{name}__sum"] or 0) for name in COUNTED}
    return Count(part.file, part.rule.target.value, rows=part.table.total, **counted)
