"""What a playbook asks of the people: read, checked, edited, compared, exported, and pinned to the deals."""

import pytest
import yaml
from django.utils import timezone, translation

from duobiao.identity.commands import create_token
from duobiao.opportunities.tests.factories import make_deal, make_user
from duobiao.playbooks.actions.ship_playbooks import document_digest, ship_playbooks
from duobiao.playbooks.domain import people_editing
from duobiao.playbooks.domain.compare import compare
from duobiao.playbooks.domain.editing import NoSuchPlace, with_row, without_row, without_stage
from duobiao.playbooks.domain.people import Cell, Judged, Of, Relation, Who
from duobiao.playbooks.queries import (
    DATA,
    catalogue,
    compiled_playbook,
    get_version,
    playbook_of,
    shipped_by_ref,
    shipped_documents,
    standard,
)
from duobiao.playbooks.queries.comparison import compared
from duobiao.playbooks.queries.drafts import flaws_of, read_draft
from duobiao.playbooks.queries.export import exported, yaml_of
from duobiao.playbooks.queries.validation import check_document, read_document
from duobiao.playbooks.tests.factories import changed, draft_from, publish

EIGHT = "project-sales-8"
EIGHT_DOCUMENT = shipped_documents()[EIGHT, 1]
HANDLER = {"who": "HANDLER", "of": "EACH", "cells": ["COMPANY_NEED_PRODUCT"], "origin": "inferred"}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def own(document=EIGHT_DOCUMENT):
    return people_editing.with_own_relations(document, read_draft(document)[0])


def asked(playbook):
    return {stage.number: [row.key for row in stage.relations] for stage in playbook.stages}


def test_a_playbook_that_says_nothing_goes_by_the_standard():
    playbook = playbook_of(EIGHT_DOCUMENT)

    assert dict(playbook.half_lives) == dict(standard().half_lives)
    assert playbook.half_lives[Judged.STANCE] == 60
    assert not playbook.own_relations
    assert asked(playbook)[3] == ["HANDLER.EACH", "COACH.ONE"]
    assert asked(playbook)[5] == ["TEAM.MAJORITY", "INFLUENCER.EACH"]
    assert playbook.stages[0].relations == (Relation(Who.HANDLER, (Cell.COMPANY_NEED_PRODUCT,), Of.EACH, "seed"),)


@pytest.mark.parametrize(
    ("key", "stages"),
    [
        ("key-account-6", {1: ["HANDLER.EACH"], 2: ["HANDLER.EACH", "COACH.ONE"], 4: ["TEAM.MAJORITY", "INFLUENCER.EACH", "KEY.EACH"], 5: ["DECIDER.EACH", "COMMERCIAL.EACH"]}),
        ("solution-5", {1: ["HANDLER.EACH"], 4: [], 5: []}),
        ("product-sale", {1: [], 2: ["HANDLER.EACH"], 3: []}),
    ],
)  # fmt: skip
def test_the_standard_follows_what_our_stages_cover(key, stages):
    found = asked(playbook_of(shipped_documents()[key, 1]))

    assert {number: found[number] for number in stages} == stages


def test_two_stages_of_the_buyer_in_one_of_ours_ask_for_both_cells():
    first = playbook_of(shipped_documents()["key-account-6", 1]).stages[0]

    assert first.relations[0].cells == (Cell.COMPANY_NEED_PRODUCT, Cell.COMPANY_NEED_COMPANY)


def test_half_lives_that_are_left_out_stay_as_usual():
    found = playbook_of({**EIGHT_DOCUMENT, "half_lives": {"STANCE": 30}}).half_lives

    assert (found[Judged.STANCE], found[Judged.INFLUENCE]) == (30, 180)


