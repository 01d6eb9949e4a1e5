"""Read XLSX workbooks, after a look into the zip directory: a small file may unpack to gigabytes."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from python_calamine import CalamineSheet, CalamineWorkbook

from duobiao.integrations.domain.tables import (
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Line,
    Opener,
    Table,
    Unreadable,
    count,
    headings,
    sift,
    size_of,
)

MAX_UNPACKED: Final = 150 * 2**20
MAX_RATIO: Final = 100
RATIO_FROM: Final = 20 * 2**20
"""Below this size even the most even content is harmless."""
MAX_PARTS: Final = 2000
MAX_CELLS: Final = 5_000_000
CELL_PLACE: Final = re.compile(rb'r="([A-Z]{1,7})(\d{1,9})"')
CHUNK: Final = 2**20
OVERLAP: Final = 32


def is_workbook(start: bytes) -> bool:
    """Tell whether bytes begin a zip archive, as every XLSX file is."""
    return start.startswith(b"PK\x03\x04")


def check_archive(source: Opener) -> None:
    """Refuse an archive whose directory declares more than we unpack; nothing is unpacked for it.

    Raises:
        Unreadable: too large, too many parts, or no workbook.
    """
    try:
        with source() as stream, zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable("broken_workbook") from error
    declared = sum(part.file_size for part in parts)
    if declared > MAX_UNPACKED or len(parts) > MAX_PARTS:
        raise Unreadable("archive_bomb", found=declared // 2**20, most=MAX_UNPACKED // 2**20)
    if declared > RATIO_FROM and declared > MAX_RATIO * max(1, size_of(source)):
        raise Unreadable("archive_bomb", found=declared // 2**20, most=MAX_UNPACKED // 2**20)
    if not any(part.filename.startswith("xl/workbook") for part in parts):
        raise Unreadable("not_a_workbook")


def read_xlsx(source: Opener, *, sheet: str = "", header_row: int = 1) -> Table:
    """Read one sheet of a workbook: the named one, else the first.

    The library holds the cells of the sheet as long as the table is used; rows are made of them one by one.

    Raises:
        Unreadable: the file as a whole makes no table.
    """
    size_of(source)
    check_archive(source)
    _check_extent(source)
    names, found = _sheet(source, sheet)
    heading = next(islice(_cells(found), header_row - 1, None), None)
    if heading is None:
        raise Unreadable("no_heading", line=header_row)
    columns = headings(heading, line=header_row)

    def lines() -> Iterator[Line]:
        below = islice(enumerate(_cells(found), start=1), header_row, None)
        return sift(((line, _filled(cells, columns)) for line, cells in below), columns=columns)

    return Table(columns, lines, count(lines()), encoding="xlsx", sheets=tuple(names))


def _sheet(source: Opener, sheet: str) -> tuple[list[str], CalamineSheet]:
    try:
        with source() as stream, CalamineWorkbook.from_filelike(stream) as workbook:
            names = list(workbook.sheet_names)
            if sheet and sheet not in names:
                raise Unreadable("no_such_sheet", sheet=sheet, sheets=", ".join(names)[:300])
            if not names:
                raise Unreadable("empty_file")
            return names, workbook.get_sheet_by_name(sheet or names[0])
    except (Unreadable, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # the library is written in Rust; its panics are no Exception
        raise Unreadable("broken_workbook") from error


def _cells(sheet: CalamineSheet) -> Iterator[list[Cell]]:
    """Yield the cells of each row from the first column on; the library leaves empty columns before the first out."""
    before = [""] * (sheet.start[1] if sheet.start else 0)
    rows = iter(sheet.iter_rows())
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # see above
            raise Unreadable("broken_workbook") from error
        yield [*before, *cells]


def _filled(cells: list[Cell], columns: tuple[str, ...]) -> list[Cell]:
    return [_plain(cell) for cell in cells] + [""] * (len(columns) - len(cells))


def _check_extent(source: Opener) -> None:
    """Refuse sheets whose outermost cells span more than we hold: the library keeps every cell between them."""
    try:
        with source() as file, zipfile.ZipFile(file) as archive:
            for part in archive.infolist():
                if part.filename.startswith("xl/worksheets/"):
                    with archive.open(part) as stream:
                        _check_places(stream)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("broken_workbook") from error
    except zlib.error as error:
        raise Unreadable("broken_workbook") from error


def _check_places(stream: Any) -> None:
    widest, lowest, tail, unpacked = 0, 0, b"", 0
    while chunk := stream.read(CHUNK):
        unpacked += len(chunk)
        if unpacked > MAX_UNPACKED:
            raise Unreadable("archive_bomb", found=unpacked // 2**20, most=MAX_UNPACKED // 2**20)
        for letters, digits in CELL_PLACE.findall(tail + chunk):
            widest, lowest = max(widest, _number(letters)), max(lowest, int(digits))
        tail = chunk[-OVERLAP:]
    if widest > MAX_COLUMNS:
        raise Unreadable("too_many_columns", found=widest, most=MAX_COLUMNS)
    if lowest > MAX_ROWS or widest * lowest > MAX_CELLS:
        raise Unreadable("too_many_rows", most=MAX_ROWS)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _plain(cell: Cell) -> Cell:
    """Return whole numbers as such: Excel keeps every figure as a fraction."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
