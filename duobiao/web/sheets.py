"""Tables as files: workbooks and CSV, rows written one at a time, text as text, so that nothing in them is calculated."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from duobiao.kernel.cells import plain_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TITLE = 31
BOM = "\ufeff"

Cell = str | int | float | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Attributes:
        wide: First and last of the columns that hold long words.
    """

    title: str
    heads: Sequence[str]
    lines: Iterable[Sequence[Cell]]
    wide: tuple[int, int] = (0, 0)


def workbook(sheets: Iterable[Sheet]) -> BytesIO:
    """Write the sheets of a workbook."""
    book_file = BytesIO()
    book = xlsxwriter.Workbook(
        book_file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    formats = {
        "head": book.add_format({"bold": True}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
    }
    for sheet in sheets:
        _write(book.add_worksheet(sheet.title[:LONGEST_TITLE]), sheet, formats)
    book.close()
    book_file.seek(0)
    return book_file


def _write(page: xlsxwriter.worksheet.Worksheet, sheet: Sheet, formats: dict[str, xlsxwriter.format.Format]) -> None:
    page.freeze_panes(1, 0)
    page.set_column(*sheet.wide, 28)
    for column, head in enumerate(sheet.heads):
        page.write_string(0, column, head, formats["head"])
    for number, line in enumerate(sheet.lines, start=1):
        for column, cell in enumerate(line):
            if isinstance(cell, str):
                page.write_string(number, column, cell)
            elif isinstance(cell, date):
                page.write_datetime(number, column, cell, formats["day"])
            elif isinstance(cell, Decimal):
                page.write_number(number, column, cell, formats["money"])
            elif cell is not None:
                page.write_number(number, column, cell)


def table_response(sheet: Sheet, *, stem: str, file_format: str) -> HttpResponseBase:
    """Answer with a table as a file.

    Args:
        stem: Name of the file without its ending.
        file_format: ``xlsx``; anything else is CSV.
    """
    if file_format == "xlsx":
        book = workbook([sheet])
        return FileResponse(book, as_attachment=True, filename=f"{stem}.xlsx", content_type=XLSX)
    response = StreamingHttpResponse(_csv(sheet), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{stem}.csv"'
    response["X-Accel-Buffering"] = "no"
    return response


class _Echo:
    """Gives back what the CSV writer writes."""

    def write(self, line: str) -> str:
        return line


def _csv(sheet: Sheet) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow(sheet.heads)
    for line in sheet.lines:
        yield writer.writerow([plain_text(cell) if isinstance(cell, str) else cell for cell in line])
