"""Calling lists over the API: make one, ask for the next person, record what became of it; latent customers."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import AwareDatetime

from duobiao.customers.models import Customer
from duobiao.engagement.actions.make_call_list import close_call_list, make_call_list
from duobiao.engagement.actions.people import NewContact
from duobiao.engagement.actions.record_outcome import Said, record_outcome
from duobiao.engagement.api.calls_and_visits import deal_of, given, people_of
from duobiao.engagement.domain.call_lists import Progress
from duobiao.engagement.models import Call, CallList, CallListEntry
from duobiao.engagement.queries.call_candidates import Wanted
from duobiao.engagement.queries.call_lists import (
    entries_of,
    get_call_list,
    get_entry,
    lists_seen,
    next_entry,
    progress_of,
)
from duobiao.engagement.queries.latent import deciding_calls, latent_customers
from duobiao.engagement.schemas import CallFields, Code, Named, NewContactIn, Version
from duobiao.identity.api_support import Page, PageOut, PageQuery, StrictSchema, page_of, user_by_ref
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.prospecting.queries.campaigns import get_campaign

router = Router()
Word = Annotated[str, Field(max_length=60)]


class CallListIn(StrictSchema):
    """A list to make from a filter."""

    name: str = Field(min_length=1, max_length=120)
    source: Code = Field(description="PLAN (contact plan due within a week), CUSTOMERS, LEADS or CAMPAIGN.")
    class_key: Word = Field("", description="CUSTOMERS: class by evaluation, A, B, C or none.")
    industry: Word = ""
    region: Word = ""
    a_class_only: bool = Field(False, description="CUSTOMERS: only latent customers (A class by call).")
    lead_source: Word = ""
    campaign: Named | None = Field(None, description="CAMPAIGN: whose leads are called.")
    purposes: list[Code] = Field(default_factory=list, max_length=4)
    owner: Named | None = Field(None, description="Who calls; left out: you.")


class CallListOut(Schema):
    """A calling list and how far it is."""

    ref: str
    name: str
    owner: str
    source: str
    about: str
    purposes: list[str]
    created_at: datetime
    closed_at: datetime | None
    version: int
    total: int
    settled: int
    reached: int
    a_class: int = Field(description="Companies its calls found to be latent customers.")
    meetings: int
    yield_percent: int | None = Field(description="A class among those reached; null before anybody was.")

    @classmethod
    def of(cls, calls: CallList, progress: Progress) -> "CallListOut":
        """Build from a row with its owner loaded."""
        same = ("ref", "name", "source", "about", "purposes", "created_at", "closed_at", "version")
        counted = ("total", "settled", "reached", "a_class", "meetings", "yield_percent")
        values: dict[str, Any] = {name: getattr(calls, name) for name in same}
        return cls(owner=calls.owner.ref, **values, **{name: getattr(progress, name) for name in counted})


class CallListEntryOut(Schema):
    """One person to call."""

    ref: str
    number: int
    name: str
    company: str
    phone: str
    customer: str | None
    contact: str | None
    lead: str | None
    outcome: str
    tries: int
    note: str
    call_back_at: datetime | None
    last_at: datetime | None
    settled_at: datetime | None
    version: int

    @classmethod
    def of(cls, entry: CallListEntry) -> "CallListEntryOut":
        """Build from a row with its people loaded."""
        links: dict[str, Any] = {
            name: getattr(getattr(entry, name), "ref", None) for name in ("customer", "contact", "lead")
        }
        return cls(**links, **{name: getattr(entry, name) for name in cls.model_fields if name not in links})


class OutcomeIn(CallFields):
    """What became of an entry, with what was said."""

    version: Version
    outcome: Code = Field(
        description="MEETING, INTERESTED, REACHED, NOT_INTERESTED, CALL_BACK, NO_ANSWER, WRONG_NUMBER or SKIPPED."
    )
    call_back_at: AwareDatetime | None = None
    contact: Named | None = Field(None, description="Who spoke, if not the person of the entry.")
    new_contact: NewContactIn | None = None
    opportunity: Named | None = None


class OutcomeOut(Schema):
    """The entry afterwards, and the call that was logged."""

    entry: CallListEntryOut
    call: str | None = Field(description="Null where a lead is no customer yet, or nobody was called.")
    visit: str | None


class CloseListIn(StrictSchema):
    """The version you saw."""

    version: Version


class ListsQuery(PageQuery):
    """Which lists."""

    mine: bool = Field(False, description="Only those you call.")


class LatentOut(Schema):
    """A latent customer, and the call that found it."""

    customer: str
    name: str
    industry: str
    owner: str
    call: str | None
    decided_at: datetime
    has_deal: bool


class LatentQuery(PageQuery):
    """Which latent customers."""

    industry: str = Field("", max_length=60)
    without_deal: bool = False


@router.get("/call-lists", response=PageOut[CallListOut], operation_id="list_call_lists", summary="List calling lists")
def list_call_lists(request: HttpRequest, query: Query[ListsQuery]) -> dict[str, Any]:
    """List the calling lists you may see, the latest first."""
    rows = lists_seen(actor_of(request), mine=query.mine)
    page: Page[CallList] = page_of(rows, page=query, sort="-created_at")
    return {"items": _out(list(page.items)), "next": page.next}


@router.post("/call-lists", response={201: CallListOut}, operation_id="make_call_list", summary="Make a calling list")
def post_call_list(request: HttpRequest, payload: CallListIn) -> Status[CallListOut]:
    """Make a list from a filter; whom you and who calls may see gets onto it, 300 at most."""
    actor = actor_of(request)
    require(actor, "engagement.log_call")
    values = payload.model_dump(exclude={"name", "purposes", "owner", "campaign"})
    if payload.campaign:
        campaign = get_campaign(ref=payload.campaign, user=actor)
        values |= {"campaign": campaign.ref, "campaign_name": campaign.name}
    owner = user_by_ref(actor, payload.owner, field="owner") if payload.owner else actor
    wanted, now = Wanted(**values), timezone.now()
    made = make_call_list(
        name=payload.name, wanted=wanted, owner=owner, purposes=payload.purposes, actor=actor, now=now
    )
    return Status(201, _out([made.list])[0])


@router.get("/call-lists/{ref}", response=CallListOut, operation_id="get_call_list", summary="Read a calling list")
def read_call_list(request: HttpRequest, ref: str) -> CallListOut:
    """One list and how far it is."""
    return _out([get_call_list(ref=ref, user=actor_of(request))])[0]


@router.post(
    "/call-lists/{ref}/close", response=CallListOut, operation_id="close_call_list", summary="Close a calling list"
)
def post_close(request: HttpRequest, ref: str, payload: CloseListIn) -> CallListOut:
    """Close a list; who is left on it is not called."""
    actor = actor_of(request)
    held = get_call_list(ref=ref, user=actor)
    return _out([close_call_list(calls=held, version=payload.version, actor=actor, now=timezone.now())])[0]


@router.get(
    "/call-lists/{ref}/entries",
    response=PageOut[CallListEntryOut],
    operation_id="list_call_list_entries",
    summary="List the people on a calling list",
)
def list_entries(request: HttpRequest, ref: str, query: Query[PageQuery]) -> dict[str, Any]:
    """List the entries in the order the list was made; those you may not see any more are left out."""
    actor = actor_of(request)
    rows = entries_of(get_call_list(ref=ref, user=actor), actor)
    page: Page[CallListEntry] = page_of(rows, page=query, sort="number")
    return {"items": [CallListEntryOut.of(row) for row in page.items], "next": page.next}


@router.get(
    "/call-lists/{ref}/next",
    response=CallListEntryOut | None,
    operation_id="next_call",
    summary="Read whom to call now",
)
def read_next(request: HttpRequest, ref: str) -> CallListEntryOut | None:
    """Whom to call now: who asked to be called by now first; null where nobody is left."""
    actor = actor_of(request)
    entry = next_entry(get_call_list(ref=ref, user=actor), actor, now=timezone.now())
    return CallListEntryOut.of(entry) if entry is not None else None


@router.post(
    "/call-lists/{ref}/entries/{entry}/outcome",
    response=OutcomeOut,
    operation_id="record_outcome",
    summary="Record what became of a call",
)
def post_outcome(request: HttpRequest, ref: str, entry: str, payload: OutcomeIn) -> OutcomeOut:
    """Record the outcome: the call is logged with what it proves, and the entry settled or put off."""
    actor = actor_of(request)
    held = get_entry(calls=get_call_list(ref=ref, user=actor), ref=entry, user=actor)
    besides = ("version", "outcome", "call_back_at", "contact", "new_contact", "opportunity")
    new = payload.new_contact
    said = Said(
        values=given(payload, besides=besides),
        contact=people_of(actor, [payload.contact], "contact")[0]
        if payload.contact
        else NewContact(new.name, new.position, new.mobile)
        if new is not None
        else None,
        opportunity=deal_of(actor, payload.opportunity),
        meeting_contacts=people_of(actor, payload.meeting_contacts, "meeting_contacts"),
    )
    recorded = record_outcome(
        entry=held,
        version=payload.version,
        outcome=payload.outcome,
        call_back_at=payload.call_back_at,
        said=said,
        actor=actor,
        now=timezone.now(),
    )
    logged = recorded.logged
    return OutcomeOut(
        entry=CallListEntryOut.of(recorded.entry),
        call=logged.call.ref if logged is not None else None,
        visit=logged.visit.ref if logged is not None and logged.visit is not None else None,
    )


@router.get(
    "/latent-customers",
    response=PageOut[LatentOut],
    operation_id="list_latent_customers",
    summary="List latent customers",
)
def list_latent(request: HttpRequest, query: Query[LatentQuery]) -> dict[str, Any]:
    """List the customers whose latest decided call says A class."""
    rows = latent_customers(actor_of(request), industry=query.industry, without_deal=query.without_deal)
    page: Page[Customer] = page_of(rows.select_related("owner"), page=query, sort="name")
    calls = deciding_calls(list(page.items))
    return {"items": [_latent(row, calls.get(row.pk)) for row in page.items], "next": page.next}


def _latent(row: Any, call: Call | None) -> dict[str, Any]:
    same = {name: getattr(row, name) for name in ("name", "industry", "decided_at", "has_deal")}
    return {**same, "customer": row.ref, "owner": row.owner.ref, "call": call.ref if call is not None else None}


def _out(lists: list[CallList]) -> list[CallListOut]:
    found = progress_of(lists)
    return [CallListOut.of(row, found[row.pk]) for row in lists]
