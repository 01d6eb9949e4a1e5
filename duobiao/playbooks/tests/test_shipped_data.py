"""Hold the shipped playbook and evidence catalogue to the eight-stage document (b-playbook-8)."""

import re
from collections import Counter

import pytest

from duobiao.playbooks.tests.shipped import (
    ALTERNATIVES,
    AWARD_NOTICES,
    BY_METHOD,
    CAPABILITIES,
    CATALOGUE,
    CLASSES,
    DIRECT,
    EVIDENCE,
    GRADES,
    ITEM_IDS,
    MARKS,
    METHODS,
    NOTE_COUNTS,
    ORIGINS,
    PAGES,
    PLAYBOOK,
    SETTLEMENTS,
    TALK,
    UNSIGNED_MARKS,
    VALIDITY,
    accepts,
    accepts_under,
    item_of,
    items,
    marks,
    stages,
    texts,
)
from duobiao.playbooks.tests.test_engine import BENCHES


def test_the_playbook_is_version_one_of_the_eight_stages() -> None:
    assert (PLAYBOOK["playbook"], PLAYBOOK["version"]) == ("project-sales-8", 1)
    assert PLAYBOOK["process_gates"] == "MARKED"
    assert [row["key"] for row in PLAYBOOK["stages"]] == [
        "invite",
        "visit",
        "initial_solution",
        "exchange",
        "formal_solution",
        "evaluation",
        "negotiation",
        "signing",
    ]


def test_each_seller_stage_maps_to_the_buyer_stage_of_the_same_number() -> None:
    assert [row["buyer_stage"] for row in PLAYBOOK["stages"]] == [row["key"] for row in PLAYBOOK["buyer_stages"]]


def test_there_are_132_items_by_kind() -> None:
    assert Counter(kind for _, kind, _ in items()) == {"M": 14, "S": 24, "P": 55, "R": 18, "I": 21}


@pytest.mark.parametrize("stage", ITEM_IDS)
@pytest.mark.parametrize("kind", "MSPRI")
def test_each_stage_holds_exactly_the_items_of_the_document_in_order(stage: int, kind: str) -> None:
    found = [item["item"] for number, _, item in items(kind) if number == stage]
    assert found == [f"{stage}.{name}" for name in ITEM_IDS[stage][kind].split()]


@pytest.mark.parametrize("group", NOTE_COUNTS)
def test_appraisal_tools_and_work_have_one_row_each_numbered_in_order(group: str) -> None:
    letter = {"appraisal": "A", "tools": "T", "work": "W"}[group]
    for stage, row in stages():
        expected = [f"{stage}.{letter}{n}" for n in range(1, NOTE_COUNTS[group][stage - 1] + 1)]
        assert [note["key"] for note in row.get(group, [])] == expected


def test_item_and_evidence_keys_are_unique() -> None:
    item_keys = [item["item"] for _, _, item in items()]

    assert len(item_keys) == len(set(item_keys))
    assert len(EVIDENCE) == len(CATALOGUE)


def test_marks_and_resets_and_nothing_else_have_short_names() -> None:
    marks = {mark["evidence"] for stage in PLAYBOOK["buyer_stages"] for mark in stage["marks"]}
    resets = {row["evidence"] for row in PLAYBOOK["resets"]}

    assert {row["key"] for row in EVIDENCE if "short" in row} == marks | resets
    assert all(len(row["short"]["zh-Hans"]) <= 6 for row in EVIDENCE if "short" in row)


def test_every_row_has_only_the_fields_of_the_schema() -> None:
    proof = {"evidence", "min_grade", "valid_days", "valid_until", "methods"}
    for row in EVIDENCE:
        assert set(row) - {"short"} == {"key", "title", "hint", "nature", "ceiling", "supplied_by", "origin"}, row[
            "key"
        ]
    for _, _, item in items():
        assert set(item) <= proof | {"item", "title", "accepts", "gates", "origin"}, item["item"]
        assert ("accepts" in item) != ("evidence" in item), item["item"]
        for accept in item.get("accepts", []):
            assert set(accept) <= proof, item["item"]
            assert not {"valid_days", "valid_until"} <= set(accept), item["item"]


