"""What the shipped playbook must hold, copied from the method by hand, and short ways to read the data."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parents[1] / "data"
Row = dict[str, Any]

EVIDENCE: list[Row] = yaml.safe_load((DATA / "evidence.yaml").read_text(encoding="utf-8"))["evidence"]
PLAYBOOK: Row = yaml.safe_load((DATA / "project-sales-8.v1.yaml").read_text(encoding="utf-8"))
OTHERS: dict[str, Row] = {
    path.name: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted(DATA.glob("*.v*.yaml"))
    if not path.name.startswith("project-sales-8")
}
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
    "admission": {"procurement.supplier_registered"},
    "decision_chain": {
        "stakeholders.best_value_recognised",
        "stakeholders.coach_backed_company",
        "stakeholders.decider_backed_company",
        "stakeholders.functions_accepted_company",
        "stakeholders.gatekeeper_convinced",
        "stakeholders.handler_accepted_product",
        "stakeholders.handler_personal_need_met",
        "stakeholders.handler_trusted_company",
        "stakeholders.influencer_won",
        "stakeholders.key_person_bond_built",
        "stakeholders.majority_convinced",
        "stakeholders.majority_favoured_us",
        "stakeholders.positions_mapped",
        "stakeholders.purchase_team_listed",
        "stakeholders.team_mapped",
        "stakeholders.top_decider_chose_us",
        "stakeholders.user_department_convinced",
    },
    "gate_review": {
        "bids.bid_decision_passed",
        "contracts.change_review_passed",
        "contracts.review_passed",
        "opportunities.internal_approval_passed",
    },
    "call": {
        "engagement.interest_shown",
        "engagement.next_meeting_granted",
        "engagement.visit_time_agreed",
        "engagement.visit_place_agreed",
        "engagement.visit_topic_agreed",
        "engagement.handler_reached",
        "engagement.interaction_positive",
    },
    "rivals": {
        "competition.rivals_listed",
        "competition.rival_solutions_compared",
        "competition.likely_bidders_estimated",
    },
    "needs": {
        "needs.analysis_completed",
        "needs.four_steps_verified",
        "needs.growth_recorded",
        "needs.must_haves_covered",
        "needs.reviewed_with_customer",
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
    "assessment": {"customers.target_criteria_met"},
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
    "prospecting",
    "growth",
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
    """Yield every bilingual text of all files with its place."""
    yield from texts_below(EVIDENCE, "evidence")
    for name, document in {"project-sales-8": PLAYBOOK, **OTHERS}.items():
        yield from texts_below(document, name)


def texts_below(value: Any, place: str) -> Iterator[tuple[str, Row]]:
    """Yield every bilingual text of a document with its place."""
    if isinstance(value, dict) and "zh-Hans" in value:
        yield place, value
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from texts_below(below, f"{place} {key}")
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from texts_below(below, f"{place}[{number}]")


def marks() -> dict[int, dict[str, frozenset[str] | None]]:
    """Return the buyer's marks by stage: evidence key and purchase methods."""
    return {
        number: {mark["evidence"]: frozenset(mark["methods"]) if "methods" in mark else None for mark in row["marks"]}
        for number, row in enumerate(PLAYBOOK["buyer_stages"], start=1)
    }
