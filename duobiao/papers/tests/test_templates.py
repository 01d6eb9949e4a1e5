"""A company template is put in, tried, used, and taken away again."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from docx.shared import Cm

from duobiao.documents.models import Document as File
from duobiao.documents.models.files import file_path
from duobiao.identity.models import CompanySettings
from duobiao.kernel.refusals import Conflict, NotAllowed, StaleVersion
from duobiao.papers.actions.check_template import BadTemplate
from duobiao.papers.actions.replace_template import replace_template, restore_template
from duobiao.papers.events import TemplateReplaced
from duobiao.papers.models import PaperTemplate
from duobiao.papers.queries.templates import standing_of
from duobiao.papers.soundness import templates_can_be_used
from duobiao.papers.tests.factories import saved, word
from duobiao.timeline.models import Entry
from duobiao.web.paper_kinds import COMMON
from duobiao.web.papers import Part, paper

NOW = datetime(2026, 9, 16, 1, 20, tzinfo=UTC)
BRIEF = "visit_brief"
pytestmark = pytest.mark.django_db


def put(actor, content=None, *, paper=COMMON.key, version=0, name="信头.docx"):
    kind = standing_of(paper).kind
    content = word() if content is None else content
    return replace_template(kind=kind, name=name, content=content, version=version, actor=actor, now=NOW)


def drawn(kind="", parts=(), **values):
    file = paper(title="拜访恒睿", subtitle="周三", parts=parts, now=NOW, kind=kind, values=values)
    return Document(file)


def lines(document):
    return [line.text for line in document.paragraphs]


def test_papers_are_laid_out_by_the_template_from_then_on(admin):
    CompanySettings.objects.create(pk=1, name="远航自动化")
    template = Document(
        BytesIO(word(["致：", "{{content}}", "{{ title }} 完"], header="{{company}} {{title}}", footer="{{date}}"))
    )
    template.sections[0].page_width = Cm(18)
    put(admin, saved(template))

    made = drawn(parts=[Part("计划", facts=[("项目", "二期")], points=["案例"]), Part("空")])

    assert lines(made) == ["致：", "计划", "案例", "拜访恒睿 完"]
    assert made.tables[0].rows[0].cells[1].text == "二期"
    assert round(made.sections[0].page_width.cm, 1) == 18
    assert made.sections[0].header.paragraphs[0].text == "远航自动化 拜访恒睿"
    assert "2026" in made.sections[0].footer.paragraphs[0].text
    assert made.core_properties.title == "拜访恒睿"


def test_the_own_template_of_a_kind_goes_before_the_common_one(admin):
    put(admin, word(["共同", "{{content}}"]))
    put(admin, word(["简报 {{customer}}", "{{plan}}", "{{content}}"]), paper=BRIEF)
    parts = [Part("甲", text="一", key="known"), Part("乙", text="二", key="plan")]

    assert lines(drawn("requirements", parts)) == ["共同", "甲", "一", "乙", "二"]
    assert lines(drawn(BRIEF, parts, customer="恒睿")) == ["简报 恒睿", "乙", "二", "甲", "一"]


def test_a_placeholder_that_word_cut_into_pieces_is_filled_in_the_look_of_its_beginning(admin):
    document = Document()
    line = document.add_paragraph("《")
    for piece in ("{{ti", "t", "le}", "}》"):
        line.add_run(piece).bold = piece == "{{ti"
    document.add_paragraph("{{content}}")
    put(admin, saved(document))

    made = drawn().paragraphs[0]

    assert made.text == "《拜访恒睿》"
    assert [run.text for run in made.runs if run.bold] == ["拜访恒睿"]


def test_what_people_wrote_is_never_taken_for_a_placeholder(admin):
    put(admin, word(["{{title}}", "{{content}}"]))

    made = drawn(parts=[Part("{{company}}", text="{{title}} {{content}} <w:p/>")])

    assert lines(made)[1:] == ["{{company}}", "{{title}} {{content}} <w:p/>"]


def test_a_template_without_our_styles_still_shows_headings_lists_and_tables(admin):
    document = Document(BytesIO(word()))
    for name in ("Heading 1", "List Bullet", "Table Grid"):
        document.styles[name].delete()
    put(admin, saved(document))

    made = drawn(parts=[Part("计划", facts=[("a", "b")], points=["案例"])])

    assert lines(made) == ["拜访恒睿", "周三", "计划", "• 案例"]
    assert made.paragraphs[2].runs[0].bold
    assert "w:tblBorders" in made.tables[0]._tbl.xml


def test_replacing_is_recorded_and_lets_go_of_the_file_before(admin):
    put(admin, name="旧.docx")
    held = put(admin, word(["新", "{{content}}"]), version=1, name="新.docx")

    assert held.version == 2
    assert [file.name for file in File.objects.all()] == ["新.docx"]
    entry = Entry.objects.filter(event="papers.template_replaced").order_by("pk").last()
    assert (entry.chain, entry.actor) == ("company", admin)
    assert "旧.docx → 新.docx" in TemplateReplaced.describe(entry.detail.data)[1]


def test_going_back_draws_papers_as_shipped_again(admin):
    put(admin, word(["共同", "{{content}}"]))
    restore_template(kind=COMMON, version=1, actor=admin, now=NOW)

    assert lines(drawn()) == ["拜访恒睿", "周三"]
    assert not PaperTemplate.objects.exists()
    assert not File.objects.exists()
    assert Entry.objects.filter(event="papers.template_restored").count() == 1


def test_what_is_refused_changes_nothing(admin, seller):
    put(admin)
    before = Entry.objects.count()
    refused = [
        (BadTemplate, lambda: put(admin, b"PK\x03\x04", version=1)),
        (StaleVersion, lambda: put(admin, version=0)),
        (NotAllowed, lambda: put(seller, version=1)),
        (StaleVersion, lambda: restore_template(kind=COMMON, version=7, actor=admin, now=NOW)),
        (NotAllowed, lambda: restore_template(kind=COMMON, version=1, actor=seller, now=NOW)),
        (Conflict, lambda: restore_template(kind=standing_of(BRIEF).kind, version=0, actor=admin, now=NOW)),
    ]
    for expected, attempt in refused:
        with pytest.raises(expected):
            attempt()

    assert PaperTemplate.objects.get().version == 1
    assert File.objects.count() == 1
    assert Entry.objects.count() == before


def test_a_template_whose_file_is_gone_is_left_aside_and_doctor_names_it(admin, caplog):
    held = put(admin, word(["共同", "{{content}}"]))
    assert templates_can_be_used() == []
    file_path(held.document.sha256).unlink()

    assert lines(drawn()) == ["拜访恒睿", "周三"]
    assert "common" in caplog.text
    assert [fault.id for fault in templates_can_be_used()] == ["papers.E001"]


def upload(content, name="信头.docx"):
    return SimpleUploadedFile(name, content)


def test_the_pages_try_replace_and_restore(client, admin):
    client.force_login(admin)
    at = f"/admin/papers/{BRIEF}/"
    assert "{{plan}}" in client.get(at).content.decode()

    tried = client.post(f"{at}try/", {"file": upload(word(["试 {{customer}}", "{{content}}"])), "version": "0"})
    assert lines(Document(BytesIO(b"".join(tried.streaming_content))))[0].startswith("试")
    assert not PaperTemplate.objects.exists()

    assert client.post(at, {"file": upload(word()), "version": "0"}).status_code == 303
    assert "信头.docx" in client.get("/admin/papers/").content.decode()
    own = client.get(f"{at}file/")
    assert b"".join(own.streaming_content) == file_path(File.objects.get().sha256).read_bytes()
    assert client.post(f"{at}restore/", {"version": "9"}).status_code == 409
    assert client.post(f"{at}restore/", {"version": "1"}).status_code == 303
    assert not PaperTemplate.objects.exists()


def test_a_bad_file_is_shown_with_its_reason_on_the_page(client, admin):
    client.force_login(admin)

    for address in ("/admin/papers/common/", "/admin/papers/common/try/"):
        answer = client.post(address, {"file": upload(b"nothing"), "version": "0"})
        assert answer.status_code == 422
        assert "这不是 Word 文件" in answer.content.decode()
    assert not File.objects.exists()


def test_the_starting_template_can_be_put_in_as_it_is(client, admin):
    client.force_login(admin)
    started = b"".join(client.get("/admin/papers/common/file/").streaming_content)
    sample = client.get("/admin/papers/common/sample/")

    put(admin, started)

    made = lines(drawn(parts=[Part("计划", text="一")]))
    assert made == ["拜访恒睿", "周三", "计划", "一"]
    assert len(lines(Document(BytesIO(b"".join(sample.streaming_content))))) > 3


def test_an_unknown_kind_is_not_found(client, admin):
    client.force_login(admin)

    assert client.get("/admin/papers/nothing/").status_code == 404