@pytest.mark.parametrize(
    ("part", "place", "says"),
    [
        ({"half_lives": {"MOOD": 3}}, "half_lives.MOOD", "There is no field “MOOD” here"),
        ({"half_lives": {"STANCE": 0}}, "half_lives.STANCE", "A whole number from 1 to 3660"),
        ({"half_lives": [1]}, "half_lives", "Fields with values are needed here"),
        ([{**HANDLER, "who": "BOSS"}], "stages[0].relations[0].who", "“BOSS” is not known here"),
        ([{**HANDLER, "cells": []}], "stages[0].relations[0].cells", "No cell is named"),
        ([{**HANDLER, "cells": ["LOVE"]}], "stages[0].relations[0].cells[0]", "“LOVE” is not known here"),
        ([HANDLER, HANDLER], "stages[0].relations[1]", "already asks the same of as many"),
        ([{"who": "HANDLER", "origin": "inferred"}], "stages[0].relations[0]", "The field “cells” is missing"),
        ({"who": "HANDLER"}, "stages[0].relations", "A list is needed here"),
    ],
)
def test_what_is_wrong_is_named_at_its_place(part, place, says):
    document = own()
    if isinstance(part, dict) and "half_lives" in part:
        document |= part
    else:
        document["stages"][0]["relations"] = part

    found = {row.path: row.message for row in check_document(yaml_of(document)).faults}

    assert says in found[place]


def test_a_problem_says_its_place_in_words():
    document = own()
    document["stages"][2]["relations"] = [{**HANDLER, "cells": []}]

    flaw = flaws_of(document, read_draft(document)[1])[0]

    assert flaw.where == "Stage 3 · relationship asked for 1 · cells"


def test_making_them_its_own_changes_nothing_and_goes_back():
    document = own()
    before, after = playbook_of(EIGHT_DOCUMENT), playbook_of(document)

    assert (after.own_relations, compare(before, after)) == (True, [])
    assert people_editing.without_own_relations(document) == EIGHT_DOCUMENT
    with pytest.raises(NoSuchPlace):
        people_editing.with_own_relations(document, after)
    with pytest.raises(NoSuchPlace):
        people_editing.without_own_relations(EIGHT_DOCUMENT)


def test_a_stage_emptied_or_removed_does_not_bring_the_standard_back():
    document = without_row(own(), 1, "relations", 0)
    shorter = without_stage(document, 8)

    assert document["stages"][0]["relations"] == []
    assert asked(read_draft(document)[0])[1] == []
    assert read_draft(shorter)[0].own_relations


def test_differences_are_told_in_words():
    other = with_row(own(), 1, "relations", 0, {**HANDLER, "cells": ["COMPANY_NEED_COMPANY"]})
    other = without_row(other, 5, "relations", 0) | {"half_lives": {"STANCE": 30}}

    words = [row.words for row in compared(playbook_of(EIGHT_DOCUMENT), playbook_of(other)).differences]

    assert words == [
        "Half-life: stance: 60 days → 30 days",
        "Relationship asked for: handler · cells: company need · product → company need · company",
        "Relationship asked for: purchase team: removed",
    ]


def test_it_goes_out_and_comes_in_as_yaml():
    document = own() | {"half_lives": {"STANCE": 30}}

    assert read_document(yaml_of(document)) == (document, ())
    assert check_document(exported(document)).faults == ()


def test_an_export_names_the_record_that_supplies_each_evidence_as_a_comment():
    text = exported(EIGHT_DOCUMENT).decode()

    line = next(line for line in text.splitlines() if "stakeholders.gatekeeper_convinced" in line)
    assert line.endswith("  # decision_chain")
    assert read_document(text.encode()) == (EIGHT_DOCUMENT, ())
    assert len(text.splitlines()) == len(yaml_of(EIGHT_DOCUMENT).decode().splitlines())


def test_a_text_that_looks_like_evidence_keeps_its_words():
    tricky = {"zh-Hans": "甲", "en": f"{'word ' * 30}evidence: stakeholders.handler_found {'word ' * 40}".strip()}
    document = {**EIGHT_DOCUMENT, "summary": tricky}

    assert read_document(exported(document)) == (document, ())


def test_every_shipped_playbook_names_a_record_for_each_evidence():
    for playbook in map(playbook_of, shipped_by_ref().values()):
        assert {accept.evidence for item in playbook.items for accept in item.accepts} <= set(catalogue())


