"""Read CSV as it comes: any of the usual encodings and delimiters, quoted line breaks, damaged rows apart."""

import csv
from collections.abc import Iterator
from typing import Final

from duobiao.integrations.domain.decoding import Text, recognise
from duobiao.integrations.domain.tables import (
    MAX_CELL,
    MAX_COLUMNS,
    Line,
    Opener,
    Table,
    Unreadable,
    count,
    headings,
    sift,
    size_of,
)

DELIMITERS: Final = (",", ";", "\t", "|")
SAMPLE: Final = 200_000
SAMPLE_LINES: Final = 20
WIDEST_LINE: Final = 2_000_000

Parsed = tuple[int, list[str] | None]
"""The line a row begins in and its cells; None where the row is damaged."""


def read_csv(source: Opener, *, encoding: str = "auto", delimiter: str = "auto", header_row: int = 1) -> Table:
    """Go through a CSV file once and return its table.

    Args:
        header_row: Line that holds the headings; lines above it are left out.

    Raises:
        Unreadable: the file as a whole makes no table.
    """
    size_of(source)
    text = recognise(source, encoding)
    separator = _delimiter(text.head(SAMPLE)) if delimiter == "auto" else delimiter
    columns = _heading(*next(_below(text, separator, header_row), (header_row, [])))

    def lines() -> Iterator[Line]:
        below = _below(text, separator, header_row)
        next(below)
        return sift(below, columns=columns)

    return Table(columns, lines, count(lines()), encoding=text.encoding, delimiter=separator)


def _below(text: Text, delimiter: str, header_row: int) -> Iterator[Parsed]:
    return (parsed for parsed in _rows(text, delimiter) if parsed[0] >= header_row)


def _heading(line: int, cells: list[str] | None) -> tuple[str, ...]:
    if cells is None:
        raise Unreadable("broken_quotes", line=line)
    return headings(list(cells), line=line)


def _rows(text: Text, delimiter: str) -> Iterator[Parsed]:
    """Yield the rows; the standard reader begins anew in the line after a damaged one."""
    csv.field_size_limit(MAX_CELL * 10)
    reader = csv.reader(text.lines(), delimiter=delimiter, strict=True)
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


def _delimiter(start: str) -> str:
    """Return the delimiter that cuts the first lines most evenly; commas where nothing tells."""
    lines = [line for line in start.splitlines()[:SAMPLE_LINES] if line.strip()]
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
