"""Read XLSX workbooks, after a look into the zip directory: a small file may unpack to gigabytes."""

import io
import re
import zipfile
import zlib
from typing import Any, Final

from python_calamine import CalamineWorkbook

from duobiao.integrations.domain.tables import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Table,
    Unreadable,
    collect,
    headings,
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


def is_workbook(content: bytes) -> bool:
    """Tell whether the bytes are a zip archive, as every XLSX file is."""
    return content.startswith(b"PK\x03\x04")


def check_archive(content: bytes) -> None:
    """Refuse an archive whose directory declares more than we unpack; nothing is unpacked for it.

    Raises:
        Unreadable: too large, too many parts, or no workbook.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable("broken_workbook") from error
    declared = sum(part.file_size for part in parts)
    if declared > MAX_UNPACKED or len(parts) > MAX_PARTS:
        raise Unreadable("archive_bomb", found=declared // 2**20, most=MAX_UNPACKED // 2**20)
    if declared > RATIO_FROM and declared > MAX_RATIO * max(1, len(content)):
        raise Unreadable("archive_bomb", found=declared // 2**20, most=MAX_UNPACKED // 2**20)
    if not any(part.filename.startswith("xl/workbook") for part in parts):
        raise Unreadable("not_a_workbook")


def read_xlsx(content: bytes, *, sheet: str = "", header_row: int = 1) -> Table:
    """Read one sheet of a workbook: the named one, else the first.

    Raises:
        Unreadable: the file as a whole makes no table.
    """
    if len(content) > MAX_BYTES:
        raise Unreadable("file_too_large", found=len(content) // 2**20, most=MAX_BYTES // 2**20)
    check_archive(content)
    _check_extent(content)
    names, values = _values(content, sheet)
    if len(values) < header_row:
        raise Unreadable("no_heading", line=header_row)
    columns = headings(list(values[header_row - 1]), line=header_row)
    lines = (
        (line, [_plain(cell) for cell in cells] + [""] * (len(columns) - len(cells)))
        for line, cells in enumerate(values[header_row:], start=header_row + 1)
    )
    rows, faults = collect(lines, columns=columns)
    return Table(columns, rows, faults, encoding="xlsx", sheets=tuple(names))


def _values(content: bytes, sheet: str) -> tuple[list[str], list[list[Any]]]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = list(workbook.sheet_names)
        if sheet and sheet not in names:
            raise Unreadable("no_such_sheet", sheet=sheet, sheets=", ".join(names)[:300])
        if not names:
            raise Unreadable("empty_file")
        rows = workbook.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=False)
    except (Unreadable, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # the library is written in Rust; its panics are no Exception
        raise Unreadable("broken_workbook") from error
    return names, rows


def _check_extent(content: bytes) -> None:
    """Refuse sheets whose outermost cells span more than we hold: the library keeps every cell between them."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
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
