"""Show the first rows of each file as they would come in, with what is wrong in each cell."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.integrations.actions.context import make_context
from duobiao.integrations.actions.plan_rows import PartPlanner
from duobiao.integrations.domain.tables import Fault, Line
from duobiao.integrations.models import ImportRun
from duobiao.integrations.queries.fault_words import word_row
from duobiao.integrations.queries.fields import FieldSpec, fields_of
from duobiao.integrations.queries.mappings import read_mapping
from duobiao.integrations.queries.readings import shown_cells
from duobiao.integrations.queries.references import PENDING
from duobiao.integrations.queries.sources import Part, files_of, open_parts
from duobiao.kernel.money import Money

SHOWN = 8
LONGEST = 60
CHUNK = 500


@dataclass(frozen=True, slots=True)
class PreviewCell:
    """A value as it would be kept; ``problem`` says what is wrong with it."""

    text: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row of the preview."""

    line: int
    cells: list[PreviewCell]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of one part."""

    file: str
    target: str
    total: int
    encoding: str
    headings: list[FieldSpec]
    rows: list[PreviewRow] = field(default_factory=list)


def preview_import(*, run: ImportRun, actor: User, now: datetime) -> list[Preview]:
    """Plan the first rows of every file.

    Raises:
        MappingRefused, FilesRefused, Invalid: as when the import is started.
    """
    mapping = read_mapping(run.mapping)
    parts = open_parts(mapping, files_of(run))
    context = make_context(mapping, actor=actor, now=now, began_at=now, dry_run=True)
    previews = []
    for part in parts:
        planner = PartPlanner.of(context, part)
        previews.append(_preview(planner, part))
        coming = ((external_id, PENDING, {"name": name}) for external_id, name in planner.first_lines.named())
        while some := list(islice(coming, CHUNK)):
            context.references.remember(part.rule.target, some)
            context.references.let_go()
    return previews


def _preview(planner: PartPlanner, part: Part) -> Preview:
    specs = fields_of(part.rule.target)
    headings = [specs[name] for name in part.rule.columns]
    preview = Preview(part.file, part.rule.target.value, part.table.total, part.table.encoding, headings)
    lines = _first_taken(planner, part)
    problems: dict[tuple[int, str], str] = {}
    for fault, _cells in planner.plan(lines).faults:
        problems.setdefault((fault.line, fault.target_field), word_row(fault.code, fault.params))
    for line in lines:
        preview.rows.append(_row(planner, part, line, problems))
    return preview


def _first_taken(planner: PartPlanner, part: Part) -> list[Line]:
    taken: list[Line] = []
    coming = part.table.lines()
    while len(taken) < SHOWN and (some := list(islice(coming, CHUNK))):
        taken.extend(planner.taken(some))
    return taken[:SHOWN]


def _row(planner: PartPlanner, part: Part, line: Line, problems: dict[tuple[int, str], str]) -> PreviewRow:
    problem = problems.get((line.line, ""), "")
    if isinstance(line, Fault):
        texts = list(shown_cells(part, line).values())[: len(part.rule.columns)]
        texts += [""] * (len(part.rule.columns) - len(texts))
        return PreviewRow(line.line, [PreviewCell(text[:LONGEST]) for text in texts], problem)
    reading, raw = planner.read(line), shown_cells(part, line)
    cells = []
    for name, rule in part.rule.columns.items():
        value = reading.values.get(name)
        wrong = problems.get((line.line, name), "")
        text = raw.get(rule.column or "", "") if wrong else _text(value)
        cells.append(PreviewCell(text[:LONGEST], wrong))
    return PreviewRow(line.line, cells, problem)


def _text(value: object) -> str:
    if isinstance(value, list):
        money = Money(*value)
        return f"{money.amount:,.2f} {money.currency}"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)
