"""What is composed, over the API: a deal in one page."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from duobiao.needs.queries.account import NeedsAccount
from duobiao.opportunities.api.common import deal_of
from duobiao.stakeholders.queries.account import ChainAccount
from duobiao.stakeholders.queries.chain import Figure
from duobiao.workbench.queries.deal_frame import frame_of
from duobiao.workbench.queries.deal_summary import Summary, summary_of

router = Router(tags=["opportunities"])
Day = date


class SummaryPersonOut(Schema):
    """Somebody of the customer, with the stance from -2 to 2 as far as it is known."""

    ref: str
    name: str
    place: str
    part: str
    stance: int | None
    faded: bool = Field(description="The stance was not heard of for so long that it no longer counts.")
    gone: bool = Field(description="They are known to have left.")


class SummaryRivalOut(Schema):
    """A rival in the race; gap in grades, negative where it is ahead."""

    rival: str
    name: str
    rival_class: str
    position: str
    gap: Decimal | None
    supporters: list[str] = Field(description="Names of who at the customer leans to it or fights for it.")


class SummaryStandOut(Schema):
    """Somebody of the decision chain, with the stance from -2 to 2 as far as it is known."""

    person: str
    name: str
    stance: int | None


class SummaryChainOut(Schema):
    """How the decision chain stands."""

    people: int
    stances_known: int
    spoken_to: int
    support_index: float | None = Field(description="-1 to 1; null while no stance is known.")
    decider: SummaryStandOut | None
    hidden: list[SummaryStandOut] = Field(description="Who weighs more than the chart says.")
    covered_ratio: float | None
    single_threaded: bool
    path_to_decider: list[str] = Field(description="Names.")
    cells_accepted: int
    cells_required: int


class SummaryNeedOut(Schema):
    """A P0 that is not met in full, or not verified in all four steps."""

    ref: str
    text: str
    answer: str
    verified_step: int
    assumed: bool


class SummaryObjectionOut(Schema):
    """An objection that the customer has not called answered."""

    ref: str
    text: str
    contact: str
    raised_on: Day
    step: int


class SummaryNeedsOut(Schema):
    """How the needs stand."""

    total: int
    p0: int
    assumed: int
    open_p0: list[SummaryNeedOut]
    open_objections: list[SummaryObjectionOut]


class SummaryRiskOut(Schema):
    """A risk with its reasons."""

    rule: str
    title: str
    level: str
    reason: str


class SummaryActionOut(Schema):
    """Something to do next."""

    what: str
    why: str
    effect: str


class SummaryTaskOut(Schema):
    """Something promised."""

    ref: str
    title: str
    owner: str
    due_on: Day
    late: bool


class SummaryItemOut(Schema):
    """An item of the playbook that is missing, or too weak."""

    item: str
    title: str
    verdict: str
    reason: str


class SummaryChangeOut(Schema):
    """A change of amount or expected signature, in words."""

    on: Day
    field: str
    before: str
    after: str


class DealSummaryOut(Schema):
    """A deal in one page."""

    opportunity: str
    name: str
    customer: str
    owner: str
    outcome: str
    stage: str
    rate_percent: int
    buyer_stage_number: int
    lag: int | None
    lag_verdict: str
    amount_minor: int | None
    currency: str
    expected_close_on: Day | None
    quadrant: str | None
    winnable: Decimal | None
    attractive: Decimal | None
    people: list[SummaryPersonOut]
    people_count: int
    chain: SummaryChainOut | None = Field(description="Null while nobody is on the chain.")
    needs: SummaryNeedsOut
    rivals: list[SummaryRivalOut]
    missing: list[SummaryItemOut]
    missing_count: int
    risks: list[SummaryRiskOut]
    actions: list[SummaryActionOut]
    promises: list[SummaryTaskOut] = Field(description="Open tasks, the earliest due first.")
    changes: list[SummaryChangeOut]


@router.get(
    "/opportunities/{ref}/summary",
    response=DealSummaryOut,
    operation_id="get_deal_summary",
    summary="Read a deal in one page",
)
def get_summary(request: HttpRequest, ref: str) -> DealSummaryOut:
    """Read where a deal stands, who is known, who competes, what is missing, what comes next."""
    frame = frame_of(request, deal_of(request, ref), "")
    found, deal = summary_of(frame), frame.deal
    same = (
        "name", "outcome", "rate_percent", "lag", "lag_verdict", "amount_minor", "currency", "expected_close_on",
    )  # fmt: skip
    placed = found.placed
    return DealSummaryOut(
        **{name: getattr(deal, name) for name in same},
        opportunity=deal.ref,
        customer=deal.customer.ref,
        owner=deal.owner.ref,
        stage=found.stage,
        buyer_stage_number=deal.buyer_stage,
        quadrant=placed.quadrant if placed is not None else None,
        winnable=placed.winnable.value if placed is not None else None,
        attractive=placed.attractive.value if placed is not None else None,
        people_count=found.people_count,
        missing_count=found.missing_count,
        chain=_chain(found.chain) if found.chain is not None else None,
        needs=_needs(found.needs),
        **_lists(found),
    )


def _chain(chain: ChainAccount) -> SummaryChainOut:
    same = ("people", "spoken_to", "covered_ratio", "single_threaded")
    return SummaryChainOut(
        **{name: getattr(chain, name) for name in same},
        stances_known=chain.known,
        support_index=chain.support,
        decider=_stand(chain.decider) if chain.decider is not None else None,
        hidden=[_stand(figure) for figure in chain.hidden],
        path_to_decider=chain.path,
        cells_accepted=chain.accepted,
        cells_required=chain.required,
    )


def _stand(figure: Figure) -> SummaryStandOut:
    return SummaryStandOut(person=figure.row.ref, name=figure.row.contact.name, stance=figure.stance)


def _needs(needs: NeedsAccount) -> SummaryNeedsOut:
    return SummaryNeedsOut(
        total=needs.total,
        p0=needs.p0,
        assumed=needs.assumed,
        open_p0=[
            SummaryNeedOut(
                ref=line.need.ref,
                text=line.need.text,
                answer=line.answer.value,
                verified_step=line.need.verified_step,
                assumed=line.need.is_assumed,
            )
            for line in needs.open_p0
        ],
        open_objections=[
            SummaryObjectionOut(
                ref=row.ref, text=row.text, contact=row.contact.ref, raised_on=row.raised_on, step=row.step
            )
            for row in needs.objections
        ],
    )


def _lists(found: Summary) -> dict[str, Any]:
    return {
        "people": [
            SummaryPersonOut(
                ref=row.ref,
                name=row.name,
                place=row.place,
                part=row.part,
                stance=row.stance,
                faded=row.faded,
                gone=row.gone,
            )
            for row in found.people
        ],
        "rivals": [
            SummaryRivalOut(
                rival=line.row.rival.ref,
                name=line.row.rival.name,
                rival_class=line.row.rival_class,
                position=line.row.position,
                gap=line.gap,
                supporters=line.supporters,
            )
            for line in found.rivals
        ],
        "missing": [
            SummaryItemOut(item=row.item, title=row.title, verdict=row.verdict, reason=row.reason)
            for row in found.missing
        ],
        "risks": [
            SummaryRiskOut(rule=row.rule, title=row.title, level=row.level, reason=row.reason) for row in found.risks
        ],
        "actions": [SummaryActionOut(what=row.what, why=row.why, effect=row.effect) for row in found.actions],
        "promises": [
            SummaryTaskOut(
                ref=line.task.ref,
                title=line.task.title,
                owner=line.task.owner.ref,
                due_on=line.task.due_on,
                late=line.late,
            )
            for line in found.promises
        ],
        "changes": [
            SummaryChangeOut(on=row.at.date(), field=row.field, before=row.before, after=row.after)
            for row in found.changes
        ],
    }
