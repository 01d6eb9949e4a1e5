"""Damaged files never crash the importer and never keep it busy."""

import io
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from duobiao.integrations.domain.csv_tables import read_csv
from duobiao.integrations.domain.tables import Row, Table, Unreadable
from duobiao.integrations.domain.xlsx_tables import is_workbook, read_xlsx
from duobiao.integrations.queries.mappings import MappingRefused, read_mapping, shipped_mappings
from duobiao.integrations.tests.factories import held as opened

pytestmark = pytest.mark.drill
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


class Held:
    """Counts what was read or refused, and keeps the longest time it took."""

    def __init__(self) -> None:
        self.files, self.slowest = 0, 0.0

    def read(self, reading: Callable[[], object], *, refusal: type[Exception]) -> object | None:
        """Read; None where it was refused."""
        started = time.perf_counter()
        with suppress(refusal):
            found = reading()
            self._note(started)
            return found
        self._note(started)
        return None

    def _note(self, started: float) -> None:
        self.files += 1
        self.slowest = max(self.slowest, time.perf_counter() - started)
        assert self.slowest < LONGEST_SECONDS

    def __str__(self) -> str:
        return f"{self.files} read or refused, 0 crashes, the slowest in {self.slowest:.2f} s"


def test_a_damaged_file_is_read_or_refused_within_two_seconds(figure):
    """Row 37: CSV in four encodings and XLSX, cut, flipped, repeated."""
    held = Held()

    @given(seed=st.sampled_from(SEEDS), edits=EDITS)
    def read(seed, edits):
        content = damaged(seed, edits)
        reader = read_xlsx if is_workbook(content) else read_csv
        table = held.read(lambda: reader(opened(content)), refusal=Unreadable) or Table((), lambda: iter(()), 0)
        assert all(len(row.cells) == len(table.columns) for row in table.lines() if isinstance(row, Row))

    read()
    figure(37, f"damaged tables: {held}")


def test_a_workbook_damaged_inside_is_read_or_refused_within_two_seconds(figure):
    """Row 37: each part of a workbook damaged before it is packed."""
    held, parts = Held(), zipfile.ZipFile(io.BytesIO(SEEDS[-1])).namelist()

    @given(part=st.sampled_from(parts), edits=EDITS)
    def read(part, edits):
        content = repacked(lambda name, held: damaged(held, edits) if name == part else held)
        held.read(lambda: read_xlsx(opened(content)), refusal=Unreadable)

    read()
    figure(37, f"workbooks damaged inside: {held}")


def repacked(change: Callable[[str, bytes], bytes]) -> bytes:
    """Pack the workbook anew, each part as ``change`` makes it."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(SEEDS[-1])) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in source.namelist():
            packed.writestr(name, change(name, source.read(name)))
    return target.getvalue()


def test_a_damaged_mapping_is_read_or_refused(figure):
    """Row 37: the YAML of a mapping."""
    held = Held()

    @given(edits=EDITS)
    def read(edits):
        text = damaged(shipped_mappings()["maven-crm"].encode(), edits).decode("utf-8", errors="replace")
        held.read(lambda: read_mapping(text), refusal=MappingRefused)

    read()
    figure(37, f"damaged mappings: {held}")
