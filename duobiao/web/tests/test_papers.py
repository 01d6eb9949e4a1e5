"""Word files hold what was given, as text."""

from datetime import UTC, datetime

import pytest
from docx import Document

from duobiao.web import paper_kinds
from duobiao.web.papers import Part, paper, paper_response

NOW = datetime(2026, 9, 16, 1, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _as_shipped(monkeypatch):
    monkeypatch.setattr(paper_kinds, "_finder", [])


def words(file):
    document = Document(file)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [line.text for line in document.paragraphs] + cells


def test_a_paper_holds_facts_lines_boxes_and_text():
    parts = [Part("计划", facts=[("项目", "二期")], ticks=["带案例"], points=["上次说好的"], text="一\n二")]

    read = words(paper(title="拜访恒睿", subtitle="周三 10:00", parts=parts, now=NOW))

    assert read[:2] == ["拜访恒睿", "周三 10:00"]
    assert {"计划", "☐ 带案例", "上次说好的", "一", "二", "项目", "二期"} <= set(read)


def test_what_xml_cannot_hold_is_left_out_and_nothing_is_carried_out():
    parts = [Part("a\x00b\x0b", text="=cmd|'/c calc'!A1 <w:p/> {{ 7*7 }} \ufffe")]

    assert words(paper(title="t\x01", subtitle="", parts=parts, now=NOW)) == [
        "t", "ab", "=cmd|'/c calc'!A1 <w:p/> {{ 7*7 }} "
    ]  # fmt: skip


def test_an_empty_part_is_left_out_unless_it_says_so():
    parts = [Part("无"), Part("说明", empty="还没有记录")]

    assert words(paper(title="t", subtitle="", parts=parts, now=NOW)) == ["t", "说明", "还没有记录"]


def test_a_file_is_saved_under_a_name_that_any_system_takes():
    response = paper_response(paper(title="t", subtitle="", parts=[], now=NOW), 'Brief a/b:"c"')

    assert (
        'filename="Brief a b c .docx"' in response["Content-Disposition"]
        or "Brief a b c" in response["Content-Disposition"]
    )
    assert response["Cache-Control"] == "private, no-store"
