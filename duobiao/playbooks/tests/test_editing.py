"""Editing a document: pure, reversible, and never a playbook that could not be shown."""

import copy
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duobiao.playbooks.domain import editing, people_editing
from duobiao.playbooks.domain.compare import How, What, compare
from duobiao.playbooks.domain.editing import NoSuchPlace
from duobiao.playbooks.domain.parse import read_playbook
from duobiao.playbooks.domain.schema import json_schema
from duobiao.playbooks.domain.shape import GROUP_NAMES, ROWS, in_order
from duobiao.playbooks.queries import catalogue, playbook_of, shipped_by_ref, shipped_documents, standard
from duobiao.playbooks.queries.comparison import compared
from duobiao.playbooks.queries.export import yaml_of
from duobiao.playbooks.queries.playbook_map import playbook_map
from duobiao.playbooks.queries.validation import check_document, read_document

DOCUMENTS = list(shipped_documents().values())
EIGHT = shipped_by_ref()["project-sales-8/1"]
SIX = shipped_by_ref()["key-account-6/1"]


def read(document: dict[str, Any]) -> Any:
    return read_playbook(document, catalogue(), shipped_by_ref(), standard(), most=10_000)


def codes(document: dict[str, Any]) -> set[str]:
    return {problem.code.value for problem in read(document)[1]}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document["playbook"])
def test_an_exported_playbook_reads_as_it_was(document):
    exported = yaml_of(document)

    assert read_document(exported) == (document, ())
    assert check_document(exported).faults == ()
    assert list(in_order(document))[:2] == ["playbook", "version"]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document["playbook"])
def test_the_schema_accepts_what_is_shipped(document):
    jsonschema_rs.validate(json_schema(catalogue()), document)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("surprise",), 1),
        (("version",), 0),
        (("version",), "1"),
        (("title",), {"en": "x"}),
        (("title",), {"en": "x", "zh-Hans": "x", "fr": "x"}),
        (("process_gates",), "SOME"),
        (("rates",), [0]),
        (("stages",), []),
        (("stages", 0, "milestone", 0, "evidence"), "engagement.no_such"),
        (("stages", 0, "milestone", 0, "min_grade"), "HIGH"),
        (("stages", 0, "milestone", 0, "gates"), True),
        (("stages", 0, "key"), "no key"),
        (("stages", 0, "appraisal", 0, "weight"), 0),
        (("stages", 0, "tools", 0, "weight"), 1),
        (("stages", 0, "buyer_stages"), ["recognise_need", "study_feasibility"]),
        (("buyer_stages",), []),
    ],
)
def test_the_schema_and_the_checks_refuse_the_same(path, value):
    document = copy.deepcopy(EIGHT)
    part: Any = document
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value

    assert not jsonschema_rs.is_valid(json_schema(catalogue()), document)
    assert read(document)[1]


def test_a_new_stage_takes_half_the_way_and_the_last_rate_stays():
    document = editing.with_new_stage(SIX, 2)

    assert document["rates"] == [0, 10, 20, 25, 30, 65, 85, 100]
    assert document["rates_origin"] == ["inferred"] * 8
    assert [stage["key"] for stage in document["stages"]][2] == "stage-1"
    assert document["settlements"] == {key: n + (n > 2) for key, n in SIX["settlements"].items()}
    assert codes(document) <= {"EMPTY", "NOTHING_LEFT"}
    assert SIX["rates"] == [0, 10, 20, 30, 65, 85, 100]


def test_a_new_last_stage_leaves_the_hundred_at_the_end():
    assert editing.with_new_stage(SIX, 6)["rates"] == [0, 10, 20, 30, 65, 85, 92, 100]
    assert editing.with_new_stage(SIX, 0)["rates"] == [0, 5, 10, 20, 30, 65, 85, 100]


@pytest.mark.parametrize("stage", range(1, 7))
def test_taking_a_new_stage_out_again_changes_nothing(stage):
    before = {**SIX, "stages": list(SIX["stages"])}

    again = editing.without_stage(editing.with_new_stage(before, stage), stage + 1)

    assert again["stages"] == SIX["stages"]
    assert again["rates"] == SIX["rates"]
    assert again["settlements"] == SIX["settlements"]


def test_a_stage_taken_out_leaves_a_playbook_that_still_checks():
    document = editing.without_stage(EIGHT, 2)

    assert document["rates"] == [0, 5, 25, 30, 50, 75, 90, 100]
    assert document["settlements"]["contracts.signed_by_both"] == 6
    assert codes(document) == set()


def test_there_is_no_ninth_stage():
    with pytest.raises(NoSuchPlace):
        editing.with_new_stage(EIGHT, 3)


def test_items_move_between_kinds_and_control_points_follow_their_new_key():
    row = {**SIX["stages"][1]["success"][0], "item": "2.S9"}

    document = editing.with_row(SIX, 2, "success", 0, row, into="process")

    assert document["stages"][1]["process"][-1]["item"] == "2.S9"
    assert document["stages"][1]["control_points"][0]["item"] == "2.S9"
    assert len(document["stages"][1]["success"]) == len(SIX["stages"][1]["success"]) - 1


