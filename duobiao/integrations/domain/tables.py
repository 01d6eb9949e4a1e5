"""Tables read from files, and the faults found in them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from os import SEEK_END
from typing import Any, BinaryIO, Final

MAX_COLUMNS: Final = 500
MAX_CELL: Final = 100_000
"""Characters in one cell; longer ones are a damaged file."""
MAX_SHOWN: Final = 500
"""Characters of a cell that are kept for the error file."""
MAX_ROWS: Final = 1_000_000
MAX_BYTES: Final = 100 * 2**20

Cell = Any
"""Text from CSV; from XLSX also int, float, bool, date, datetime, time, timedelta."""
Opener = Callable[[], BinaryIO]
"""Opens a file at its beginning; a file is gone through several times, and never held as a whole."""


class Unreadable(ValueError):
    """The file as a whole cannot be read.

    Attributes:
        code: Why; worded by ``queries.fault_words``.
        params: Values for the words.
        line: Line of the file, 0 for the file as a whole.
    """

    def __init__(self, code: str, *, line: int = 0, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.params = params


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one row or cell.

    Attributes:
        line: Line of the file, beginning with 1; the heading is a line too.
        column: Heading of the column at fault, "" for the row as a whole.
        target_field: Field the column was mapped to, "" where none is meant.
        code: Why; worded by ``queries.fault_words``.
        params: Values for the words.
        cells: What stands in the row, where it makes no row of the table.
    """

    line: int
    code: str
    column: str = ""
    target_field: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One data row: the line it begins in, and its cells in the order of the columns."""

    line: int
    cells: tuple[Cell, ...]


Line = Row | Fault


@dataclass(frozen=True, slots=True)
class Table:
    """A file as read: its headings are known, its lines are read when asked for.

    Attributes:
        columns: Headings, trimmed, unique.
        lines: Goes through the file anew and yields its rows, and in their places the rows that cannot be read.
        total: How many lines there are.
        encoding: What the text was decoded with; "xlsx" for workbooks.
        delimiter: Between the cells of a CSV file.
        sheets: Names of all sheets of a workbook.
    """

    columns: tuple[str, ...]
    lines: Callable[[], Iterator[Line]]
    total: int
    encoding: str = ""
    delimiter: str = ""
    sheets: tuple[str, ...] = ()

    def first_rows(self, most: int) -> list[Row]:
        """Return the first readable rows."""
        return list(islice((line for line in self.lines() if isinstance(line, Row)), most))


def headings(cells: list[Cell], *, line: int) -> tuple[str, ...]:
    """Check the heading row and return the names of its columns.

    Raises:
        Unreadable: it is empty, has a name twice, or has too many columns.
    """
    names = [" ".join(str(cell if cell is not None else "").split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise Unreadable("no_heading", line=line)
    if len(names) > MAX_COLUMNS:
        raise Unreadable("too_many_columns", line=line, found=len(names), most=MAX_COLUMNS)
    seen: dict[str, int] = {}
    for number, name in enumerate(names, start=1):
        if not name:
            raise Unreadable("column_without_name", line=line, number=number)
        if name in seen:
            raise Unreadable("column_twice", line=line, column=name[:100])
        seen[name] = number
    return tuple(names)


def fit(cells: list[Cell], *, columns: tuple[str, ...], line: int) -> Row | Fault | None:
    """Return a row whose cells match the columns, a fault, or None for a blank line."""
    if all(cell is None or cell == "" for cell in cells):
        return None
    if any(isinstance(cell, str) and len(cell) > MAX_CELL for cell in cells):
        return Fault(line, "cell_too_long", params={"most": MAX_CELL})
    if len(cells) < len(columns):
        params = {"found": len(cells), "wanted": len(columns)}
        return Fault(line, "half_row", params=params, cells=tuple(str(cell or "")[:MAX_SHOWN] for cell in cells))
    if any(cell not in (None, "") for cell in cells[len(columns) :]):
        params = {"found": len(cells), "wanted": len(columns)}
        shown = tuple(str(cell or "")[:MAX_SHOWN] for cell in cells[: len(columns)])
        return Fault(line, "row_too_long", params=params, cells=shown)
    if any(isinstance(cell, str) and "\x00" in cell for cell in cells):
        return Fault(line, "nul")
    if any(isinstance(cell, str) and "\ufffd" in cell for cell in cells):
        return Fault(line, "damaged_character", cells=tuple(str(cell or "")[:MAX_SHOWN] for cell in cells))
    return Row(line, tuple(cells[: len(columns)]))


def sift(lines: Iterable[tuple[int, list[Cell] | None]], *, columns: tuple[str, ...]) -> Iterator[Line]:
    """Yield rows and faults; blank lines are left out.

    Args:
        lines: Line numbers and cells; None for a line that is damaged.
    """
    for line, cells in lines:
        found = Fault(line, "broken_quotes") if cells is None else fit(cells, columns=columns, line=line)
        if found is not None:
            yield found


def count(lines: Iterable[Line]) -> int:
    """Return how many lines there are.

    Raises:
        Unreadable: there are more rows than we take.
    """
    total = rows = 0
    for line in lines:
        total += 1
        rows += isinstance(line, Row)
        if rows > MAX_ROWS:
            raise Unreadable("too_many_rows", most=MAX_ROWS)
    return total


def size_of(source: Opener) -> int:
    """Return the size of a file in bytes.

    Raises:
        Unreadable: it is larger than what we read.
    """
    with source() as stream:
        size = stream.seek(0, SEEK_END)
    if size > MAX_BYTES:
        raise Unreadable("file_too_large", found=size // 2**20, most=MAX_BYTES // 2**20)
    return size