@pytest.fixture
def manager():
    ship_playbooks(now=timezone.now())
    return make_user("zhoujianguo", role="manager", language="en")


@pytest.mark.django_db
def test_a_deal_keeps_the_values_of_its_pinned_version(manager):
    now = timezone.now()
    before = make_deal(manager, now=now)
    draft = draft_from(actor=manager, now=now)
    changed(draft, manager, now, lambda doc: people_editing.with_half_lives(doc, {Judged.STANCE: 7}))
    version = publish(draft, manager, now)

    assert compiled_playbook(before.playbook_id).playbook.half_lives[Judged.STANCE] == 60
    assert compiled_playbook(version.pk).playbook.half_lives[Judged.STANCE] == 7
    assert "half_lives" not in get_version(EIGHT, 1).document


@pytest.mark.django_db
def test_the_studio_edits_them_without_script(client, manager):
    client.force_login(manager)
    draft = draft_from(actor=manager, now=timezone.now())
    page = f"/playbooks/drafts/{draft.ref}/"

    first = client.get(f"{page}?stage=3").text
    assert "As usual, for all stages." in first
    assert "at least one of them is known" in first
    assert "from: decision chain" in first
    assert client.get(f"{page}stages/3/relations/new/").status_code == 404

    sent = client.post(f"{page}half-lives/", {"version": 1, "days_STANCE": "30"})
    assert sent.status_code == 303
    assert client.post(f"{page}half-lives/", {"version": 2, "days_STANCE": "0"}).status_code == 422
    assert client.post(f"{page}relations/own/", {"version": 2, "stage": 3, "own": 1}).status_code == 303
    bad = client.post(f"{page}stages/3/relations/new/", {"version": 3, "who": "USING", "of": "EACH"})
    assert (bad.status_code, "No cell is named" in bad.text) == (422, True)
    row = {"version": 3, "who": "USING", "of": "MAJORITY", "cells": ["PERSONAL_NEED_PRODUCT"]}
    assert client.post(f"{page}stages/3/relations/new/", row).status_code == 303
    draft.refresh_from_db()
    assert draft.document["half_lives"] == {"STANCE": 30}
    assert draft.document["stages"][2]["relations"][2] == {
        "who": "USING", "of": "MAJORITY", "cells": ["PERSONAL_NEED_PRODUCT"], "origin": "inferred",
    }  # fmt: skip
    assert "using department" in client.get(f"{page}stages/3/relations/2/").text
    assert client.post(f"{page}relations/own/", {"version": 4, "stage": 3, "own": 0}).status_code == 303
    draft.refresh_from_db()
    assert "relations" not in draft.document["stages"][2]


@pytest.mark.django_db
def test_page_and_api_of_a_version_show_them(client, api, manager):
    client.force_login(manager)
    version = get_version(EIGHT, 1)

    page = client.get(f"/playbooks/{EIGHT}/{version.version}/").text
    token = create_token(username=manager.username, now=timezone.now())
    found = api(token).get(f"/playbooks/{EIGHT}/{version.version}").json()

    assert "more than half of them: company need · product, company need · company" in page
    assert "from: needs" in page
    assert found["half_lives"]["INFLUENCE"] == 180
    assert found["own_relations"] is False
    assert found["stages"][2]["relations"][1] == {"who": "COACH", "of": "ONE", "cells": [], "origin": "inferred"}
    item = next(row for row in found["stages"][3]["items"] if row["item"] == "4.R1")
    assert item["accepts"][0]["supplied_by"] == "decision_chain"


def test_the_standard_never_changes_for_published_versions_go_by_it():
    held = yaml.safe_load((DATA / "people.yaml").read_text(encoding="utf-8"))
    held["relations"] = {
        process: {str(stage): rows for stage, rows in stages.items()} for process, stages in held["relations"].items()
    }

    assert document_digest(held) == "ddc1baca095ad8ae8528d3f1937a57979f825d39fb0039158309635bedff3956"
