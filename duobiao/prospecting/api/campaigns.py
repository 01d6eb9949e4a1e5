"""Campaigns, next steps and referral asks over the API."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from duobiao.identity.api_support import MoneyIn, MoneyOut, PageOut, PageQuery, StrictSchema, page_of
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.prospecting.actions.follow_up import follow_campaign
from duobiao.prospecting.actions.save_campaign import Point, edit_campaign, plan_campaign, set_agenda
from duobiao.prospecting.api.schemas import FollowUpIn, Version
from duobiao.prospecting.models import Way
from duobiao.prospecting.queries.campaigns import (
    CampaignRow,
    Yield,
    campaigns_matching,
    get_campaign,
    source_rows,
    with_yields,
)

router = Router()
Day = date
Long = Annotated[str, Field(max_length=2000)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class CampaignFacts(StrictSchema):
    """Facts of a campaign."""

    ends_on: Day | None = None
    place: Annotated[str, Field(max_length=120)] | None = None
    goal: Long | None = None
    cost: MoneyIn | None = None
    attendees_expected: Count | None = None
    attendees: Count | None = None
    pioneer_booth: Long | None = Field(None, description="Exhibition: what technology is shown to pioneers.")
    late_cases: Long | None = None
    late_value: Long | None = None
    late_customers: Long | None = None
    notes: Long | None = None


class CampaignIn(CampaignFacts):
    """A campaign to plan; without a last day it lasts one day."""

    name: str = Field(min_length=1, max_length=120)
    way: Way
    starts_on: Day


class CampaignPatch(CampaignFacts):
    """Facts to change."""

    name: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    way: Way | None = None
    starts_on: Day | None = None
    version: Version


class PointIn(StrictSchema):
    """One point of an agenda; without a problem it is promotion."""

    topic: str = Field(min_length=1, max_length=200)
    problem: str = Field("", max_length=300)
    speaker: str = Field("", max_length=80)
    minutes: int = Field(20, ge=1, le=1440)


class AgendaIn(StrictSchema):
    """The whole agenda."""

    version: Version
    points: list[PointIn] = Field(max_length=30)


class YieldOut(Schema):
    """What came of leads; won amounts are of deals you may see."""

    leads: int
    open: int
    discarded: int
    converted: int
    deals: int
    conversion_percent: int | None
    won: list[MoneyOut]
    cost: MoneyOut | None
    return_ratio: float | None

    @classmethod
    def of(cls, brought: Yield) -> "YieldOut":
        """Build from what was counted."""
        same = ("leads", "open", "discarded", "converted", "deals", "conversion_percent", "return_ratio")
        won = [MoneyOut(amount_minor=one.amount_minor, currency=one.currency) for one in brought.won_amounts]
        return cls(**{name: getattr(brought, name) for name in same}, won=won, cost=MoneyOut.of(brought.cost))


class CampaignOut(Schema):
    """A campaign with what it brought."""

    ref: str
    name: str
    way: str
    owner: str
    starts_on: Day
    ends_on: Day
    place: str
    goal: str
    attendees_expected: int | None
    attendees: int | None
    pioneer_booth: str
    late_cases: str
    late_value: str
    late_customers: str
    notes: str
    version: int
    agenda: list[dict[str, Any]]
    results: YieldOut

    @classmethod
    def of(cls, row: CampaignRow) -> "CampaignOut":
        """Build from a campaign with its agenda loaded."""
        held = row.campaign
        same = [name for name in cls.model_fields if name not in ("owner", "agenda", "results")]
        points = sorted(held.agenda.all(), key=lambda point: point.number)
        names = ("number", "topic", "problem", "speaker", "minutes")
        return cls(
            **{name: getattr(held, name) for name in same},
            owner=held.owner.ref,
            agenda=[{name: getattr(point, name) for name in names} for point in points],
            results=YieldOut.of(row.brought),
        )


class CampaignsQuery(PageQuery):
    """Which campaigns."""

    way: str = Field("", max_length=12)
    q: str = Field("", max_length=100)


class LeadSourceOut(Schema):
    """One source of leads."""

    source: str
    campaigns: int
    results: YieldOut


class AddedOut(Schema):
    """How many next steps were put."""

    added: int


@router.get("/campaigns", response=PageOut[CampaignOut], operation_id="list_campaigns", summary="List campaigns")
def list_campaigns(request: HttpRequest, query: Query[CampaignsQuery]) -> dict[str, Any]:
    """List campaigns with what each brought, the latest first."""
    actor = actor_of(request)
    require(actor, "prospecting.view")
    rows = campaigns_matching(actor, way=query.way, text=query.q.replace("\x00", "")).prefetch_related("agenda")
    page = page_of(rows, page=query, sort="-starts_on")
    return {"items": [CampaignOut.of(row) for row in with_yields(page.items, actor)], "next": page.next}


@router.post("/campaigns", response={201: CampaignOut}, operation_id="plan_campaign", summary="Plan a campaign")
def post_campaign(request: HttpRequest, payload: CampaignIn) -> Status[CampaignOut]:
    """Plan a campaign."""
    values = payload.model_dump(exclude_unset=True, exclude={"cost"})
    values.setdefault("ends_on", payload.starts_on)
    cost = payload.cost.money() if payload.cost is not None else None
    made = plan_campaign(values=values, cost=cost, actor=actor_of(request), now=timezone.now())
    return Status(201, _out(request, made.ref))


@router.get("/campaigns/{ref}", response=CampaignOut, operation_id="get_campaign", summary="Read a campaign")
def read_campaign(request: HttpRequest, ref: str) -> CampaignOut:
    """Read a campaign with its agenda and what it brought."""
    return _out(request, ref)


@router.patch("/campaigns/{ref}", response=CampaignOut, operation_id="edit_campaign", summary="Change a campaign")
def patch_campaign(request: HttpRequest, ref: str, payload: CampaignPatch) -> CampaignOut:
    """Change the facts that the body names."""
    actor = actor_of(request)
    values = payload.model_dump(exclude_unset=True, exclude={"version", "cost"})
    cost = payload.cost.money() if payload.cost is not None else None
    edit_campaign(
        campaign=get_campaign(ref=ref, user=actor),
        version=payload.version,
        values=values,
        cost=cost,
        actor=actor,
        now=timezone.now(),
    )
    return _out(request, ref)


@router.put("/campaigns/{ref}/agenda", response=CampaignOut, operation_id="set_agenda", summary="Write an agenda")
def put_agenda(request: HttpRequest, ref: str, payload: AgendaIn) -> CampaignOut:
    """Write the agenda of a seminar anew."""
    actor = actor_of(request)
    points = [Point(**point.model_dump()) for point in payload.points]
    held = get_campaign(ref=ref, user=actor)
    set_agenda(campaign=held, version=payload.version, points=points, actor=actor, now=timezone.now())
    return _out(request, ref)


@router.post(
    "/campaigns/{ref}/follow-up",
    response=AddedOut,
    operation_id="follow_campaign",
    summary="Put a next step on every open lead of a campaign",
)
def post_follow(request: HttpRequest, ref: str, payload: FollowUpIn) -> AddedOut:
    """Put the same next step on every open lead that has an owner and none yet after this campaign."""
    actor = actor_of(request)
    held = get_campaign(ref=ref, user=actor)
    return AddedOut(added=follow_campaign(campaign=held, **payload.model_dump(), actor=actor, now=timezone.now()))


@router.get("/lead-sources", response=list[LeadSourceOut], operation_id="list_lead_sources", summary="Compare sources")
def get_sources(request: HttpRequest) -> list[LeadSourceOut]:
    """Compare what the sources of leads brought, among leads you may see."""
    actor = actor_of(request)
    require(actor, "prospecting.view")
    return [
        LeadSourceOut(source=row.source, campaigns=row.campaigns, results=YieldOut.of(row.brought))
        for row in source_rows(actor)
    ]


def _out(request: HttpRequest, ref: str) -> CampaignOut:
    actor = actor_of(request)
    held = get_campaign(ref=ref, user=actor)
    return CampaignOut.of(with_yields([held], actor)[0])
