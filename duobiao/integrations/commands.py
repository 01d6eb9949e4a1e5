"""What the command line does: import a folder of files under a mapping."""

import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from duobiao.identity.models import Role, User
from duobiao.integrations.actions.context import make_context
from duobiao.integrations.actions.finish_run import carry_out
from duobiao.integrations.actions.plan_rows import FaultAt
from duobiao.integrations.actions.run_import import Report, check_parts, rows_in
from duobiao.integrations.models import ImportRun, RunState
from duobiao.integrations.queries.error_file import ErrorLine, UnstoredErrors, error_csv, error_lines
from duobiao.integrations.queries.fault_words import place, word_row
from duobiao.integrations.queries.mappings import MappingRefused, read_mapping, shipped_mappings
from duobiao.integrations.queries.sources import Part, SourceFile, digest_of, files_in, open_parts
from duobiao.integrations.schemas import Mapping
from duobiao.kernel.refusals import Conflict
from duobiao.web.memory import peak_bytes

SHOWN_FAULTS = 10
WIDTH = 110
COLUMNS = ("rows", "created", "changed", "unchanged", "skipped", "refused")


def import_folder(*, folder: Path, mapping: str | Path, dry_run: bool = False) -> int:
    """Import the files of a folder, print progress and result; return how many rows were refused.

    Args:
        mapping: A YAML file, or the name of a shipped mapping.

    Raises:
        Refusal: mapping or files cannot be used; nothing was written.
    """
    started = time.monotonic()
    console = Console(soft_wrap=True, width=WIDTH)
    text = _text_of(mapping)
    rules = read_mapping(text)
    files = files_in(folder)
    actor = _administrator()
    now = timezone.now()
    unstored = UnstoredErrors()
    with _bar(console) as progress:
        faults: Iterable[ErrorLine]
        if dry_run:
            faults, ref = unstored, ""
            report = _check(rules, files, unstored, actor=actor, now=now, progress=progress)
        else:
            run = _run_for(text, rules, files, actor=actor, now=now)
            faults, ref = error_lines(run), run.ref
            report = _write(run, files, now=now, progress=progress)
    _print(console, report, seconds=time.monotonic() - started, dry_run=dry_run, ref=ref)
    if report.total("refused"):
        _print_faults(console, faults, path=_error_path(ref, rules.source))
    return report.total("refused")


def _text_of(mapping: str | Path) -> str:
    path, shipped = Path(mapping), shipped_mappings()
    if not path.is_file():
        if str(mapping) in shipped:
            return shipped[str(mapping)]
        names = ", ".join(shipped)
        raise MappingRefused(f"there is no mapping {mapping}; name a YAML file, or a shipped mapping: {names}")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise MappingRefused("the mapping is not UTF-8 text; save it as UTF-8") from error


def _administrator() -> User:
    user = User.objects.active().filter(role=Role.ADMINISTRATOR).order_by("pk").first()
    if user is None:
        raise Conflict("there is no administrator to import as; run: duobiao init")
    return user


def _run_for(text: str, rules: Mapping, files: Sequence[SourceFile], *, actor: User, now: datetime) -> ImportRun:
    """Return the run that was killed with the same mapping and files, else a new one."""
    open_parts(rules, files)
    digest = digest_of(text, files, rules)
    broken = ImportRun.objects.filter(digest=digest, state=RunState.RUNNING, dry_run=False).order_by("-created_at")
    held = broken.first()
    if held is not None:
        return held
    return ImportRun.objects.create(
        source=rules.source, mapping=text, digest=digest, state=RunState.RUNNING, actor=actor, created_at=now
    )


def _write(run: ImportRun, files: Sequence[SourceFile], *, now: datetime, progress: Progress) -> Report:
    task = progress.add_task(run.source, total=None)
    return carry_out(
        run, files, now=now, progress=lambda rows: progress.update(task, advance=rows, total=run.rows_total)
    )


def _check(
    rules: Mapping,
    files: Sequence[SourceFile],
    errors: UnstoredErrors,
    *,
    actor: User,
    now: datetime,
    progress: Progress,
) -> Report:
    parts = open_parts(rules, files)
    task = progress.add_task(rules.source, total=rows_in(parts))
    context = make_context(rules, actor=actor, now=now, began_at=now, dry_run=True)
    return check_parts(
        context,
        parts,
        progress=lambda rows: progress.advance(task, rows),
        keep=lambda part, faults: errors.add(_worded(part, faults)),
    )


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )


def _worded(part: Part, faults: Sequence[FaultAt]) -> list[ErrorLine]:
    return [
        ErrorLine(part.file, fault.line, fault.column, fault.target_field, word_row(fault.code, fault.params), cells)
        for fault, cells in faults
    ]


def _print(console: Console, report: Report, *, seconds: float, dry_run: bool, ref: str) -> None:
    table = Table(box=None, pad_edge=False)
    for name in ("file", "target"):
        table.add_column(name)
    for name in COLUMNS:
        table.add_column(name, justify="right")
    for count in report.counts:
        table.add_row(count.file, count.target, *(f"{getattr(count, name):,}" for name in COLUMNS))
    console.print(table)
    totals = ", ".join(f"{report.total(name):,} {name}" for name in COLUMNS[1:])
    console.print(f"{'dry run, nothing written' if dry_run else f'import {ref}'}: {totals}", highlight=False)
    console.print(f"{seconds:.1f} s, peak memory {peak_bytes() / 2**20:.0f} MB", highlight=False)


def _error_path(ref: str, source: str) -> Path:
    folder = Path(settings.MEDIA_ROOT).parent / "imports"
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    return folder / f"{ref or source}-errors.csv"


def _print_faults(console: Console, faults: Iterable[ErrorLine], *, path: Path) -> None:
    """Show the first faults, and write all of them down."""
    left = iter(faults)
    for fault in islice(left, SHOWN_FAULTS):
        where = place(fault.file, line=fault.line, column=fault.column)
        console.print(f"  {where}: {fault.message}", highlight=False, markup=False)
    if more := sum(1 for _fault in left):
        console.print(f"  … and {more} more", highlight=False)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(error_csv(faults))
    console.print(f"all refused rows: {path}", highlight=False, markup=False)
