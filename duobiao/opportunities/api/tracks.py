"""The two tracks by the API: what the buyer did, and what we do next."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.api.common import deal_of, today
from duobiao.opportunities.api.ledger import post_proof
from duobiao.opportunities.api.schemas import ProofIn, ProofOut
from duobiao.opportunities.queries.catch_up import CatchUpPlan, catch_up_plan
from duobiao.opportunities.queries.explain import Explained, explain
from duobiao.opportunities.queries.next_actions import NextAction, next_actions
from duobiao.opportunities.queries.surroundings import around
from duobiao.playbooks.domain.assess import standing_marks
from duobiao.playbooks.queries import catalogue, text_of

router = Router()
MOST_ACTIONS = 20


class BuyerMarkOut(Schema):
    """An act of the buyer that stands: no later reset voids it."""

    stage_number: int
    key: str
    title: str
    happened_on: date
    grade: str
    proof: str


class PointsOut(Schema):
    """Points, and what they are given for."""

    reason: str
    points: int


class NextActionOut(Schema):
    """One thing to do on a deal.

    Attributes:
        score: Points, 0 to 100, highest first; the sum of ``parts``.
        key: Names it where a decision is made about it.
        kind: What is suggested.
        claimed: Somebody said it is done; no record shows it yet.
    """

    action: str
    why: str
    effect: str
    url: str
    score: int
    key: str
    kind: str
    parts: list[PointsOut]
    claimed: bool

    @classmethod
    def of(cls, found: NextAction) -> "NextActionOut":
        """Build from what the deal room shows."""
        return cls(
            action=found.what,
            why=found.why,
            effect=found.effect,
            url=found.url,
            score=found.score,
            key=found.key,
            kind=found.kind,
            parts=[PointsOut(reason=words, points=number) for words, number in found.points],
            claimed=found.aside is not None,
        )


class CatchUpStepOut(Schema):
    """One thing that brings us nearer to the buyer.

    Attributes:
        also: Titles of further items that the same evidence serves.
        evidence: Key of the evidence to get; "" while the purchase method decides it.
        effect, rate_after: What changes once this and all before it are proved, and the rate then.
    """

    item: str
    stage_number: int
    kind: str
    title: str
    also: list[str]
    evidence: str
    supplies: str
    effect: str
    rate_after: int
    url: str


class CatchUpOut(Schema):
    """The shortest list that brings our stage level with the buyer's, in order; empty where we are not behind.

    Attributes:
        target_stage: The stage of ours that goes with the buyer's; all before it have to be completed.
        certain: False while some items wait for the purchase method.
    """

    lag: int | None
    buyer_stage_number: int
    target_stage: int | None
    rate_before: int
    rate_after: int
    certain: bool
    note: str
    steps: list[CatchUpStepOut]

    @classmethod
    def of(cls, explained: Explained, plan: CatchUpPlan | None) -> "CatchUpOut":
        """Build from what the deal room shows."""
        found, names = explained.assessment, CatchUpStepOut.model_fields
        steps = [] if plan is None else plan.steps
        return cls(
            lag=found.lag,
            buyer_stage_number=found.buyer_stage,
            target_stage=None if plan is None else plan.target_stage,
            rate_before=found.rate_percent,
            rate_after=found.rate_percent if plan is None else plan.rate_after,
            certain=plan is None or plan.is_certain,
            note="" if plan is None else plan.note,
            steps=[CatchUpStepOut(**{name: getattr(step, name) for name in names}) for step in steps],
        )


@router.get(
    "/opportunities/{ref}/buyer-marks",
    response=list[BuyerMarkOut],
    operation_id="list_buyer_marks",
    summary="Read what the buyer did",
)
def get_buyer_marks(request: HttpRequest, ref: str) -> list[BuyerMarkOut]:
    """Read the buyer's acts that stand today, by stage, then by day."""
    explained = explain(deal_of(request, ref), today(request))
    marks = standing_marks(explained.compiled, explained.facts.proofs, explained.assessment.frame)
    rows = [
        BuyerMarkOut(
            stage_number=stage,
            key=proof.key,
            title=text_of(catalogue()[proof.key].title, get_language()),
            happened_on=proof.happened_on,
            grade=proof.grade.name,
            proof=proof.ref,
        )
        for stage, proof in marks
    ]
    return sorted(rows, key=lambda row: (row.stage_number, row.happened_on, row.proof))


@router.post(
    "/opportunities/{ref}/buyer-marks",
    response={200: ProofOut, 201: ProofOut},
    operation_id="record_buyer_mark",
    summary="Record what the buyer did",
)
def post_buyer_mark(request: HttpRequest, ref: str, payload: ProofIn) -> Status[Any]:
    """Record an act that shows a stage of the buyer's, or throws the buyer back; kept as a proof like any other."""
    playbook = explain(deal_of(request, ref), today(request)).compiled
    if payload.key not in playbook.marks and payload.key not in playbook.resets:
        message = _("This is no act of the buyer. The playbook lists them: /api/v1/playbooks.")
        raise Invalid(message, fields={"key": message})
    return post_proof(request, ref, payload)


@router.get(
    "/opportunities/{ref}/next-actions",
    response=list[NextActionOut],
    operation_id="list_next_actions",
    summary="Read what to do next",
)
def get_next_actions(request: HttpRequest, ref: str) -> list[NextActionOut]:
    """Read what raises the deal soonest, best first; nothing on a closed deal."""
    deal = deal_of(request, ref)
    explained: Explained = explain(deal, today(request))
    return [NextActionOut.of(found) for found in next_actions(explained, around(deal), limit=MOST_ACTIONS)]


@router.get(
    "/opportunities/{ref}/catch-up",
    response=CatchUpOut,
    operation_id="get_catch_up",
    summary="Read what brings us level with the buyer",
)
def get_catch_up(request: HttpRequest, ref: str) -> CatchUpOut:
    """Read the shortest list that brings our stage level with the buyer's, as the evidence stands today."""
    explained: Explained = explain(deal_of(request, ref), today(request))
    return CatchUpOut.of(explained, catch_up_plan(explained))
