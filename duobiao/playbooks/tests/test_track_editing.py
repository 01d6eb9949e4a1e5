"""The buyer's track of a draft: changed by forms, part by part."""

import copy

import pytest
from django.test import Client
from django.urls import reverse

from duobiao.opportunities.tests.factories import NOW, make_user
from duobiao.playbooks.actions.ship_playbooks import ship_playbooks
from duobiao.playbooks.domain import track_editing as editing
from duobiao.playbooks.domain.editing import NoSuchPlace
from duobiao.playbooks.domain.parse import read_playbook
from duobiao.playbooks.models import PlaybookDraft
from duobiao.playbooks.queries import catalogue, shipped_by_ref
from duobiao.playbooks.tests.factories import draft_from
from duobiao.playbooks.tests.test_studio_pages import panel_values

EIGHT, SIX = shipped_by_ref()["project-sales-8/1"], shipped_by_ref()["key-account-6/1"]


def problems(document):
    return [problem.place for problem in read_playbook(document, catalogue(), shipped_by_ref())[1]]


# ---- pure


def test_a_track_that_is_taken_over_becomes_the_documents_own_and_says_the_same():
    own = editing.with_own_track(SIX, EIGHT)

    before, after = (read_playbook(document, catalogue(), shipped_by_ref())[0] for document in (SIX, own))
    assert "buyer" not in own
    assert (after.buyer_stages, after.resets, after.proposals) == (before.buyer_stages, before.resets, before.proposals)
    assert problems(own) == []
    with pytest.raises(NoSuchPlace):
        editing.with_own_track(own, EIGHT)


def test_our_stages_follow_a_buyer_stage_whose_key_changes():
    own = editing.with_own_track(SIX, EIGHT)
    changed = editing.with_buyer_stage(own, 1, {"key": "wake_up"})

    assert changed["stages"][0]["buyer_stages"][0] == "wake_up"
    assert problems(changed) == []
    assert own["buyer_stages"][0]["key"] == "recognise_need"


def test_stages_of_the_buyer_are_taken_out_and_added_up_to_eight():
    short = editing.without_buyer_stage(EIGHT, 8)
    assert editing.can_add_buyer_stage(short)
    again = editing.with_new_buyer_stage(short)

    assert [len(document["buyer_stages"]) for document in (EIGHT, short, again)] == [8, 7, 8]
    with pytest.raises(NoSuchPlace):
        editing.with_new_buyer_stage(again)


def test_entries_are_added_replaced_and_taken_out_without_touching_the_original():
    untouched = copy.deepcopy(EIGHT)
    row = {"evidence": "procurement.suspended", "to": 3}
    added = editing.with_track_row(EIGHT, 0, "resets", None, row)
    replaced = editing.with_track_row(added, 0, "resets", 0, row)
    bare = editing.without_track_row(EIGHT, 0, "proposals", 0)
    marked = editing.without_track_row(EIGHT, 2, "marks", 0)

    assert added["resets"][-1] == replaced["resets"][0] == row
    assert "proposals" not in bare
    assert len(marked["buyer_stages"][1]["marks"]) == len(EIGHT["buyer_stages"][1]["marks"]) - 1
    assert untouched == EIGHT


@pytest.mark.parametrize(
    "where", [(0, "marks", 0), (9, "marks", 0), (1, "resets", 0), (0, "stages", 0), (0, "resets", 99)]
)
def test_there_is_nothing_at_other_places(where):
    with pytest.raises(NoSuchPlace):
        editing.without_track_row(EIGHT, *where)
    with pytest.raises(NoSuchPlace):
        editing.track_row_at(SIX, 1, "marks", 0)


# ---- pages


@pytest.fixture
def administrator(db):
    ship_playbooks(now=NOW)
    return make_user("admin", role="administrator")


@pytest.fixture
def web(administrator):
    client = Client(headers={"accept-language": "en"})
    client.force_login(administrator)
    return client


@pytest.fixture
def draft(administrator):
    return draft_from(actor=administrator, now=NOW)


def at(name, draft, *parts):
    return reverse(f"playbooks:{name}", args=[draft.ref, *parts])


def held():
    return PlaybookDraft.objects.get().document


