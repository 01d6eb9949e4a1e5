"""Give-ups by the API: what was proposed to catch up, and why deals were to be given up."""

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status

from duobiao.identity.http import actor_of
from duobiao.opportunities.actions.ask_give_up import ask_give_up
from duobiao.opportunities.api.common import deal_of, today
from duobiao.opportunities.api.schemas import GiveUpIn, GiveUpOut, OpportunityOut
from duobiao.opportunities.models import GiveUpReview
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.give_up import Proposal, ProposalLine, give_ups_of, proposal_lines, proposals_of

router = Router()
Day = date


class GiveUpProposalOut(Schema):
    """Something that was proposed to catch up; ``fate`` is null where a person has to say it."""

    item: str
    stage: int
    title: str
    fate: str | None
    on: Day | None


class GiveUpReviewOut(Schema):
    """Why a deal was to be given up, and what became of that."""

    ref: str
    state: str
    reason: str
    alternatives: str
    change_mind: str
    look_again_on: Day | None
    lessons: str
    stage_number: int
    buyer_stage_number: int
    lag: int | None
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str
    proposals: list[GiveUpProposalOut]


class GiveUpsOut(Schema):
    """What is proposed now, and the reviews of give-ups, newest first."""

    proposals: list[GiveUpProposalOut]
    reviews: list[GiveUpReviewOut]


@router.get(
    "/opportunities/{ref}/give-up",
    response=GiveUpsOut,
    operation_id="list_give_ups",
    summary="Read the reviews of give-ups",
)
def get_give_ups(request: HttpRequest, ref: str) -> GiveUpsOut:
    """Read what was proposed to catch up, with what became of it, and every review of a give-up."""
    deal = deal_of(request, ref)
    return GiveUpsOut(
        proposals=[_proposal(row) for row in proposals_of(explain(deal, today(request)))],
        reviews=[_review(row) for row in give_ups_of(deal)],
    )


@router.post(
    "/opportunities/{ref}/give-up",
    response={200: GiveUpOut, 202: GiveUpOut},
    operation_id="ask_give_up",
    summary="Ask to give a deal up",
)
def post_give_up(request: HttpRequest, ref: str, payload: GiveUpIn) -> Status[GiveUpOut]:
    """Ask to give a deal up: 202 while it waits for approval, 200 where you may decide alone and it is closed."""
    approval = ask_give_up(
        opportunity=deal_of(request, ref), actor=actor_of(request), now=timezone.now(), **payload.dict()
    )
    deal = OpportunityOut.of(deal_of(request, ref))
    return Status(202 if approval.is_open else 200, GiveUpOut(approval=approval.ref, opportunity=deal))


def _proposal(row: Proposal | ProposalLine) -> GiveUpProposalOut:
    fate = str(row.fate) if row.fate is not None else None
    return GiveUpProposalOut(item=row.item, stage=row.stage, title=row.title, fate=fate, on=row.on)


def _review(row: GiveUpReview) -> GiveUpReviewOut:
    same = (
        "ref", "state", "reason", "alternatives", "change_mind", "look_again_on", "lessons", "stage_number", "lag",
        "asked_at", "decided_at", "note",
    )  # fmt: skip
    return GiveUpReviewOut(
        **{name: getattr(row, name) for name in same},
        buyer_stage_number=row.buyer_stage,
        asked_by=row.asked_by.ref,
        decided_by=row.decided_by.ref if row.decided_by is not None else None,
        proposals=[_proposal(line) for line in proposal_lines(row.proposals)],
    )
