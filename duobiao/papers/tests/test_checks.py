"""What can be no template is refused with the reason."""

import zipfile
from io import BytesIO

import pytest
from django.utils import translation
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from duobiao.papers.actions.check_template import BadTemplate, check_template
from duobiao.papers.domain.packages import MAX_BYTES
from duobiao.papers.tests.factories import changed, saved, word
from duobiao.web.paper_kinds import COMMON, PaperKind

RELATIONS = "word/_rels/document.xml.rels"
LETTER = PaperKind("letter", "Letter", values={"customer": "Customer"}, parts={"head": "Head", "foot": "Foot"})


def outside(kind: bytes, target: bytes) -> bytes:
    line = b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    line += kind + b'" Target="' + target + b'" TargetMode="External"/></Relationships>'
    return changed(word(), swap={RELATIONS: (b"</Relationships>", line)})


def with_field(instruction: str) -> bytes:
    document = Document(BytesIO(word()))
    field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{instruction}"><w:r><w:t>x</w:t></w:r></w:fldSimple>')
    document.paragraphs[0]._p.append(field)
    return saved(document)


def in_a_table(text: str) -> bytes:
    document = Document()
    document.add_table(1, 1).cell(0, 0).text = text
    return saved(document)


def bomb() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", b"x")
        package.writestr("word/document.xml", b"0" * (41 * 2**20))
    return file.getvalue()


MAIN = b"wordprocessingml.document.main+xml"
CASES = {
    "empty": (b"", "no Word file"),
    "text": (b"hello", "no Word file"),
    "cut": (word()[:-200], "no Word file"),
    "workbook": (changed(word(), swap={"[Content_Types].xml": (MAIN, b"sheet.main+xml")}), "no Word file"),
    "old kind": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old kind"),
    "dotx": (
        changed(word(), swap={"[Content_Types].xml": (MAIN, b"wordprocessingml.template.main+xml")}),
        "(.dotx)",
    ),
    "docm": (
        changed(word(), swap={"[Content_Types].xml": (b"vnd.openxmlformats-officedocument." + MAIN, b"vnd.ms-word.document.macroEnabled.main+xml")}),
        "macros",
    ),
    "macro part": (changed(word(), add={"word/vbaProject.bin": b"x"}), "macros"),
    "control": (changed(word(), add={"word/activeX/activeX1.xml": b"<x/>"}), "macros"),
    "embedded": (changed(word(), add={"word/embeddings/a.xlsx": b"x"}), "word/embeddings/a.xlsx"),
    "linked picture": (outside(b"image", b"http://evil.example/p.png"), "http://evil.example/p.png"),
    "attached template": (outside(b"attachedTemplate", b"file:///c:/n.dotm"), "file:///c:/n.dotm"),
    "link": (outside(b"hyperlink", b"https://example.com"), "https://example.com"),
    "subdocument": (outside(b"subDocument", b"other.docx"), "other.docx"),
    "fetching field": (with_field("INCLUDEPICTURE http://evil.example/p.png"), "INCLUDEPICTURE"),
    "dde": (with_field("DDEAUTO c:\\\\cmd.exe"), "DDEAUTO"),
    "entities": (changed(word(), swap={"word/document.xml": (b"<w:document", b'<!DOCTYPE a [<!ENTITY b "c">]><w:document')}), "declarations"),
    "bomb": (bomb(), "unpacks"),
    "too large": (b"PK\x03\x04" + b"0" * MAX_BYTES, "at most 5"),
    "no content": (word(["{{title}}"]), "{{content}} is missing"),
    "twice": (word(["{{content}}", "{{content}}"]), "more than once"),
    "in a sentence": (word(["Here: {{content}}"]), "paragraph of its own"),
    "in a table": (in_a_table("{{content}}"), "paragraph of its own"),
    "in the header": (word(header="{{content}}"), "paragraph of its own"),
    "unknown": (word(["{{content}}", "{{ 7*7 }}"]), "no placeholder {{7*7}}"),
    "unknown in the footer": (word(footer="{{customer}}"), "no placeholder {{customer}}"),
    "commands": (word(["{{content}}", "{% for a in b %}"]), "not carried out"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize("case", CASES)
def test_what_can_be_no_template_is_refused_with_the_reason(case):
    content, said = CASES[case]

    with pytest.raises(BadTemplate) as refusal:
        check_template(content, COMMON)

    assert said in str(refusal.value.message)
    assert refusal.value.fields == {"file": refusal.value.message}


def test_a_letterhead_with_words_in_header_and_footer_is_taken():
    check_template(word(header="{{company}} · {{title}}", footer="{{date}}"), COMMON)


def test_a_page_number_is_no_fetching_field():
    check_template(with_field("PAGE \\\\* MERGEFORMAT"), COMMON)


def test_a_template_may_place_each_part_in_the_place_of_the_content():
    check_template(word(["{{customer}}", "{{head}}", "Terms", "{{foot}}"]), LETTER)


def test_a_template_that_would_lose_a_part_names_it():
    with pytest.raises(BadTemplate, match=r"these parts: \{\{foot\}\}"):
        check_template(word(["{{title}}", "{{head}}"]), LETTER)
