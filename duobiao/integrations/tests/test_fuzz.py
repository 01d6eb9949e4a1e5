"""Damaged files never crash the importer and never keep it busy."""

import io
import time
import zipfile
from contextlib import suppress

import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from duobiao.integrations.domain.csv_tables import read_csv
from duobiao.integrations.domain.tables import Table, Unreadable
from duobiao.integrations.domain.xlsx_tables import is_workbook, read_xlsx
from duobiao.integrations.queries.mappings import MappingRefused, read_mapping, shipped_mappings

LONGEST_SECONDS = 2
LINES = "编号,客户,金额,日期\n" + "".join(
    f'{n},"客户 {n}, 苏州","{n},000.50",2026-09-{n % 28 + 1:02d}\n' for n in range(400)
)


def _workbook() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number in range(200):
            sheet.write_row(number, 0, [f"c{number}", number, number / 7, "文字"])
    return buffer.getvalue()


SEEDS = [LINES.encode(), LINES.encode("gb18030"), LINES.encode("utf-16"), LINES.replace(",", ";").encode(), _workbook()]
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1), st.sampled_from(["flip", "cut", "repeat", "insert"]), st.binary(min_size=1, max_size=40)
    ),
    min_size=1,
    max_size=12,
)


def damaged(content: bytes, edits: list[tuple[float, str, bytes]]) -> bytes:
    for share, kind, piece in edits:
        at = int(share * len(content))
        if kind == "flip":
            content = content[:at] + piece + content[at + len(piece) :]
        elif kind == "cut":
            content = content[:at] + content[at + len(piece) * 30 :]
        elif kind == "repeat":
            content = content[:at] + content[at : at + 3000] * 5 + content[at:]
        else:
            content = content[:at] + piece + content[at:]
    return content[: 5 * 2**20]


@given(seed=st.sampled_from(SEEDS), edits=EDITS)
def test_a_damaged_file_is_read_or_refused_within_two_seconds(seed, edits):
    content = damaged(seed, edits)
    started = time.perf_counter()

    table = Table((), ())
    with suppress(Unreadable):
        table = read_xlsx(content) if is_workbook(content) else read_csv(content)

    assert all(len(row.cells) == len(table.columns) for row in table.rows)
    assert time.perf_counter() - started < LONGEST_SECONDS


@given(part=st.sampled_from(zipfile.ZipFile(io.BytesIO(SEEDS[-1])).namelist()), edits=EDITS)
def test_a_workbook_damaged_inside_is_read_or_refused_within_two_seconds(part, edits):
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(SEEDS[-1])) as source,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            held = source.read(name)
            target.writestr(name, damaged(held, edits) if name == part else held)
    started = time.perf_counter()

    with suppress(Unreadable):
        read_xlsx(content.getvalue())

    assert time.perf_counter() - started < LONGEST_SECONDS


@given(edits=EDITS)
def test_a_damaged_mapping_is_read_or_refused(edits):
    text = damaged(shipped_mappings()["maven-crm"].encode(), edits).decode("utf-8", errors="replace")
    started = time.perf_counter()

    with suppress(MappingRefused):
        read_mapping(text)

    assert time.perf_counter() - started < LONGEST_SECONDS
