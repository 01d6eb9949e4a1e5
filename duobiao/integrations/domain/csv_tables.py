"""Read CSV as it comes: any of the usual encodings and delimiters, quoted line breaks, damaged rows apart."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from duobiao.integrations.domain.decoding import decode
from duobiao.integrations.domain.tables import (
    MAX_BYTES,
    MAX_CELL,
    MAX_COLUMNS,
    Table,
    Unreadable,
    collect,
    headings,
)

DELIMITERS: Final = (",", ";", "\t", "|")
SAMPLE_LINES: Final = 20
WIDEST_LINE: Final = 2_000_000

Parsed = tuple[int, list[str] | None]
"""The line a row begins in and its cells; None where the row is damaged."""


def read_csv(content: bytes, *, encoding: str = "auto", delimiter: str = "auto", header_row: int = 1) -> Table:
    """Read a CSV file.

    Args:
        header_row: Line that holds the headings; lines above it are left out.

    Raises:
        Unreadable: the file as a whole makes no table.
    """
    if len(content) > MAX_BYTES:
        raise Unreadable("file_too_large", found=len(content) // 2**20, most=MAX_BYTES // 2**20)
    text, found_encoding = decode(content, encoding)
    separator = _delimiter(text) if delimiter == "auto" else delimiter
    lines = (parsed for parsed in _rows(text, separator) if parsed[0] >= header_row)
    columns = _heading(*next(lines, (header_row, [])))
    rows, faults = collect(lines, columns=columns)
    return Table(columns, rows, faults, encoding=found_encoding, delimiter=separator)


def _heading(line: int, cells: list[str] | None) -> tuple[str, ...]:
    if cells is None:
        raise Unreadable("broken_quotes", line=line)
    return headings(list(cells), line=line)


def _rows(text: str, delimiter: str) -> Iterator[Parsed]:
    """Yield the rows; the standard reader begins anew in the line after a damaged one."""
    csv.field_size_limit(MAX_CELL * 10)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, None
            continue
        if len(cells) > MAX_COLUMNS * 2:
            raise Unreadable("too_many_columns", line=line, found=len(cells), most=MAX_COLUMNS)
        yield line, list(cells)


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the first lines most evenly; commas where nothing tells."""
    lines = [line for line in text[:200_000].splitlines()[:SAMPLE_LINES] if line.strip()]
    if not lines or len(lines[0]) > WIDEST_LINE:
        return ","
    return max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines: list[str], delimiter: str) -> tuple[int, int]:
    """Say how many of the first lines have as many cells as the heading, and how many that is."""
    try:
        counts = [len(cells) for cells in csv.reader(lines, delimiter=delimiter)]
    except csv.Error:
        return 0, 0
    width = counts[0] if counts else 0
    return (sum(1 for count in counts if count == width), width) if width > 1 else (0, 0)
