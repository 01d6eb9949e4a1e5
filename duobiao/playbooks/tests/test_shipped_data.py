"""Hold the shipped playbook and evidence catalogue to the eight-stage document (b-playbook-8)."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

DATA = Path(__file__).parents[1] / "data"
Row = dict[str, Any]

EVIDENCE: list[Row] = yaml.safe_load((DATA / "evidence.yaml").read_text(encoding="utf-8"))["evidence"]
PLAYBOOK: Row = yaml.safe_load((DATA / "project-sales-8.v1.yaml").read_text(encoding="utf-8"))
CATALOGUE: dict[str, Row] = {row["key"]: row for row in EVIDENCE}

KINDS = {"milestone": "M", "success": "S", "process": "P", "relationship": "R", "information": "I"}
GRADES = {"ASSERTED": 1, "DOCUMENTED": 2, "BUYER_CONFIRMED": 3}
ORIGINS = {"seed", "source", "inferred"}

TENDER = frozenset({"OPEN_TENDER", "INVITED_TENDER"})
TALK = frozenset({"NEGOTIATION", "CONSULTATION"})
DIRECT = frozenset({"INQUIRY", "COMPARISON", "AUCTION", "SINGLE_SOURCE", "DIRECT", "FRAMEWORK"})
METHODS = TENDER | TALK | DIRECT
CLASSES = {"tender": TENDER, "talk": TALK, "direct": DIRECT}

ITEM_IDS = {
    1: {"M": "M1", "S": "S1 S2 S3 S4", "P": "P1 P2 P3 P4 P5", "R": "R1", "I": "I1 I2"},
    2: {"M": "M1 M2", "S": "S1 S2", "P": "P1 P2 P3 P4 P5 P6 P7", "R": "R1 R2", "I": "I1 I2 I3 I4"},
    3: {"M": "M1 M2", "S": "S1 S2 S3", "P": "P1 P2 P3 P4 P5 P6 P7 P8 P9", "R": "R1 R2", "I": "I1 I2 I3 I4"},
    4: {"M": "M1 M2", "S": "S1 S2 S3 S4", "P": "P1 P2 P3 P4 P5 P6", "R": "R1 R2 R3", "I": "I1 I2 I3"},
    5: {"M": "M1 M2", "S": "S0 S1 S2", "P": "P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P11", "R": "R1 R2 R3", "I": "I1 I2"},
    6: {"M": "M1 M2", "S": "S1 S2", "P": "P1 P2 P3 P4 P5", "R": "R1 R2 R3 R4", "I": "I1 I2"},
    7: {"M": "M1 M2", "S": "S1 S2 S3", "P": "P1 P2 P3 P4 P5 P6", "R": "R1 R2", "I": "I1 I2"},
    8: {"M": "M1", "S": "S1 S2 S3", "P": "P1 P2 P3 P4 P5 P6", "R": "R1", "I": "I1 I2"},
}
NOTE_COUNTS = {
    "appraisal": [3, 4, 3, 3, 4, 3, 3, 4],
    "tools": [4, 7, 7, 6, 8, 6, 6, 6],
    "work": [6, 0, 0, 0, 0, 0, 0, 0],
}
VALIDITY = {  # §0.5, by item: the same for each of its accepts
    "1.M1": {"valid_days": 90},
    "1.S2": {"valid_until": "PROOF"},
    "1.S3": {"valid_until": "PROOF"},
    "1.S4": {"valid_until": "PROOF"},
    "2.S1": {"valid_days": 120},
    "3.S2": {"valid_until": "YEAR_END"},
    "4.S1": {"valid_days": 180},
    "5.S1": {"valid_days": 180},
    "6.S1": {"valid_until": "PROOF"},
    "7.S2": {"valid_days": 45},
}
BY_METHOD = {  # §0.4: what proves the item, by class of purchase method
    "4.S2": {
        "tender": ["procurement.tender_documents_received", "procurement.tender_invitation_received"],
        "talk": ["procurement.purchase_documents_received", "procurement.participation_invited"],
        "direct": ["procurement.quotation_requested"],
    },
    "5.S1": {
        "tender": ["bids.compliance_review_passed"],
        "talk": ["procurement.negotiation_invited"],
        "direct": ["solutions.formal_solution_accepted"],
    },
    "5.S2": {
        "tender": ["bids.prequalified", "procurement.prequalification_waived"],
        "talk": [],
        "direct": ["procurement.shortlisted", "procurement.sole_supplier_confirmed"],
    },
    "6.M1": {
        "tender": ["bids.presentation_completed", "bids.presentation_not_required"],
        "talk": ["negotiation.final_offer_authorised"],
        "direct": ["bids.trial_completed"],
    },
    "6.S1": {
        "tender": ["procurement.first_candidate_published"],
        "talk": ["procurement.first_deal_candidate_named"],
        "direct": ["procurement.preferred_supplier_named", "procurement.nomination_received"],
    },
    "6.S2": {
        "tender": ["procurement.award_notice_received"],
        "talk": ["procurement.deal_notice_received"],
        "direct": ["procurement.contract_talks_invited"],
    },
    "7.M1": {
        "tender": ["contracts.clarification_list_approved"],
        "talk": ["contracts.clarification_list_approved"],
        "direct": ["negotiation.plan_approved"],
    },
    "7.S1": {
        "tender": ["contracts.consistency_checked"],
        "talk": ["contracts.consistency_checked"],
        "direct": ["negotiation.six_terms_agreed"],
    },
}
ALTERNATIVES = {  # items that any one of several facts proves, whatever the purchase method
    "1.P5": ["engagement.visit_time_agreed", "engagement.visit_place_agreed"],
    "3.S1": [
        "procurement.project_approved",
        "procurement.project_team_formed",
        "procurement.project_number_issued",
        "procurement.budget_code_issued",
    ],
    "3.S2": ["procurement.budget_secured", "procurement.budget_approved"],
    "4.M2": ["solutions.questions_answered", "solutions.no_questions_raised"],
    "6.M2": ["bids.clarifications_answered", "bids.clarification_not_requested"],
    "8.S1": ["contracts.conditions_fulfilled", "contracts.effective_on_signature"],
}
UNSIGNED_MARKS = {  # marks tagged ② in §0.6: a paper we hold, unsigned
    "engagement.interview_quoted",
    "procurement.annual_plan_listed",
    "procurement.project_number_issued",
    "procurement.requisition_approved",
    "procurement.design_specification_received",
    "procurement.method_approved",
    "procurement.technical_scores_obtained",
    "contracts.buyer_routing_started",
}
MARKS = {  # §0.6, and the seller's own facts that show the same (tender documents, shortlist, first place …)
    1: {
        "procurement.rfi_received": None,
        "engagement.minutes_confirmed": None,
        "customers.expansion_announced": None,
        "engagement.interview_quoted": None,
        "needs.survey_confirmed": None,
    },
    2: {
        "procurement.feasibility_commissioned": None,
        "procurement.estimate_requested": None,
        "procurement.environment_review_published": None,
        "procurement.annual_plan_listed": None,
    },
    3: {
        "procurement.project_approved": TENDER | TALK,
        "procurement.budget_approved": TENDER | TALK,
        "procurement.intent_published": TENDER | TALK,
        "procurement.project_team_formed": None,
        "procurement.project_number_issued": TENDER | TALK,
        "procurement.requisition_approved": DIRECT,
    },
    4: {
        "procurement.tender_draft_published": TENDER,
        "engagement.technical_exchange_invited": TENDER,
        "procurement.design_specification_received": TENDER,
        "procurement.supplier_inspection_called": {"INVITED_TENDER"},
        "procurement.requirements_published": TALK,
        "procurement.method_approved": TALK,
        "procurement.agreement_draft_received": DIRECT,
        "procurement.sample_requested": DIRECT,
    },
    5: {
        "procurement.tender_notice_published": TENDER,
        "procurement.tender_documents_received": TENDER,
        "procurement.tender_invitation_received": {"INVITED_TENDER"},
        "procurement.negotiation_notice_published": TALK,
        "procurement.purchase_documents_received": TALK,
        "procurement.participation_invited": TALK,
        "procurement.quotation_requested": DIRECT,
        "procurement.single_source_published": {"SINGLE_SOURCE"},
        "procurement.shortlisted": None,
    },
    6: {
        "procurement.bids_opened": TENDER,
        "procurement.clarification_requested": TENDER,
        "procurement.candidates_published": TENDER,
        "procurement.first_candidate_published": TENDER,
        "procurement.negotiation_invited": TALK,
        "procurement.final_offer_called": TALK,
        "procurement.first_deal_candidate_named": TALK,
        "procurement.comparison_called": DIRECT,
        "procurement.technical_scores_obtained": DIRECT,
        "procurement.preferred_supplier_named": DIRECT,
    },
    7: {
        "procurement.award_notice_received": TENDER,
        "procurement.deal_notice_received": TALK,
        "procurement.award_result_published": TENDER | TALK,
        "contracts.buyer_draft_received": TENDER | DIRECT,
        "contracts.buyer_routing_started": TENDER,
        "procurement.nomination_received": DIRECT,
        "procurement.contract_talks_invited": DIRECT,
        "procurement.rival_awarded": None,
    },
    8: {
        "contracts.signed_by_both": None,
        "contracts.contract_published": TENDER | TALK,
        "delivery.start_notice_received": TENDER | TALK,
        "contracts.advance_payment_received": TENDER | TALK,
        "contracts.purchase_order_received": DIRECT,
    },
}
SETTLEMENTS = {  # R7
    "procurement.shortlisted": 4,
    "procurement.negotiation_invited": 4,
    "procurement.contract_talks_invited": 4,
    "procurement.first_candidate_published": 5,
    "procurement.first_deal_candidate_named": 5,
    "procurement.preferred_supplier_named": 5,
    "procurement.nomination_received": 5,
    "procurement.award_notice_received": 6,
    "procurement.deal_notice_received": 6,
    "contracts.signed_by_both": 7,
}
AWARD_NOTICES = {"procurement.award_notice_received", "procurement.deal_notice_received"}
PAGES = {
    "call": {
        "engagement.interest_shown",
        "engagement.next_meeting_granted",
        "engagement.visit_time_agreed",
        "engagement.visit_place_agreed",
        "engagement.visit_topic_agreed",
        "engagement.handler_reached",
        "engagement.interaction_positive",
    },
    "visit": {
        "engagement.visit_held",
        "engagement.strengths_introduced",
        "engagement.cases_presented",
        "engagement.trends_introduced",
        "engagement.initial_solution_requested",
        "engagement.initial_solution_scope_agreed",
        "solutions.draft_suggestion_submitted",
        "stakeholders.handler_found",
        "stakeholders.decision_maker_identified",
        "procurement.process_clarified",
        "procurement.roles_recorded",
        "procurement.budget_range_recorded",
        "needs.survey_confirmed",
        "needs.problem_recorded",
        "competition.first_rivals_recorded",
    },
    "purchase_method": {"procurement.method_known"},
    "customer": {"customers.profile_completed"},
    "contact": {"customers.handler_profile_completed"},
}
CAPABILITIES = [
    "engagement",
    "customers",
    "stakeholders",
    "needs",
    "procurement",
    "solutions",
    "bids",
    "negotiation",
    "contracts",
    "delivery",
    "competition",
    "opportunities",
]


def stages() -> Iterator[tuple[int, Row]]:
    """Yield each seller stage with its number."""
    return enumerate(PLAYBOOK["stages"], start=1)


def items(*kinds: str) -> Iterator[tuple[int, str, Row]]:
    """Yield stage, kind and row of every item, or of the kinds named."""
    for stage, row in stages():
        for group, kind in KINDS.items():
            if not kinds or kind in kinds:
                yield from ((stage, kind, item) for item in row[group])


def item_of(key: str) -> Row:
    """Return the item of this id."""
    return next(item for _, _, item in items() if item["item"] == key)


def accepts(item: Row) -> list[Row]:
    """Return the kinds of evidence that prove an item, one or several."""
    several: list[Row] = item.get("accepts", [item])
    return several


def accepts_under(item: Row, method: str) -> list[Row]:
    """Return what proves an item under a purchase method; nothing where it does not apply."""
    if method not in item.get("methods", METHODS):
        return []
    return [accept for accept in accepts(item) if method in accept.get("methods", METHODS)]


def texts() -> Iterator[tuple[str, Row]]:
    """Yield every bilingual text of both files with its place."""
    for row in EVIDENCE:
        yield f"{row['key']} title", row["title"]
        yield f"{row['key']} hint", row["hint"]
        if "short" in row:
            yield f"{row['key']} short", row["short"]
    yield "playbook title", PLAYBOOK["title"]
    for stage, row in stages():
        for field in ("title", "short", "purpose"):
            yield f"stage {stage} {field}", row[field]
        for group in NOTE_COUNTS:
            yield from ((note["key"], note["title"]) for note in row.get(group, []))
    yield from ((item["item"], item["title"]) for _, _, item in items())
    for row in PLAYBOOK["buyer_stages"]:
        for field in ("title", "short", "owner"):
            yield f"buyer {row['key']} {field}", row[field]


def marks() -> dict[int, dict[str, frozenset[str] | None]]:
    """Return the buyer's marks by stage: evidence key and purchase methods."""
    return {
        number: {mark["evidence"]: frozenset(mark["methods"]) if "methods" in mark else None for mark in row["marks"]}
        for number, row in enumerate(PLAYBOOK["buyer_stages"], start=1)
    }


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
    used = {accept["evidence"] for _, _, item in items() for accept in accepts(item)}
    used |= {key for stage in marks().values() for key in stage}
    used |= {row["evidence"] for row in (*PLAYBOOK["resets"], *PLAYBOOK["proposals"])}
    used |= set(PLAYBOOK["settlements"])

    assert used == set(CATALOGUE)


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
        elif not place.endswith(" purpose"):
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