def test_evidence_is_classed_in_the_known_words() -> None:
    for row in EVIDENCE:
        assert re.fullmatch(rf"({'|'.join(CAPABILITIES)})\.[a-z]+(_[a-z]+)*", row["key"]), row["key"]
        assert row["nature"] in {"EVENT", "STATE"}, row["key"]
        assert row["ceiling"] in {"DOCUMENTED", "BUYER_CONFIRMED"}, row["key"]


def test_every_origin_is_seed_source_or_inferred() -> None:
    rows = [*EVIDENCE, *PLAYBOOK["stages"], *PLAYBOOK["buyer_stages"], *(item for _, _, item in items())]
    rows += [note for _, stage in stages() for group in NOTE_COUNTS for note in stage.get(group, [])]

    assert {row["origin"] for row in rows} == ORIGINS


@pytest.mark.parametrize("page", PAGES)
def test_a_page_supplies_exactly_its_evidence(page: str) -> None:
    assert {row["key"] for row in EVIDENCE if row["supplied_by"] == page} == PAGES[page]


def test_all_other_evidence_comes_through_the_proof_form() -> None:
    assert {row["supplied_by"] for row in EVIDENCE} == {*PAGES, "general"}


def test_evidence_used_and_evidence_known_are_the_same() -> None:
    used = {key for bench in BENCHES.values() for key in (*bench.keys, *bench.settlements)}
    used |= {key for stage in marks().values() for key in stage}
    used |= {row["evidence"] for row in (*PLAYBOOK["resets"], *PLAYBOOK["proposals"])}

    assert used | {"contracts.change_review_passed"} == set(CATALOGUE)  # only own playbooks ask for that one


def test_an_evidence_key_proves_at_most_one_milestone_or_success_item() -> None:
    used = Counter(accept["evidence"] for _, _, item in items("M", "S") for accept in accepts(item))

    assert [key for key, times in used.items() if times > 1] == []


def test_every_text_is_complete_in_both_languages() -> None:
    for place, text in texts():
        assert set(text) == {"zh-Hans", "en"}, place
        assert re.search(r"[一-鿿]", text["zh-Hans"]), place
        assert re.search(r"[A-Za-z]", text["en"]), place
        assert not re.search(r"[一-鿿，。；：？！（）、]", text["en"]), place
        assert all(words == words.strip() for words in text.values()), place


def test_chinese_uses_full_width_punctuation_and_the_house_words() -> None:
    for place, text in texts():
        assert not re.search(r"[,;:!?()\"'“”]|\.(?!\w)|  ", text["zh-Hans"]), place
        assert not re.search("系统|请注意|商机|首款|赢单力|标准引导|零废标|线人|内线|！", text["zh-Hans"]), place
        assert "!" not in text["en"], place


def test_titles_are_short_and_without_full_stop_and_hints_are_sentences() -> None:
    for place, text in texts():
        if place.endswith(" hint"):
            assert text["zh-Hans"].endswith("。"), place
            assert text["en"].endswith("."), place
            continue
        assert not any(words.endswith(("。", ".")) for words in text.values()), place
        if place.endswith(" short"):
            assert len(text["en"]) <= 16, place
        elif not place.endswith((" purpose", " summary", " attention")):
            assert len(text["zh-Hans"]) <= 28, place
            assert len(text["en"]) <= 70, place


def test_the_stepper_labels_are_those_of_the_mock_up() -> None:
    assert [row["short"]["zh-Hans"] for row in PLAYBOOK["stages"]] == [
        "规划与邀约",
        "拜访与调研",
        "提交初步方案",
        "演示与技术交流",
        "需求与正式方案",
        "项目评估",
        "商务谈判",
        "签约成交",
    ]
    assert [row["short"]["zh-Hans"] for row in PLAYBOOK["buyer_stages"]] == [
        "发现问题",
        "研究可行性",
        "项目立项",
        "建立采购标准",
        "招标初步筛选",
        "评标定首选",
        "合同审核谈判",
        "签约与实施",
    ]


def test_only_states_expire() -> None:
    for _, _, item in items():
        for accept in accepts(item):
            if {"valid_days", "valid_until"} & set(accept):
                assert CATALOGUE[accept["evidence"]]["nature"] == "STATE", item["item"]