def test_rates_that_change_are_our_own_proposal():
    document = editing.with_rates(EIGHT, [0, 5, 10, 25, 35, 50, 75, 90, 100])

    assert document["rates_origin"][4] == "inferred"
    assert document["rates_origin"][5] == EIGHT["rates_origin"][5]


@pytest.mark.parametrize(
    "edit",
    [
        lambda doc: editing.stage_at(doc, 0),
        lambda doc: editing.stage_at(doc, 9),
        lambda doc: editing.row_at(doc, 1, "title", 0),
        lambda doc: editing.row_at(doc, 1, "success", 4),
        lambda doc: editing.row_at(doc, 1, "success", -1),
        lambda doc: editing.with_stage_moved(doc, 1, -1),
        lambda doc: editing.with_row_moved(doc, 1, "success", 3, 1),
        lambda doc: editing.with_row(doc, 1, "success", 0, {}, into="title"),
        lambda doc: editing.without_row(doc, 1, "tools", 9),
        lambda doc: editing.without_stage(doc, 9),
    ],
)
def test_what_is_not_there_is_not_edited(edit):
    with pytest.raises(NoSuchPlace):
        edit(EIGHT)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "move", "row", "drop", "shift", "rate", "own", "usual"]),
        st.integers(0, 9),
        st.sampled_from(ROWS),
        st.integers(0, 5),
        st.sampled_from([1, -1]),
    ),
    max_size=25,
)


def apply(document: dict[str, Any], step: tuple[str, int, str, int, int]) -> dict[str, Any]:
    what, stage, name, place, way = step
    row = {"item": f"x{stage}{place}"} if name in GROUP_NAMES else {"key": f"x{stage}{place}"}
    row = {"who": "HANDLER"} if name == "relations" else row
    edits = {
        "add": lambda: editing.with_new_stage(document, stage),
        "remove": lambda: editing.without_stage(document, stage),
        "move": lambda: editing.with_stage_moved(document, stage, way),
        "row": lambda: editing.with_row(document, stage, name, None, row),
        "drop": lambda: editing.without_row(document, stage, name, place),
        "shift": lambda: editing.with_row_moved(document, stage, name, place, way),
        "rate": lambda: editing.with_rates(document, document["rates"][::way]),
        "own": lambda: people_editing.with_own_relations(document, read(document)[0]),
        "usual": lambda: people_editing.without_own_relations(document),
    }
    try:
        return edits[what]()
    except NoSuchPlace:
        return document


@given(st.sampled_from(DOCUMENTS), STEPS)
def test_any_row_of_edits_leaves_a_document_that_can_be_kept_drawn_exported_and_compared(start, steps):
    untouched = copy.deepcopy(start)
    document = start
    for step in steps:
        document = apply(document, step)
    playbook, problems = read(document)

    assert start == untouched
    assert [str(problem) for problem in problems if problem.is_structural] == []
    assert len(document["rates"]) == len(document["stages"]) + 1
    assert read_document(yaml_of(document)) == (document, ())
    assert len(playbook_map(playbook, url=str).stages) == len(document["stages"])
    assert bool(compared(playbook_of(start), playbook).differences) == bool(compare(playbook_of(start), playbook))


def test_a_comparison_names_what_was_added_removed_and_changed():
    document = editing.with_rates(EIGHT, [0, 5, 10, 25, 30, 50, 68, 90, 100])
    document = editing.without_row(document, 1, "tools", 0)
    item = {**EIGHT["stages"][3]["success"][0], "valid_days": 90, "min_grade": "BUYER_CONFIRMED"}
    document = editing.with_row(document, 4, "success", 0, item)
    extra = {"key": "ATB", "title": {"zh-Hans": "投标评审", "en": "Bid review"}, "kind": "ATB", "origin": "inferred"}
    document = editing.with_row(document, 5, "control_points", None, extra)

    found = compare(playbook_of(EIGHT), playbook_of(document))

    assert [(change.how, change.what, change.key, change.field) for change in found] == [
        (How.CHANGED, What.RATE, "6", "rate"),
        (How.CHANGED, What.ACCEPT, "4.S1", "min_grade"),
        (How.CHANGED, What.ACCEPT, "4.S1", "holds"),
        (How.ADDED, What.CONTROL_POINT, "ATB", ""),
        (How.REMOVED, What.TOOLS, "1.T1", ""),
    ]
    assert compare(playbook_of(EIGHT), playbook_of(EIGHT)) == []


def test_every_value_that_can_differ_has_words():
    words = compared(playbook_of(EIGHT), playbook_of(SIX))

    assert all(row.words and "Kind." not in row.words and "{" not in row.words for row in words.differences)
    assert words.count("ADDED") + words.count("REMOVED") + words.count("CHANGED") == len(words.differences)


def test_a_new_item_is_offered_the_next_free_key():
    document = {
        "stages": [
            {"success": [{"item": "1.S1"}, {"item": "1.S2"}]},
            {"success": [{"item": "2.S1"}], "process": [{"item": "1.S3"}]},
        ]
    }

    assert editing.free_item_key(document, stage=1, group="success") == "1.S4"
    assert editing.free_item_key(document, stage=2, group="success") == "2.S2"
    assert editing.free_item_key(document, stage=2, group="information") == "2.I1"
