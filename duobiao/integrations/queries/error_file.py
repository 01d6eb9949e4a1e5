"""The error file: every refused row as it stood, where it stood, and what is wrong with it."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from duobiao.integrations.domain.formulas import safe_cell
from duobiao.integrations.models import ImportFault, ImportRun
from duobiao.integrations.queries.fault_words import word_row


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One fault in words."""

    file: str
    line: int
    column: str
    target_field: str
    message: str
    cells: dict[str, str]


def error_lines(run: ImportRun, *, limit: int | None = None) -> list[ErrorLine]:
    """Return the faults of a run in the order of its files."""
    rows = run.faults.order_by("part", "line", "id")
    return [_line(row) for row in (rows[:limit] if limit is not None else rows)]


def error_csv(lines: Iterable[ErrorLine]) -> str:
    """Write faults as CSV; the original columns come after line, column, field and message."""
    held = list(lines)
    columns = list(dict.fromkeys(name for line in held for name in line.cells))
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(
        [safe_cell(name) for name in (_("file"), _("line"), _("column"), _("field"), _("message"), *columns)]
    )
    for line in held:
        cells = [line.cells.get(name, "") for name in columns]
        texts = (line.file, line.line, line.column, line.target_field, line.message, *cells)
        writer.writerow([safe_cell(text) for text in texts])
    return "\ufeff" + buffer.getvalue()


def _line(row: ImportFault) -> ErrorLine:
    return ErrorLine(row.file, row.line, row.column, row.target_field, word_row(row.code, row.params), row.cells)
