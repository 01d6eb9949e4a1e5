"""The error file: every refused row as it stood, where it stood, and what is wrong with it."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from duobiao.integrations.domain.formulas import safe_cell
from duobiao.integrations.models import ImportFault, ImportRun
from duobiao.integrations.queries.fault_words import word_row
from duobiao.integrations.queries.scratch import Scratch

CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One fault in words."""

    file: str
    line: int
    column: str
    target_field: str
    message: str
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class StoredErrors:
    """The faults of a run in the order of its files, read anew, some at a time, whenever they are gone through."""

    run: ImportRun

    def __iter__(self) -> Iterator[ErrorLine]:
        rows = self.run.faults.order_by("part", "line", "id").iterator(chunk_size=CHUNK)
        return (_line(row) for row in rows)


class UnstoredErrors(Scratch):
    """The faults of a check that no run keeps."""

    tables = ("CREATE TABLE error (line TEXT NOT NULL)",)

    def add(self, lines: Iterable[ErrorLine]) -> None:
        """Keep more of them."""
        self._write("INSERT INTO error VALUES (?)", ((json.dumps(asdict(line)),) for line in lines))

    def __iter__(self) -> Iterator[ErrorLine]:
        return (ErrorLine(**json.loads(line)) for (line,) in self._read("SELECT line FROM error ORDER BY rowid"))


def error_lines(run: ImportRun) -> StoredErrors:
    """Return the faults of a run in the order of its files."""
    return StoredErrors(run)


def first_errors(run: ImportRun, *, most: int) -> list[ErrorLine]:
    """Return the first faults of a run."""
    return [_line(row) for row in run.faults.order_by("part", "line", "id")[:most]]


def error_csv(lines: Iterable[ErrorLine]) -> Iterator[str]:
    """Yield the text of a CSV file; the original columns come after line, column, field and message.

    Args:
        lines: Gone through twice: the first time for the columns.
    """
    columns = list(dict.fromkeys(name for line in lines for name in line.cells))
    yield "\ufeff" + _row((_("file"), _("line"), _("column"), _("field"), _("message"), *columns))
    for line in lines:
        cells = [line.cells.get(name, "") for name in columns]
        yield _row((line.file, line.line, line.column, line.target_field, line.message, *cells))


def _row(cells: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([safe_cell(cell) for cell in cells])
    return buffer.getvalue()


def _line(row: ImportFault) -> ErrorLine:
    return ErrorLine(row.file, row.line, row.column, row.target_field, word_row(row.code, row.params), row.cells)
