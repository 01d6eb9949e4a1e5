"""The studio: pages and API over the same actions."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from duobiao.opportunities.tests.factories import NOW, make_user
from duobiao.playbooks.actions.decide_improvement import decide_improvement
from duobiao.playbooks.actions.note_improvement import note_improvement
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from duobiao.playbooks.models import ImprovementNote, PlaybookDraft, ToolTick
from duobiao.playbooks.queries import get_version, shipped_by_ref
from duobiao.playbooks.queries.validation import read_document
from duobiao.playbooks.tests.factories import draft_from, next_version
from duobiao.playbooks.tests.test_validation import SMALL
from duobiao.timeline.models import Entry
from duobiao.web.tests.page import Page

pytestmark = pytest.mark.django_db

EIGHT, SIX = "project-sales-8", "key-account-6"


@pytest.fixture(autouse=True)
def shipped():
    ship_playbooks(now=NOW)


@pytest.fixture
def administrator():
    return make_user("admin", role="administrator")


@pytest.fixture
def web(administrator):
    client = Client(headers={"accept-language": "en"})
    client.force_login(administrator)
    return client


@pytest.fixture
def draft(administrator):
    return draft_from(actor=administrator, now=NOW)


def at(name: str, draft: PlaybookDraft, *parts: object) -> str:
    return reverse(f"playbooks:{name}", args=[draft.ref, *parts])


def item_form(**given: object) -> dict[str, object]:
    proof = {"a0-evidence": "engagement.visit_held", "a0-min_grade": "DOCUMENTED", "a0-holds": "NEVER"}
    text = {"key": "4.S1", "group": "success", "title_zh": "认可", "title_en": "Approves"}
    return {"version": 1, "accepts": 1, **proof, **text, **given}


def panel_values(html: str) -> dict[str, list[str]]:
    """Return what the browser sends when the form beside the draft is saved untouched."""
    form = html[html.index('id="panel"') :]
    found: dict[str, list[str]] = {}
    select = ""
    for element in Page.of(form[: form.index("</form>")]).elements:
        held, name = element.attributes, element.attributes.get("name", "")
        if element.tag == "select":
            select = name
        elif element.tag == "option" and "selected" in held:
            found[select] = [held["value"]]
        elif element.tag == "textarea":
            found[name] = ["".join(element.pieces).removeprefix("\n")]
        elif element.tag == "input" and (held.get("type") not in ("checkbox", "radio") or "checked" in held):
            found.setdefault(name, []).append(held.get("value", "on" if held.get("type") == "checkbox" else ""))
    return found


def test_a_version_is_cloned_edited_and_published_on_pages(web):
    opened = web.post(f"/playbooks/{EIGHT}/1/clone/", {"key": EIGHT})
    draft = PlaybookDraft.objects.get()
    rates = {f"rate_{n}": rate for n, rate in enumerate([0, 5, 10, 25, 30, 50, 68, 90, 100])}
    assert opened.url == f"/playbooks/drafts/{draft.ref}/"
    assert web.post(at("edit_rates", draft), {"version": 1, **rates}).status_code == 303
    page = web.get(at("publish_draft", draft)).content.decode()
    published = web.post(at("publish_draft", draft), {"version": 2})

    assert "Rate after stage 6" in page
    assert "<del>75%</del>" in page
    assert published.url == f"/playbooks/{EIGHT}/2/"
    assert web.get("/playbooks/").url == published.url
    assert web.get(at("draft", draft)).url == published.url
    assert get_version(EIGHT, 2).document["rates"][6] == 68


def test_an_item_is_edited_moved_to_another_kind_and_removed(web, draft):
    url = at("edit_row", draft, 4, "success", 0)
    form = item_form(
        accepts=2, **{"a0-holds": "DAYS", "a0-days": "90", "a0-methods": ["DIRECT"]},
        **{"a1-evidence": "", "a1-min_grade": "ASSERTED", "a1-holds": "NEVER"},
    )  # fmt: skip
    assert web.get(url).status_code == 200
    assert web.post(url, form).status_code == 303
    saved = PlaybookDraft.objects.get().document["stages"][3]["success"][0]
    assert saved == {
        "item": "4.S1",
        "title": {"zh-Hans": "认可", "en": "Approves"},
        "accepts": [
            {"evidence": "engagement.visit_held", "min_grade": "DOCUMENTED", "valid_days": 90, "methods": ["DIRECT"]}
        ],
        "origin": "inferred",
    }
    assert web.post(url, item_form(version=2, group="process", gates="on")).status_code == 303
    stage = PlaybookDraft.objects.get().document["stages"][3]
    assert stage["process"][-1]["gates"] is True
    assert len(stage["success"]) == 3

    removed = web.post(at("remove_row", draft, 4, "process", 6), {"version": 3})
    moved = web.post(at("move_row", draft, 4, "process", 0), {"version": 4, "step": "1"})

    assert (removed.status_code, moved.status_code) == (303, 303)
    assert [row["item"] for row in PlaybookDraft.objects.get().document["stages"][3]["process"]] == [
        "4.P2", "4.P1", "4.P3", "4.P4", "4.P5", "4.P6",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["success", "tools", "control_points", "process", "appraisal"])
def test_saving_a_form_untouched_changes_nothing(name, web, administrator):
    draft = draft_from(SIX, actor=administrator, now=NOW)
    stage = 2 if name == "control_points" else 1
    for place in range(len(draft.document["stages"][stage - 1][name])):
        page = web.get(at("edit_row", draft, stage, name, place)).content.decode()
        sent = panel_values(page)
        assert "title_zh" in sent
        assert web.post(at("edit_row", draft, stage, name, place), sent).status_code == 303

    assert PlaybookDraft.objects.get().document == draft.document
    assert PlaybookDraft.objects.get().version == 1


def test_a_stage_is_added_written_moved_and_removed(web, administrator):
    draft = draft_from(SIX, actor=administrator, now=NOW)
    added = web.post(at("add_stage", draft, 6), {"version": 1})
    names = {f"{name}_{language}": f"{name} {language}" for name in ("title", "short", "purpose") for language in ("zh", "en")}  # fmt: skip
    form = {"version": 2, "key": "care", **names, "first": "review_contract", "last": "sign_and_implement"}
    assert added.url == at("edit_stage", draft, 7)
    assert web.get(added.url).status_code == 200
    assert web.post(added.url, form).status_code == 303
    stage = PlaybookDraft.objects.get().document["stages"][6]
    assert (stage["key"], stage["buyer_stages"]) == ("care", ["review_contract", "sign_and_implement"])
    assert "buyer_stage" not in stage
    assert web.post(at("move_stage", draft, 7), {"version": 3, "step": "-1"}).status_code == 303
    assert PlaybookDraft.objects.get().document["stages"][5]["key"] == "care"
    assert web.post(at("remove_stage", draft, 6), {"version": 4}).status_code == 303

    assert len(PlaybookDraft.objects.get().document["stages"]) == 6
    assert web.post(at("move_stage", draft, 1), {"version": 5, "step": "-1"}).status_code == 404


def test_what_is_wrong_stands_at_its_place_with_a_way_to_it(web, draft):
    web.post(at("edit_row", draft, 4, "success", 0), item_form(title_en="", accepts=0))
    page = web.get(f"{at('draft', draft)}?stage=4").content.decode()
    form = web.get(at("edit_row", draft, 4, "success", 0)).content.decode()
    publish = web.get(at("publish_draft", draft)).content.decode()
    refused = web.post(at("publish_draft", draft), {"version": 2})

    assert "problems keep this draft from being published" in page
    assert f"{at('edit_row', draft, 4, 'success', 0)}#id_title_en" in page
    assert "Stage 4 · item 4.S1 · name · in English" in page
    assert "stages[3]" not in page + form + publish
    assert "Stage 4 · item 4.S1 · accepted evidence" in publish
    assert "Nothing stands here" in form
    assert "Mend it" in publish
    assert re.search(r"line [1-9][0-9]+<", publish)
    assert refused.status_code == 422
    assert get_version(EIGHT).version == 1


@pytest.mark.parametrize("name", ["success", "tools", "control_points"])
def test_an_entry_without_a_key_is_refused_at_the_field(name, web, draft):
    sent = item_form(key=" ") if name == "success" else {"version": 1, "key": "", "title_zh": "表", "title_en": "Form"}
    if name == "control_points":
        sent |= {"kind": "ATI", "approver": "MANAGER"}

    answer = web.post(at("add_row", draft, 4, name), sent)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Write a key: letters, figures, dots and hyphens." in page[page.index('id="id_key_error"') :]
    assert PlaybookDraft.objects.get().version == 1


def test_two_administrators_and_a_fixed_control_point_are_told_at_the_form(web, administrator):
    draft = draft_from(SIX, actor=administrator, now=NOW)
    point = {"key": "ATI", "title_zh": "立项", "title_en": "x", "kind": "ATI", "item": "2.S1", "approver": "MANAGER"}
    loosened = web.post(at("edit_row", draft, 2, "control_points", 0), {"version": 1, **point})
    removed = web.post(at("remove_row", draft, 2, "control_points", 0), {"version": 1})
    stale = web.post(at("edit_row", draft, 2, "control_points", 0), {"version": 9, **point, "fixed": "on"})

    assert loosened.status_code == removed.status_code == 422
    assert "ATI is fixed" in loosened.content.decode()
    assert stale.status_code == 409
    assert "admin changed this draft meanwhile" in stale.content.decode()
    assert PlaybookDraft.objects.get().version == 1
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "parts", "sent"),
    [
        ("edit_rates", (), {"rate_1": "x"}),
        ("edit_rates", (), {}),
        ("edit_row", (4, "success", 0), {"version": 1, "group": "nothing"}),
        ("edit_row", (4, "success", 0), {"version": 1, "accepts": "999"}),
        ("edit_row", (4, "success", 0), item_form(**{"a0-holds": "DAYS"})),
        ("edit_row", (4, "success", 0), item_form(**{"a0-evidence": "engagement.no_such"})),
        ("edit_row", (4, "success", 0), item_form(key="x" * 61)),
        ("edit_row", (1, "appraisal", 0), {"version": 1, "weight": "101"}),
        ("edit_stage", (4,), {"version": 1, "first": "nowhere"}),
        ("edit_frame", (), {"version": 1, "process": "X"}),
        ("replace_draft", (), {"version": 1}),
        ("replace_draft", (), {"version": 1, "text": "playbook: ["}),
        ("move_stage", (4,), {}),
    ],
)
def test_bad_input_is_refused_and_nothing_changes(name, parts, sent, web, draft):
    answer = web.post(at(name, draft, *parts), sent)

    assert answer.status_code == 422
    assert PlaybookDraft.objects.get().version == 1


@pytest.mark.parametrize(
    "path",
    [
        "drafts/D-NONE/",
        "drafts/{ref}/stages/9/",
        "drafts/{ref}/stages/1/title/0/",
        "drafts/{ref}/stages/1/success/99/",
        "drafts/{ref}/stages/1/nothing/new/",
        "compare/?before=x&after=y",
        "compare/?before=project-sales-8/99999999999",
        f"{EIGHT}/9/clone/",
    ],
)
def test_what_is_not_there_answers_404(path, web, draft):
    assert web.get(f"/playbooks/{path.format(ref=draft.ref)}").status_code == 404


def test_a_comparison_names_versions_by_title(web):
    page = web.get("/playbooks/compare/").content.decode()
    assert ">Eight-stage project selling, version 1</option>" in page


def test_small_pages_say_where_they_belong(web, draft, administrator):
    note = note_improvement(playbook=get_version(EIGHT), title="早点问预算", text="", actor=administrator, now=NOW)
    version = f"/playbooks/{EIGHT}/1/"

    for path in (f"{version}notes/new/", f"/playbooks/notes/{note.ref}/"):
        page = web.get(path).content.decode()
        assert f'<a href="{version}#notes">Eight-stage project selling, version 1</a>' in page
    page = web.get(at("discard_draft", draft)).content.decode()
    assert f'<a href="{at("draft", draft)}">Eight-stage project selling</a>' in page
    assert '<a href="/playbooks/studio/">' in page


def test_a_playbook_travels_as_yaml(web, administrator):
    exported = web.get(f"/playbooks/{SIX}/1/export/")
    document, faults = read_document(exported.content)
    file = SimpleUploadedFile("own.yaml", exported.content.replace(b"playbook: key-account-6", b"playbook: our-six"))
    answer = web.post("/playbooks/import/", {"file": file})
    draft = PlaybookDraft.objects.get()
    replaced = web.post(at("replace_draft", draft), {"version": 1, "text": SMALL.replace("small", "our-six")})

    assert (document, faults) == (shipped_by_ref()["key-account-6/1"], ())
    assert exported.headers["Content-Disposition"] == 'attachment; filename="key-account-6.v1.yaml"'
    assert answer.url == at("draft", draft)
    assert replaced.status_code == 303
    assert b"our-six" in web.get(at("export_draft", draft)).content
    assert len(PlaybookDraft.objects.get().document["stages"]) == 2


def test_an_import_names_every_fault_by_line(web):
    answer = web.post("/playbooks/import/", {"text": "playbook: x\nversion: a\nrates: 5\n"})

    assert answer.status_code == 422
    assert {"line 2", "line 3"} <= {f"line {n}" for n in range(9) if f"<b>line {n} · " in answer.content.decode()}
    assert not PlaybookDraft.objects.exists()


def test_tools_in_use_are_ticked_stage_by_stage_and_seen_by_everybody(web):
    answer = web.post(f"/playbooks/{EIGHT}/1/tools/1/", {"used": ["1.T1", "1.T3", "2.T1", "nonsense"]})
    reader = Client(headers={"accept-language": "en"})
    reader.force_login(make_user("coach", role="coach"))
    page = reader.get(f"/playbooks/{EIGHT}/1/").content.decode()

    assert answer.status_code == 303
    assert sorted(ToolTick.objects.values_list("tool", flat=True)) == ["1.T1", "1.T3"]
    assert "2 of 4 in use" in page
    assert "Clone into a draft" not in page
    web.post(f"/playbooks/{EIGHT}/1/tools/1/", {})
    assert not ToolTick.objects.exists()


def test_an_accepted_improvement_is_taken_up_and_shown_with_its_version(web, draft, administrator):
    note = note_improvement(playbook=get_version(EIGHT), title="早点问预算", text="", actor=administrator, now=NOW)
    decide_improvement(note=note, version=1, taken=True, reason="", actor=administrator, now=NOW)
    assert "早点问预算" in web.get(at("draft", draft)).content.decode()
    assert web.post(at("attach_note", draft, note.ref), {"attached": "1"}).status_code == 303
    rates = {f"rate_{n}": rate for n, rate in enumerate([0, 5, 10, 25, 30, 50, 68, 90, 100])}
    web.post(at("edit_rates", draft), {"version": 1, **rates})
    web.post(at("publish_draft", draft), {"version": 2})

    assert ImprovementNote.objects.get().done_in == get_version(EIGHT, 2)
    page = web.get(f"/playbooks/{EIGHT}/2/").content.decode()
    assert "Improvements in this version" in page
    assert "done in version 2" in page


def test_retired_versions_are_marked_and_offered_again(web, administrator):
    next_version(actor=administrator, now=NOW)
    assert web.post(f"/playbooks/{EIGHT}/2/retire/").status_code == 303
    assert "retired: not offered" in web.get(f"/playbooks/{EIGHT}/2/").content.decode()
    assert web.get("/playbooks/").url == f"/playbooks/{EIGHT}/1/"
    assert web.post(f"/playbooks/{EIGHT}/1/retire/").status_code == 409
    assert web.post(f"/playbooks/{EIGHT}/2/offer/").status_code == 303

    assert "for new deals" in web.get("/playbooks/studio/").content.decode()


def test_pages_cost_the_same_for_any_number_of_versions(web, draft, administrator, assert_flat_queries):
    for path in ("/playbooks/studio/", at("draft", draft), f"/playbooks/{SIX}/1/", "/playbooks/compare/"):
        web.get(path)
        assert_flat_queries(
            visit=lambda path=path: web.get(path),
            grow=lambda: (
                [next_version(SIX, actor=administrator, now=NOW) for _ in range(2)]
                and [web.get(each) for each in ("/playbooks/studio/", f"/playbooks/{SIX}/1/")]
            ),
        )
