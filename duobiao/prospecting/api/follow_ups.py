"""Next steps and referral asks over the API."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from duobiao.customers.models import Contact
from duobiao.customers.queries.customers import get_customer
from duobiao.identity.api_support import PageOut, PageQuery, StrictSchema, found_or_404, page_of
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import Invalid
from duobiao.prospecting.actions.ask_referral import ask_referral, settle_ask
from duobiao.prospecting.actions.follow_up import add_follow_up, finish_follow_up
from duobiao.prospecting.api.schemas import FollowUpIn, RefText
from duobiao.prospecting.models import AskState, Campaign, FollowUp, ReferralAsk
from duobiao.prospecting.queries.campaigns import asks_seen
from duobiao.prospecting.queries.leads import get_lead

router = Router()
Day = date


class ResultIn(StrictSchema):
    """What came of it."""

    result: str = Field("", max_length=500)


class FollowUpOut(Schema):
    """A next step; `task` once it became a task of a deal."""

    ref: str
    lead: str
    title: str
    owner: str
    due_on: Day
    done_at: datetime | None
    result: str
    task: str | None

    @classmethod
    def of(cls, row: FollowUp) -> "FollowUpOut":
        """Build from a row with its lead and owner loaded."""
        same = ("ref", "title", "due_on", "done_at", "result")
        task = row.task.ref if row.task is not None else None
        values = {name: getattr(row, name) for name in same}
        return cls(**values, lead=row.lead.ref, owner=row.owner.ref, task=task)


class AskIn(StrictSchema):
    """A referral ask."""

    contact: RefText | None = None
    campaign: RefText | None = None
    satisfied_with: str = Field(min_length=1, max_length=300)
    whom: str = Field(min_length=1, max_length=300)
    asked_on: Day
    no_conflict: bool = Field(description="You made sure that the interests of both do not clash.")


class SettleIn(StrictSchema):
    """What came of an ask."""

    state: AskState
    company: str = Field("", max_length=120, description="Needed where they referred us; becomes a lead.")
    contact_name: str = Field("", max_length=60)
    result: str = Field("", max_length=500)


class AskOut(Schema):
    """A referral ask."""

    ref: str
    customer: str
    contact: str | None
    campaign: str | None
    satisfied_with: str
    whom: str
    asked_on: Day
    asked_by: str
    state: str
    result: str
    lead: str | None

    @classmethod
    def of(cls, row: ReferralAsk) -> "AskOut":
        """Build from a row with its records loaded."""
        same = ("ref", "satisfied_with", "whom", "asked_on", "state", "result")
        linked = {"contact": row.contact, "campaign": row.campaign, "lead": row.lead}
        values: dict[str, Any] = {name: getattr(row, name) for name in same}
        values |= {name: one.ref if one is not None else None for name, one in linked.items()}
        return cls(**values, customer=row.customer.ref, asked_by=row.asked_by.ref)


@router.get(
    "/leads/{ref}/next-steps",
    response=list[FollowUpOut],
    operation_id="list_follow_ups",
    summary="Read the next steps on a lead",
)
def get_follow_ups(request: HttpRequest, ref: str) -> list[FollowUpOut]:
    """Read the next steps on a lead, the first due first."""
    lead = get_lead(ref=ref, user=actor_of(request))
    rows = lead.follow_ups.select_related("lead", "owner", "task").order_by("due_on", "pk")
    return [FollowUpOut.of(row) for row in rows[:200]]


@router.post(
    "/leads/{ref}/next-steps",
    response={201: FollowUpOut},
    operation_id="add_follow_up",
    summary="Put a next step on a lead",
)
def post_follow_up(request: HttpRequest, ref: str, payload: FollowUpIn) -> Status[FollowUpOut]:
    """Put a next step; it becomes a task when the lead becomes a deal."""
    actor = actor_of(request)
    lead = get_lead(ref=ref, user=actor)
    return Status(
        201, FollowUpOut.of(add_follow_up(lead=lead, **payload.model_dump(), actor=actor, now=timezone.now()))
    )


@router.post(
    "/next-steps/{ref}/done", response=FollowUpOut, operation_id="finish_follow_up", summary="Finish a next step"
)
def post_done(request: HttpRequest, ref: str, payload: ResultIn) -> FollowUpOut:
    """Say what came of a next step."""
    actor = actor_of(request)
    rows = FollowUp.objects.visible_to(actor).select_related("lead", "owner")
    held = found_or_404(rows.filter(ref=ref).first())
    return FollowUpOut.of(finish_follow_up(follow_up=held, result=payload.result, actor=actor, now=timezone.now()))


@router.get("/referral-asks", response=PageOut[AskOut], operation_id="list_referral_asks", summary="List referral asks")
def list_asks(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """List the referral asks you may see, the latest first."""
    actor = actor_of(request)
    require(actor, "prospecting.view")
    page = page_of(asks_seen(actor), page=query, sort="-asked_on")
    return {"items": [AskOut.of(row) for row in page.items], "next": page.next}


@router.post(
    "/customers/{ref}/referral-asks",
    response={201: AskOut},
    operation_id="ask_referral",
    summary="Note that a customer was asked to refer us",
)
def post_ask(request: HttpRequest, ref: str, payload: AskIn) -> Status[AskOut]:
    """Note an ask to a satisfied customer."""
    actor = actor_of(request)
    customer = get_customer(ref=ref, user=actor)
    contact = Contact.objects.visible_to(actor).filter(ref=payload.contact or "").first()
    campaign = Campaign.objects.visible_to(actor).filter(ref=payload.campaign or "").first()
    found = {"contact": contact, "campaign": campaign}
    missing = {name: _("not found") for name, row in found.items() if row is None and getattr(payload, name)}
    if missing:
        raise Invalid(_("There is no such record."), fields=missing)
    made = ask_referral(
        customer=customer,
        contact=contact,
        campaign=campaign,
        **payload.model_dump(exclude={"contact", "campaign"}),
        actor=actor,
        now=timezone.now(),
    )
    return Status(201, AskOut.of(made))


@router.post(
    "/referral-asks/{ref}/settle", response=AskOut, operation_id="settle_ask", summary="Note the answer to an ask"
)
def post_settle(request: HttpRequest, ref: str, payload: SettleIn) -> AskOut:
    """Note what came of an ask; a referral becomes a lead of who asked."""
    actor = actor_of(request)
    held = found_or_404(asks_seen(actor).filter(ref=ref).first())
    return AskOut.of(settle_ask(ask=held, **payload.model_dump(), actor=actor, now=timezone.now()))
