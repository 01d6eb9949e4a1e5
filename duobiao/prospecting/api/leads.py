"""Leads over the API."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from duobiao.customers.actions.check_duplicates import check_duplicates
from duobiao.customers.models import Contact, Customer
from duobiao.identity.api_support import Page, PageOut, page_of, user_by_ref
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.models import Opportunity
from duobiao.prospecting.actions.capture_lead import capture_lead
from duobiao.prospecting.actions.claim_lead import assign_lead, claim_lead, return_lead
from duobiao.prospecting.actions.convert_lead import Into, convert_lead
from duobiao.prospecting.actions.edit_lead import check_lead, discard_lead, edit_lead, reopen_lead
from duobiao.prospecting.actions.keep_lead import require_open
from duobiao.prospecting.api.schemas import (
    AlikeOut,
    AssignIn,
    CandidatesOut,
    CheckIn,
    ConvertIn,
    DiscardIn,
    LeadAlikeOut,
    LeadIn,
    LeadOut,
    LeadPatch,
    LeadsQuery,
    ReturnIn,
)
from duobiao.prospecting.models import Lead, Pool
from duobiao.prospecting.queries.campaigns import get_campaign
from duobiao.prospecting.queries.leads import LeadFilter, candidates_for, get_lead, leads_matching

router = Router()
RELATED = ("owner", "pool", "campaign", "customer", "contact", "opportunity")


@router.post("/leads", response={201: LeadOut}, operation_id="capture_lead", summary="Enter a lead")
def post_lead(request: HttpRequest, payload: LeadIn) -> Status[LeadOut]:
    """Enter a lead for yourself, for somebody of your team, or into a pool."""
    actor = actor_of(request)
    values = payload.model_dump(exclude_unset=True, exclude={"owner", "pool", "campaign"})
    if payload.campaign:
        values["campaign"] = get_campaign(ref=payload.campaign, user=actor)
    owner = user_by_ref(actor, payload.owner, field="owner") if payload.owner else None
    pool = _pool(actor, payload.pool) if payload.pool else None
    lead = capture_lead(values=values, owner=owner, pool=pool, actor=actor, now=timezone.now())
    return Status(201, LeadOut.of(lead))


@router.get("/leads", response=PageOut[LeadOut], operation_id="list_leads", summary="List leads")
def list_leads(request: HttpRequest, query: Query[LeadsQuery]) -> dict[str, Any]:
    """List the leads you may see."""
    actor = actor_of(request)
    require(actor, "prospecting.view")
    wanted = LeadFilter(
        place=query.place,
        state=query.state,
        text=query.q.replace("\x00", ""),
        source=query.source,
        pool=query.pool,
        owner=query.owner,
        campaign=query.campaign,
    )
    rows = leads_matching(wanted, user=actor).select_related(*RELATED)
    page: Page[Lead] = page_of(rows, page=query, sort=query.sort)
    return {"items": [LeadOut.of(row) for row in page.items], "next": page.next}


@router.get("/leads/{ref}", response=LeadOut, operation_id="get_lead", summary="Read a lead")
def read_lead(request: HttpRequest, ref: str) -> LeadOut:
    """Read a lead."""
    return LeadOut.of(get_lead(ref=ref, user=actor_of(request)))


@router.patch("/leads/{ref}", response=LeadOut, operation_id="edit_lead", summary="Change facts of a lead")
def patch_lead(request: HttpRequest, ref: str, payload: LeadPatch) -> LeadOut:
    """Change the facts that the body names."""
    actor = actor_of(request)
    values = payload.model_dump(exclude_unset=True, exclude={"version"})
    lead = get_lead(ref=ref, user=actor)
    return LeadOut.of(edit_lead(lead=lead, version=payload.version, values=values, actor=actor, now=timezone.now()))


@router.get(
    "/leads/{ref}/candidates",
    response=CandidatesOut,
    operation_id="list_lead_candidates",
    summary="Find what a lead may be the same as",
)
def get_candidates(request: HttpRequest, ref: str) -> CandidatesOut:
    """Find customers, with their contacts and open deals, and leads that may be the same."""
    actor = actor_of(request)
    found = candidates_for(get_lead(ref=ref, user=actor), user=actor)
    return CandidatesOut(
        customers=[
            AlikeOut(
                ref=row.match.customer.ref,
                name=row.match.customer.name,
                reasons=list(row.match.reasons),
                contacts=[{"ref": one.ref, "name": one.name} for one in row.contacts],
                opportunities=[{"ref": one.ref, "name": one.name} for one in row.deals],
            )
            for row in found.customers
        ],
        units=[unit for unit in found.units if unit],
        leads=[row.lead.ref for row in found.leads],
        leads_alike=[
            LeadAlikeOut(ref=row.lead.ref, company=row.lead.company, reasons=list(row.reasons)) for row in found.leads
        ],
    )


@router.post("/leads/{ref}/check", response=LeadOut, operation_id="check_lead", summary="Answer the check of a lead")
def post_check(request: HttpRequest, ref: str, payload: CheckIn) -> LeadOut:
    """Say whether the need is real, feasible, and fits us."""
    actor = actor_of(request)
    answers = {"real": payload.real, "feasible": payload.feasible, "fit": payload.fit}
    lead = check_lead(
        lead=get_lead(ref=ref, user=actor),
        version=payload.version,
        answers=answers,
        note=payload.note,
        actor=actor,
        now=timezone.now(),
    )
    return LeadOut.of(lead)


@router.post("/leads/{ref}/discard", response=LeadOut, operation_id="discard_lead", summary="Discard a lead")
def post_discard(request: HttpRequest, ref: str, payload: DiscardIn) -> LeadOut:
    """Drop a lead for a reason."""
    actor = actor_of(request)
    lead = get_lead(ref=ref, user=actor)
    return LeadOut.of(discard_lead(lead=lead, **payload.model_dump(), actor=actor, now=timezone.now()))


@router.post("/leads/{ref}/reopen", response=LeadOut, operation_id="reopen_lead", summary="Take up a lead again")
def post_reopen(request: HttpRequest, ref: str) -> LeadOut:
    """Take a discarded lead up again."""
    actor = actor_of(request)
    return LeadOut.of(reopen_lead(lead=get_lead(ref=ref, user=actor), actor=actor, now=timezone.now()))


@router.post("/leads/{ref}/claim", response=LeadOut, operation_id="claim_lead", summary="Take a lead from its pool")
def post_claim(request: HttpRequest, ref: str) -> LeadOut:
    """Take a free lead; 409 `already_claimed` or `claim_limit`."""
    actor = actor_of(request)
    return LeadOut.of(claim_lead(lead=get_lead(ref=ref, user=actor), actor=actor, now=timezone.now()))


@router.post("/leads/{ref}/return", response=LeadOut, operation_id="return_lead", summary="Give a lead back")
def post_return(request: HttpRequest, ref: str, payload: ReturnIn) -> LeadOut:
    """Give a lead back to its pool."""
    actor = actor_of(request)
    lead = get_lead(ref=ref, user=actor)
    return LeadOut.of(return_lead(lead=lead, note=payload.note, actor=actor, now=timezone.now()))


@router.post("/leads/{ref}/assign", response=LeadOut, operation_id="assign_lead", summary="Assign a lead")
def post_assign(request: HttpRequest, ref: str, payload: AssignIn) -> LeadOut:
    """Give a lead to a person or put it into a pool."""
    actor = actor_of(request)
    lead = get_lead(ref=ref, user=actor)
    require(actor, "prospecting.assign", None if lead.is_free else lead)
    owner = user_by_ref(actor, payload.owner, field="owner") if payload.owner else None
    pool = _pool(actor, payload.pool) if payload.pool else None
    given = assign_lead(lead=lead, version=payload.version, owner=owner, pool=pool, actor=actor, now=timezone.now())
    return LeadOut.of(given)


@router.post("/leads/{ref}/convert", response=LeadOut, operation_id="convert_lead", summary="Convert a lead")
def post_convert(request: HttpRequest, ref: str, payload: ConvertIn) -> LeadOut:
    """Make customer, contact and deal of a lead, or join existing ones; once: then 409 `lead_closed` names them."""
    actor, now = actor_of(request), timezone.now()
    lead = get_lead(ref=ref, user=actor)
    require(actor, "prospecting.work", lead)
    require_open(lead)
    into = _into(actor, payload)
    if into.customer is None and into.opportunity is None and not into.duplicate_confirmed:
        check_duplicates(name=lead.company, actor=actor, now=now)
    return LeadOut.of(convert_lead(lead=lead, into=into, version=payload.version, actor=actor, now=now))


def _into(actor: User, payload: ConvertIn) -> Into:
    """Return what is asked for, found among what the actor may see.

    Raises:
        Invalid: a named record is not among it.
    """
    customer = Customer.objects.visible_to(actor).filter(ref=payload.customer or "").first()
    contact = Contact.objects.visible_to(actor).filter(ref=payload.contact or "").first()
    deals = Opportunity.objects.visible_to(actor).select_related("customer")
    deal = deals.filter(ref=payload.opportunity or "").first()
    found = {"customer": customer, "contact": contact, "opportunity": deal}
    missing = {name: _("not found") for name, row in found.items() if row is None and getattr(payload, name)}
    if missing:
        raise Invalid(_("There is no such record."), fields=missing)
    return Into(
        customer=customer,
        contact=contact,
        opportunity=deal,
        with_contact=payload.with_contact,
        with_deal=payload.with_deal,
        deal_name=payload.deal_name,
        amount=payload.amount.money() if payload.amount is not None else None,
        duplicate_confirmed=payload.confirm_duplicate,
    )


def _pool(actor: User, ref: str) -> Pool:
    """Return a pool named in a body.

    Raises:
        Invalid: there is none open to the actor.
    """
    found = Pool.objects.active().of_leads().visible_to(actor).filter(ref=ref).first()
    if found is None:
        raise Invalid(_("There is no such pool."), fields={"pool": _("not found")})
    return found
