"""Show the first rows of each file as they would come in, with what is wrong in each cell."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.integrations.actions.context import make_context
from duobiao.integrations.actions.plan_rows import PartPlanner
from duobiao.integrations.domain.tables import Fault, Row
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
        for external_id in planner.first_lines:
            context.references.remember(part.rule.target, external_id, PENDING, {"name": external_id})
    return previews


def _preview(planner: PartPlanner, part: Part) -> Preview:
    specs = fields_of(part.rule.target)
    headings = [specs[name] for name in part.rule.columns]
    preview = Preview(part.file, part.rule.target.value, len(part.lines), part.table.encoding, headings)
    lines = list(islice(filter(planner.takes, part.lines), SHOWN))
    problems: dict[tuple[int, str], str] = {}
    for fault, _cells in planner.plan(lines).faults:
        problems.setdefault((fault.line, fault.target_field), word_row(fault.code, fault.params))
    for line in lines:
        preview.rows.append(_row(planner, part, line, problems))
    return preview


def _row(planner: PartPlanner, part: Part, line: Row | Fault, problems: dict[tuple[int, str], str]) -> PreviewRow:
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
