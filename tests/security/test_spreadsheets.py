"""Rows 30 and 31: files that come in are looked at before they are opened; what goes out is text."""

import csv
import io
import os
import re
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from duobiao.identity.models import Role
from duobiao.integrations.domain.tables import Unreadable
from duobiao.integrations.domain.xlsx_tables import read_xlsx
from duobiao.opportunities.tests.factories import make_user
from tests.support.databases import for_module
from tests.support.everything import all_models, everything, people, write_everywhere

pytestmark = pytest.mark.django_db
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMULAS = [f"{start}cmd|'/C calc'!A1" for start in DANGEROUS] + [
    '=HYPERLINK("http://evil.example","x")',
    "\t=1+1",
    " =1+1",
]
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*%?")


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    with for_module(django_db_blocker):
        found = everything(people(timezone.now()))
        write_everywhere(all_models(), lambda number: FORMULAS[number % len(FORMULAS)])
        yield found


@pytest.fixture
def boss(made):
    client = Client()
    client.force_login(made.world.actors["administrator"])
    return client


def test_an_export_as_csv_holds_no_cell_that_a_spreadsheet_runs(boss, figure):
    """Row 31: with every text beginning like a formula, each cell of the CSV is plain text or a number."""
    answer = boss.get("/pipeline/export/", {"format": "csv", "outcome": "ANY"})

    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    running = [cell for cell in cells if cell.startswith(DANGEROUS) and not NUMBER.fullmatch(cell)]
    figure(31, f"{len(running)} of {len(cells)} CSV cells would run as a formula")
    assert len(rows) > 5
    assert any("cmd|" in cell for cell in cells)
    assert running == []


def test_an_export_as_xlsx_holds_no_formula_and_no_link(boss, figure):
    """Row 31: the workbook has strings, numbers and days; no formula, no link out, no macro."""
    answer = boss.get("/pipeline/export/", {"format": "xlsx", "outcome": "ANY"})

    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as book:
        parts = {name: book.read(name).decode("utf-8", errors="replace") for name in book.namelist()}
    sheets = "".join(text for name, text in parts.items() if name.startswith("xl/worksheets/"))
    formulas = len(re.findall(r"<f[ >]", sheets))
    figure(31, f"{formulas} formulas and {sheets.count('<hyperlink')} links in {sheets.count('<c ')} XLSX cells")
    assert "cmd|" in "".join(parts.values())
    assert formulas == 0
    assert "<hyperlink" not in sheets
    assert not [name for name in parts if "externalLink" in name or "vba" in name]


def bomb(megabytes: int) -> bytes:
    """Make a workbook of 2 MB that declares to be large."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/media/image1.png", os.urandom(900 * 2**10))
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (megabytes * 2**20))
    return buffer.getvalue()


def test_an_archive_bomb_sent_to_the_import_page_is_refused_in_time(figure):
    """Row 30: 2 MB that declare 255 MB are refused from the directory within 200 ms, nothing unpacked."""
    client = Client()
    client.force_login(make_user("boss", role=Role.ADMINISTRATOR))
    content = bomb(255)
    client.get("/admin/import/")

    started = time.perf_counter()
    with pytest.raises(Unreadable, match="archive_bomb"):
        read_xlsx(lambda: io.BytesIO(content))
    looked = time.perf_counter() - started
    started = time.perf_counter()
    made = client.post("/admin/import/", {"files": SimpleUploadedFile("客户.xlsx", content), "mapping": "build"})
    shown = client.get(made.headers["Location"]) if made.status_code == 303 else made
    took = time.perf_counter() - started

    figure(
        30,
        f"{len(content) // 1024} kB declaring 255 MB: refused in {looked * 1000:.0f} ms, "
        f"by the page in {took * 1000:.0f} ms",
    )
    assert looked < 0.2
    assert made.status_code in (303, 422)
    assert shown.status_code in (200, 422)
    assert "客户.xlsx" in shown.text
    assert took < 2