def test_validity_is_exactly_that_of_the_document() -> None:
    for _, _, item in items():
        for accept in accepts(item):
            found = {name: accept[name] for name in ("valid_days", "valid_until") if name in accept}
            assert found == VALIDITY.get(item["item"], {}), item["item"]


def test_every_minimum_grade_can_be_reached() -> None:
    for _, _, item in items():
        for accept in accepts(item):
            assert GRADES[accept["min_grade"]] <= GRADES[CATALOGUE[accept["evidence"]]["ceiling"]], item["item"]


def test_milestone_and_success_items_need_documents_but_interest_may_be_asserted() -> None:
    for _, _, item in items("M", "S"):
        least = "ASSERTED" if item["item"] == "1.M1" else "DOCUMENTED"
        assert {accept["min_grade"] for accept in accepts(item)} == {least}, item["item"]


def test_only_the_five_seed_conditions_of_stage_one_gate() -> None:
    gating = [item["item"] for _, _, item in items() if "gates" in item]

    assert gating == ["1.P1", "1.P2", "1.P3", "1.P4", "1.P5"]
    assert all(item_of(key)["gates"] is True for key in gating)


def test_process_conditions_of_stage_one_share_the_evidence_of_the_call() -> None:
    assert [[accept["evidence"] for accept in accepts(item_of(f"1.P{n}"))] for n in range(1, 6)] == [
        ["customers.target_criteria_met"],
        ["engagement.handler_reached"],
        ["engagement.interest_shown"],
        ["engagement.interaction_positive"],
        ["engagement.visit_time_agreed", "engagement.visit_place_agreed"],
    ]


@pytest.mark.parametrize("key", BY_METHOD)
@pytest.mark.parametrize("method", sorted(METHODS))
def test_items_that_vary_by_purchase_method_follow_the_table(key: str, method: str) -> None:
    name = next(name for name, members in CLASSES.items() if method in members)
    expected = list(BY_METHOD[key][name])
    if key == "5.S2" and method == "SINGLE_SOURCE":
        expected.append("procurement.single_source_published")

    assert [accept["evidence"] for accept in accepts_under(item_of(key), method)] == expected


def test_no_other_item_depends_on_the_purchase_method() -> None:
    varying = [
        item["item"] for _, _, item in items() if "methods" in item or any("methods" in row for row in accepts(item))
    ]

    assert varying == list(BY_METHOD)
    assert [key for key in varying if "methods" in item_of(key)] == ["5.S2"]


def test_within_an_item_all_accepts_name_methods_or_none_does() -> None:
    for _, _, item in items():
        assert len({"methods" in accept for accept in item.get("accepts", [{}])}) == 1, item["item"]


def test_only_known_purchase_methods_are_named() -> None:
    named = {name for _, _, item in items() for row in (item, *accepts(item)) for name in row.get("methods", [])}
    named |= {name for stage in marks().values() for names in stage.values() for name in names or ()}

    assert named == METHODS


def test_items_with_several_proofs_are_those_of_the_document() -> None:
    several = {
        item["item"]: [accept["evidence"] for accept in item["accepts"]]
        for _, _, item in items()
        if "accepts" in item and item["item"] not in BY_METHOD
    }

    assert several == ALTERNATIVES


@pytest.mark.parametrize("method", sorted(METHODS))
@pytest.mark.parametrize("stage", range(1, 9))
def test_every_method_keeps_a_milestone_and_a_documented_success_in_each_stage(stage: int, method: str) -> None:
    left = {
        kind: [row for number, _, item in items(kind) if number == stage for row in accepts_under(item, method)]
        for kind in "MS"
    }

    assert left["M"]
    assert any(GRADES[row["min_grade"]] >= GRADES["DOCUMENTED"] for row in left["S"])


def test_rates_are_those_of_the_document() -> None:
    assert PLAYBOOK["rates"] == [0, 5, 10, 25, 30, 50, 75, 90, 100]
    assert PLAYBOOK["rates_origin"] == [
        "inferred",
        "inferred",
        "source",
        "source",
        "inferred",
        "source",
        "source",
        "source",
        "source",
    ]


def test_marks_are_those_of_the_document_and_each_marks_one_stage() -> None:
    found = marks()
    keys = Counter(mark["evidence"] for row in PLAYBOOK["buyer_stages"] for mark in row["marks"])

    assert found == MARKS
    assert [key for key, times in keys.items() if times > 1] == []


