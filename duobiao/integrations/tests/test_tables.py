"""Reading files as they come."""

import io
import time
import zipfile
from datetime import date

import pytest
import xlsxwriter

from duobiao.integrations.domain.csv_tables import read_csv
from duobiao.integrations.domain.tables import Unreadable
from duobiao.integrations.domain.xlsx_tables import check_archive, read_xlsx
from duobiao.integrations.tests.factories import faults, held, rows

TEXT = "编号,名称,金额\n1,苏州恒睿精密,100\n2,临港云港,200\n"
CELLS = [(1, ("1", "苏州恒睿精密", "100")), (2, ("2", "临港云港", "200"))]


def rows_of(table):
    return [(number, row.cells) for number, row in enumerate(rows(table), start=1)]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_usual_encodings_are_told_apart(codec):
    table = read_csv(held((TEXT * 1).encode(codec)))

    assert table.columns == ("编号", "名称", "金额")
    assert rows_of(table) == CELLS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_usual_delimiters_are_told_apart(delimiter):
    table = read_csv(held(TEXT.replace(",", delimiter).encode()))

    assert (table.delimiter, rows_of(table)) == (delimiter, CELLS)


def test_a_quoted_cell_may_hold_line_breaks_and_lines_are_counted_by_the_file():
    table = read_csv(held(b'id,text\n1,"a\nb"\n2,c\n\n3,d\n'))

    assert [(row.line, row.cells) for row in rows(table)] == [(2, ("1", "a\nb")), (4, ("2", "c")), (6, ("3", "d"))]


def test_a_damaged_row_does_not_cost_the_others():
    table = read_csv(held(b'id,text\n1,"a"b\n2,c\n3\n4,e\n5,"unfinished'))

    assert [row.cells for row in rows(table)] == [("2", "c"), ("4", "e")]
    assert [(fault.line, fault.code) for fault in faults(table)] == [
        (2, "broken_quotes"), (4, "half_row"), (6, "broken_quotes"),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_file_cut_off_within_a_character_loses_only_its_last_row(encoding):
    table = read_csv(held("编号,名称\n1,苏州精工\n2,无锡重工".encode(encoding)[:-1]))

    assert [row.cells for row in rows(table)] == [("1", "苏州精工")]
    assert [(fault.line, fault.code) for fault in faults(table)] == [(3, "damaged_character")]


def test_headings_may_stand_further_down():
    assert read_csv(held(b"Report of today\n\nid,text\n1,a\n"), header_row=3).columns == ("id", "text")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"  \n\n", "empty_file"),
        (b"\xef\xbb\xbf\n", "no_heading"),
        (b"a,a\n", "column_twice"),
        (b"a,,b\n", "column_without_name"),
        ((",".join(f"c{n}" for n in range(100_000))).encode(), "too_many_columns"),
        (b"a,b\n" + b"," * 100_000, "too_many_columns"),
        ("name\nJürgen Müller\n".encode("latin-1"), "unknown_encoding"),
    ],
)
def test_what_makes_no_table_is_refused_with_a_code(content, code):
    with pytest.raises(Unreadable) as caught:
        read_csv(held(content))

    assert caught.value.code == code


def test_an_encoding_named_wrongly_is_told_with_its_line():
    with pytest.raises(Unreadable) as caught:
        read_csv(held("id,name\n1,a\n2,苏州\n".encode("gb18030")), encoding="utf-8")

    assert (caught.value.code, caught.value.line) == ("wrong_encoding", 3)


def workbook(*rows, sheets=("Sheet1",)):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for name in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return buffer.getvalue()


def test_a_workbook_gives_figures_and_days_as_such():
    table = read_xlsx(held(workbook(["id", "day", "sum", "text"], [1, date(2026, 9, 16), 12.5, "=1"], [2, "", "", ""])))

    assert table.columns == ("id", "day", "sum", "text")
    assert rows(table)[0].cells[:3] == (1, date(2026, 9, 16), 12.5)
    assert rows(table)[1].cells == (2, "", "", "")


def test_a_sheet_is_chosen_by_name():
    content = workbook(["id"], [1], sheets=("封面", "数据"))

    assert read_xlsx(held(content), sheet="数据").sheets == ("封面", "数据")
    with pytest.raises(Unreadable, match="no_such_sheet"):
        read_xlsx(held(content), sheet="missing")


def bomb(megabytes):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (megabytes * 2**20))
    return buffer.getvalue()


def test_an_archive_that_unpacks_to_hundreds_of_megabytes_is_refused_at_once():
    content = bomb(255)
    started = time.perf_counter()

    with pytest.raises(Unreadable, match="archive_bomb"):
        read_xlsx(held(content))

    assert time.perf_counter() - started < 0.2


def test_a_small_archive_of_absurd_ratio_is_refused():
    with pytest.raises(Unreadable, match="archive_bomb"):
        check_archive(held(bomb(40)))


def test_a_workbook_with_one_cell_far_away_is_refused_before_it_is_spread_out():
    content = workbook(["id"])
    spread = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(spread, "w") as target:
        for part in source.infolist():
            text = source.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                text = text.replace(
                    b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                )
            target.writestr(part, text)

    with pytest.raises(Unreadable, match="too_many_columns"):
        read_xlsx(held(spread.getvalue()))


@pytest.mark.parametrize("content", [b"PK\x03\x04 nonsense", b"PK\x03\x04", workbook(["a"])[:200]])
def test_a_damaged_workbook_is_refused(content):
    with pytest.raises(Unreadable, match="broken_workbook"):
        read_xlsx(held(content))