def test_a_stage_of_the_buyer_with_its_marks_is_changed_on_pages(web, draft):
    words = {f"{name}_{lang}": f"{name} {lang}" for name in ("title", "short", "owner") for lang in ("zh", "en")}
    saved = web.post(at("edit_buyer_stage", draft, 1), {"version": 1, "key": "wake_up", **words})
    mark = {"evidence": "procurement.suspended", "methods": ["DIRECT"]}
    added = web.post(at("add_track_row", draft, 1, "marks"), {"version": 2, **mark})
    removed = web.post(at("remove_track_row", draft, 1, "marks", 0), {"version": 3})

    assert (saved.url, added.status_code, removed.status_code) == (f"{at('draft', draft)}#buyer", 303, 303)
    stage = held()["buyer_stages"][0]
    assert (stage["key"], stage["owner"]["en"], stage["origin"]) == ("wake_up", "owner en", "inferred")
    assert stage["marks"][-1] == mark
    assert stage["marks"][0] == EIGHT["buyer_stages"][0]["marks"][1]
    assert held()["stages"][0]["buyer_stage"] == "wake_up"
    assert "title en" in web.get(at("draft", draft)).content.decode()


def test_resets_and_proposed_outcomes_are_changed_on_pages(web, draft):
    reset = {"version": 1, "evidence": "procurement.suspended", "to": "0", "closes": "on"}
    assert web.post(at("edit_track_row", draft, 0, "resets", 0), reset).status_code == 303
    proposal = {"version": 2, "evidence": "procurement.terminated", "proposes": "GIVEN_UP"}
    assert web.post(at("add_track_row", draft, 0, "proposals"), proposal).status_code == 303

    assert held()["resets"][0] == {"evidence": "procurement.suspended", "to": 0, "closes": True}
    assert held()["proposals"][-1] == {"evidence": "procurement.terminated", "proposes": "GIVEN_UP"}
    page = web.get(at("draft", draft)).content.decode()
    assert "back before the first stage · ends the purchase" in page


@pytest.mark.parametrize("parts", [(0, "resets", 5), (0, "proposals", 0), (1, "marks", 0)])
def test_saving_an_entry_untouched_changes_nothing(parts, web, draft):
    sent = panel_values(web.get(at("edit_track_row", draft, *parts)).content.decode())
    stage = panel_values(web.get(at("edit_buyer_stage", draft, 3)).content.decode())

    assert web.post(at("edit_track_row", draft, *parts), sent).status_code == 303
    assert web.post(at("edit_buyer_stage", draft, 3), stage).status_code == 303
    assert held() == draft.document


@pytest.mark.parametrize(
    ("name", "parts", "sent", "field"),
    [
        ("edit_buyer_stage", (1,), {"key": ""}, "id_key_error"),
        ("add_track_row", (1, "marks"), {"evidence": ""}, "id_evidence_error"),
        ("add_track_row", (1, "marks"), {"evidence": "no.such"}, "id_evidence_error"),
        ("add_track_row", (0, "resets"), {"evidence": "procurement.suspended", "to": "9"}, "id_to_error"),
        (
            "add_track_row",
            (0, "proposals"),
            {"evidence": "procurement.suspended", "proposes": "X"},
            "id_proposes_error",
        ),
    ],
)
def test_bad_input_is_refused_at_its_field(name, parts, sent, field, web, draft):
    answer = web.post(at(name, draft, *parts), {"version": 1, **sent})

    assert answer.status_code == 422
    assert f'id="{field}"' in answer.content.decode()
    assert PlaybookDraft.objects.get().version == 1


def test_a_track_that_is_taken_over_is_made_the_drafts_own_first(web, administrator):
    draft = draft_from("key-account-6", actor=administrator, now=NOW)
    assert "Taken over from" in web.get(at("draft", draft)).content.decode()
    assert web.get(at("edit_buyer_stage", draft, 1)).status_code == 404
    assert web.post(at("add_track_row", draft, 1, "marks"), {"version": 1}).status_code == 404

    assert web.post(at("own_track", draft), {"version": 1}).status_code == 303

    assert held()["resets"] == EIGHT["resets"]
    assert web.get(at("edit_buyer_stage", draft, 1)).status_code == 200
    assert web.post(at("own_track", draft), {"version": 2}).status_code == 404


def test_a_problem_of_the_track_leads_to_its_form(web, draft):
    web.post(at("edit_buyer_stage", draft, 2), {"version": 1, "key": "study_feasibility"})
    page = web.get(at("draft", draft)).content.decode()
    form = web.get(at("edit_buyer_stage", draft, 2)).content.decode()

    assert f"{at('edit_buyer_stage', draft, 2)}#id_owner_en" in page
    assert "Buyer stage 2 · who acts at the buyer" in page
    assert "Nothing stands here" in form[form.index('id="panel"') :]
