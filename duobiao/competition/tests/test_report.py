"""The stakeholder strategy report: what it tells of weight, hidden influence, bridges, cells, red flags and rivals."""

import zipfile
from io import BytesIO

import pytest
from django.utils import translation
from docx import Document

from duobiao.competition.tests.factories import reach
from duobiao.opportunities.tests.factories import NOW, TODAY, make_contact
from duobiao.stakeholders.queries.report import chain_paper, report_parts
from duobiao.stakeholders.tests.factories import chain, line, put, saw, won

pytestmark = pytest.mark.django_db


@pytest.fixture
def parts(deal, seller, row):
    """Four people one above the other; the lowest is listened to by the two highest."""
    names = [("陈立群", "FINAL_DECIDER"), ("孙国栋", "INFLUENCER"), ("刘倩", "GATEKEEPER"), ("李伟", "USER")]
    people = [put(deal, make_contact(deal.customer, name), seller, role=role) for name, role in names]
    decider, sun, liu, li = people
    for below, above in ((sun, decider), (liu, sun), (li, liu)):
        line(below, above, seller, "FORMAL")
    line(li, decider, seller, tie="SCHOOLMATE", strength=2.0)
    line(li, sun, seller, strength=2.0, label="A & B <i>")
    saw(decider, seller, 1)
    for topic, value in (("DESIRE", 8), ("MOTIVATION", 7)):
        saw(decider, seller, value, topic)
    won(decider, seller, "COMPANY_NEED_PRODUCT")
    reach(row, seller, contact=sun.contact, function="TECHNICAL", depth=3, source="王海涛")
    reach(row, seller, contact=make_contact(deal.customer, "外圈的人"), function="FINANCE", depth=2)
    reach(row, seller, contact=liu.contact, function="FINANCE", depth=1)
    return people


def told(deal) -> dict:
    with translation.override("en"):
        return {part.title: part for part in report_parts(chain(deal))}


def test_the_report_names_who_weighs_more_than_the_chart_says_and_what_is_lacking(deal, parts):
    found = told(deal)

    standing = dict(found["Where we stand"].facts)
    assert standing["Hidden influencers"] == "李伟"
    assert found["Hidden influencers"].points[0].startswith("李伟: ")
    assert "陈立群, 孙国栋 listen to them" in found["Hidden influencers"].points[0]
    head, *rows = found["Who weighs what"].rows
    assert head[3] == "Computed influence"
    assert sum(float(row[3].rstrip("%")) for row in rows) == pytest.approx(100, abs=0.3)
    matrix = next(part for title, part in found.items() if title.startswith("Relationship matrix ("))
    assert len(matrix.rows[0]) == 7
    assert next(row for row in matrix.rows if row[0] == "陈立群")[1] == "accepted"
    assert "Still lacking" in dict(found["陈立群"].facts) or not any(
        "asked for" in text for row in matrix.rows for text in row
    )
    assert found["Red flags"].points
    assert dict(found["What drives the final decider (DMI): 陈立群"].facts)["Not observed yet"] == "Pressure of others"
    assert "Bridges: through whom the ways between others lead" in found


def test_who_stands_for_a_rival_is_told_and_people_off_the_chain_are_only_counted(deal, parts):
    text = dict(told(deal)["Who stands for a rival"].facts)["西川数科"]

    assert "孙国栋 fights for it (王海涛, " in text
    assert "1 more outside the decision chain" in text
    assert "外圈的人" not in text
    assert "刘倩" not in text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_paper_holds_the_picture_as_vectors_and_opens(deal, parts, language):
    with translation.override(language):
        file, _name = chain_paper(chain(deal), now=NOW)

    with zipfile.ZipFile(BytesIO(file.getvalue())) as held:
        drawn = held.read("word/media/drawn1.svg").decode()
        body = held.read("word/document.xml").decode()
    assert "李伟" in drawn
    assert "A &amp; B &lt;i&gt;" in drawn
    assert "svgBlip" in body
    document = Document(BytesIO(file.getvalue()))
    assert len(document.inline_shapes) == 1
    text = "\n".join(row.text for row in document.paragraphs)
    assert "李伟" in text
    if language == "en":
        assert not set("（）：；、") & set(text)


def test_an_empty_chain_makes_a_paper_without_a_picture(deal):
    with translation.override("en"):
        file, _name = chain_paper(chain(deal, on=TODAY), now=NOW)

    assert "Nobody is on the chain yet." in "\n".join(row.text for row in Document(BytesIO(file.getvalue())).paragraphs)