@pytest.mark.parametrize(
    "column", [{"OPEN_TENDER"}, {"INVITED_TENDER"}, TALK, DIRECT], ids=["open", "invited", "talk", "direct"]
)
def test_marks_cover_all_eight_stages_in_each_column(column: set[str]) -> None:
    for stage, found in marks().items():
        for method in column:
            assert any(names is None or method in names for names in found.values()), (stage, method)


def test_an_unsigned_paper_tops_out_at_documented_and_a_buyers_act_does_not() -> None:
    for stage in marks().values():
        for key in stage:
            expected = "DOCUMENTED" if key in UNSIGNED_MARKS else "BUYER_CONFIRMED"
            assert CATALOGUE[key]["ceiling"] == expected, key


def test_resets_are_those_of_the_document() -> None:
    assert PLAYBOOK["resets"] == [
        {"evidence": "procurement.tender_failed", "to": 4},
        {"evidence": "procurement.procurement_voided", "to": 4},
        {"evidence": "procurement.method_changed", "to": 4},
        {"evidence": "procurement.suspended", "to": 2},
        {"evidence": "procurement.budget_cancelled", "to": 2},
        {"evidence": "procurement.terminated", "to": 0, "closes": True},
    ]
    assert {CATALOGUE[row["evidence"]]["ceiling"] for row in PLAYBOOK["resets"]} == {"BUYER_CONFIRMED"}


def test_settlements_are_the_buyers_acts_that_select_us() -> None:
    assert PLAYBOOK["settlements"] == SETTLEMENTS
    assert {CATALOGUE[key]["ceiling"] for key in SETTLEMENTS} == {"BUYER_CONFIRMED"}


def test_a_settlement_settles_only_stages_before_its_own_item() -> None:
    for stage, _, item in items():
        for accept in accepts(item):
            key = accept["evidence"]
            # The award notice itself completes stage 6, and R7 lets it settle stages 1 to 6.
            assert SETTLEMENTS.get(key, 0) < stage or (key in AWARD_NOTICES and stage == SETTLEMENTS[key]), key


def test_a_settlement_shows_the_buyer_beyond_the_stages_it_settles() -> None:
    marked = {key: stage for stage, found in marks().items() for key in found}

    assert [key for key, settled in SETTLEMENTS.items() if marked[key] <= settled] == []


@pytest.mark.parametrize(
    "key",
    [
        "procurement.tender_notice_published",
        "procurement.tender_documents_received",
        "procurement.tender_invitation_received",
        "bids.prequalified",
        "bids.compliance_review_passed",
    ],
)
def test_a_notice_or_a_check_that_every_bidder_passes_settles_nothing(key: str) -> None:
    assert key in CATALOGUE
    assert key not in PLAYBOOK["settlements"]


def test_a_rivals_award_proposes_the_deal_as_lost_and_proves_nothing_of_ours() -> None:
    assert PLAYBOOK["proposals"] == [{"evidence": "procurement.rival_awarded", "proposes": "LOST"}]
    assert "procurement.rival_awarded" in marks()[7]
    assert "procurement.rival_awarded" not in {row["evidence"] for _, _, item in items() for row in accepts(item)}


@pytest.mark.parametrize(
    ("key", "law"),
    [
        ("solutions.draft_suggestion_submitted", "政府采购法实施条例第 18 条"),
        ("procurement.standard_kept_fair", "招标投标法第 20 条、实施条例第 32 条"),
        ("bids.substantive_terms_met", "招标投标法实施条例第 51 条"),
        ("competition.likely_bidders_estimated", "招标投标法第 22 条"),
        ("bids.clarification_rules_kept", "招标投标法实施条例第 52 条"),
        ("bids.evaluators_not_contacted", "招标投标法第 44 条"),
        ("negotiation.price_rules_kept", "招标投标法第 43 条"),
        ("contracts.signed_by_both", "招标投标法第 46 条"),
    ],
)
def test_a_compliance_remark_names_law_and_article(key: str, law: str) -> None:
    assert law in CATALOGUE[key]["hint"]["zh-Hans"]
    assert "art" in CATALOGUE[key]["hint"]["en"]
