"""Calls and visits: log, read, correct, withdraw; plan, move, record, cancel."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Status

from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.contacts import get_contact
from duobiao.engagement.actions.call_checks import company_zone
from duobiao.engagement.actions.cancel_visit import cancel_visit
from duobiao.engagement.actions.correct_call import correct_call
from duobiao.engagement.actions.correct_visit import correct_visit
from duobiao.engagement.actions.log_call import NewDeal, log_call
from duobiao.engagement.actions.move_visit import move_visit
from duobiao.engagement.actions.people import NewContact
from duobiao.engagement.actions.plan_contact import end_contact_plan, plan_contact
from duobiao.engagement.actions.plan_visit import Agreement, plan_visit
from duobiao.engagement.actions.record_visit import record_visit
from duobiao.engagement.actions.values import PEOPLE_FIELDS
from duobiao.engagement.actions.withdraw_call import withdraw_call
from duobiao.engagement.domain.calls import judge_call
from duobiao.engagement.domain.visits import judge_visit
from duobiao.engagement.models import Call, ContactCycle, Visit
from duobiao.engagement.queries.cycles import cycles_seen
from duobiao.engagement.queries.judged import judged
from duobiao.engagement.queries.records import CALL_RELATED, get_call, get_visit, live_proofs
from duobiao.engagement.schemas import (
    AgreementIn,
    CallIn,
    CallOut,
    CallPatch,
    CancelIn,
    ContactPlanIn,
    ContactPlanOut,
    RecordIn,
    VisitIn,
    VisitOut,
    VisitPatch,
    WithdrawIn,
)
from duobiao.identity import policy
from duobiao.identity.api_support import Page, PageOut, PageQuery, page_of, user_by_ref
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.days import local_day
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.confirm_evidence import Confirmed
from duobiao.opportunities.models import Opportunity

router = Router()
ABOUT_VISIT = (
    *("opportunity", "customer", "call", "host", "agreed_with", "handler_met"),
    *("found_handler", "confirmed_by", "requested_by"),
)


class ContactPlansQuery(PageQuery):
    """Filters of the list of contact plans."""

    overdue: bool = False
    mine: bool = Field(False, description="Only with customers you own.")


class CallQuery(PageQuery):
    """Filters of the list of calls."""

    opportunity: str | None = Field(None, max_length=40)
    customer: str | None = Field(None, max_length=40)
    contact: str | None = Field(None, max_length=40)
    caller: str | None = Field(None, max_length=40)


class VisitQuery(PageQuery):
    """Filters of the list of visits."""

    opportunity: str | None = Field(None, max_length=40)
    customer: str | None = Field(None, max_length=40)
    host: str | None = Field(None, max_length=40)


@router.get("/calls", response=PageOut[CallOut], operation_id="list_calls", summary="List calls")
def list_calls(request: HttpRequest, filters: Query[CallQuery]) -> PageOut[CallOut]:
    """List the calls you may see, latest first; what each proves is on the call itself."""
    rows = Call.objects.visible_to(actor_of(request)).select_related(*CALL_RELATED, "visit")
    page = page_of(_filtered(rows, filters), page=filters, sort="-started_at")
    return PageOut(items=[CallOut.of(call, visit=getattr(call, "visit", None)) for call in page.items], next=page.next)


@router.post("/calls", response={201: CallOut}, operation_id="log_call", summary="Log a call")
def post_call(request: HttpRequest, payload: CallIn) -> Status[CallOut]:
    """Log a call; the answer says what it proves and what it does not, with the reason."""
    actor = actor_of(request)
    policy.require(actor, "engagement.log_call")
    opportunity = deal_of(actor, payload.opportunity)
    customer, contact = _called(actor, payload, opportunity)
    logged = log_call(
        customer=customer,
        contact=contact,
        opportunity=opportunity,
        deal=NewDeal(payload.deal.name, payload.deal.money()) if payload.deal else None,
        values=given(payload, besides=("contact", "customer", "new_contact", "opportunity", "deal")),
        meeting_contacts=people_of(actor, payload.meeting_contacts, "meeting_contacts"),
        actor=actor,
        now=timezone.now(),
    )
    return Status(201, _call_out(get_call(ref=logged.call.ref, user=actor), logged.confirmed))


@router.get("/calls/{ref}", response=CallOut, operation_id="get_call", summary="Read a call")
def read_call(request: HttpRequest, ref: str) -> CallOut:
    """One call with what it proves."""
    actor = actor_of(request)
    return _call_out(get_call(ref=ref, user=actor))


@router.patch("/calls/{ref}", response=CallOut, operation_id="correct_call", summary="Correct a call")
def patch_call(request: HttpRequest, ref: str, payload: CallPatch) -> CallOut:
    """Change fields; what the call no longer shows is retracted."""
    actor = actor_of(request)
    values = given(payload, besides=("version",), nulls=True)
    if "contact" in values:
        values["contact"] = people_of(actor, [values["contact"] or ""], "contact")[0]
    if "opportunity" in values:
        values["opportunity"] = deal_of(actor, values["opportunity"])
    people = payload.meeting_contacts
    logged = correct_call(
        call=get_call(ref=ref, user=actor),
        version=payload.version,
        values=values,
        meeting_contacts=None if people is None else people_of(actor, people, "meeting_contacts"),
        actor=actor,
        now=timezone.now(),
    )
    return _call_out(get_call(ref=ref, user=actor), logged.confirmed)


@router.delete("/calls/{ref}", response={204: None}, operation_id="withdraw_call", summary="Withdraw a call")
def delete_call(request: HttpRequest, ref: str, payload: WithdrawIn) -> Status[None]:
    """Take a wrongly logged call back, with everything it proved."""
    actor = actor_of(request)
    call = get_call(ref=ref, user=actor)
    withdraw_call(call=call, version=payload.version, reason=payload.reason, actor=actor, now=timezone.now())
    return Status(204, None)


@router.get("/visits", response=PageOut[VisitOut], operation_id="list_visits", summary="List visits")
def list_visits(request: HttpRequest, filters: Query[VisitQuery]) -> PageOut[VisitOut]:
    """List the visits you may see, latest first; what each proves is on the visit itself."""
    rows = _visits(Visit.objects.visible_to(actor_of(request)))
    page = page_of(_filtered(rows, filters), page=filters, sort="-planned_at")
    return PageOut(items=[VisitOut.of(visit) for visit in page.items], next=page.next)


@router.post("/visits", response={201: VisitOut}, operation_id="plan_visit", summary="Plan a visit")
def post_visit(request: HttpRequest, payload: VisitIn) -> Status[VisitOut]:
    """Plan a visit; agreed by the handler it proves the appointment."""
    actor = actor_of(request)
    policy.require(actor, "engagement.plan_visit")
    opportunity = deal_of(actor, payload.opportunity)
    customer = opportunity.customer if opportunity and not payload.customer else _customer(actor, payload.customer)
    values = given(payload, besides=("opportunity", "customer", "agreed", "contacts", "our_people"))
    planned = plan_visit(
        customer=customer,
        opportunity=opportunity,
        values=values,
        agreed=_agreement(actor, payload.agreed),
        contacts=people_of(actor, payload.contacts, "contacts"),
        our_people=_users(actor, payload.our_people),
        actor=actor,
        now=timezone.now(),
    )
    return Status(201, _visit_out(planned.visit.ref, actor, planned.confirmed))


@router.get("/visits/{ref}", response=VisitOut, operation_id="get_visit", summary="Read a visit")
def read_visit(request: HttpRequest, ref: str) -> VisitOut:
    """One visit with what it proves."""
    return _visit_out(ref, actor_of(request))


@router.patch("/visits/{ref}", response=VisitOut, operation_id="correct_visit", summary="Correct or move a visit")
def patch_visit(request: HttpRequest, ref: str, payload: VisitPatch) -> VisitOut:
    """Change fields; another ``planned_at`` moves the visit."""
    actor, now = actor_of(request), timezone.now()
    visit = get_visit(ref=ref, user=actor)
    with transaction.atomic():
        confirmed = _patch(visit, payload, actor, now)
    return _visit_out(ref, actor, confirmed)


def _patch(visit: Visit, payload: VisitPatch, actor: User, now: datetime) -> list[Confirmed]:
    version, confirmed = payload.version, list[Confirmed]()
    if payload.planned_at is not None and payload.planned_at != visit.planned_at:
        moved = move_visit(
            visit=visit,
            version=version,
            at=payload.planned_at,
            place=payload.place,
            reason=payload.reason,
            agreed=_agreement(actor, payload.agreed),
            actor=actor,
            now=now,
        )
        version, confirmed = moved.visit.version, moved.confirmed
    values = given(
        payload,
        besides=("version", "planned_at", "reason", "agreed", "met", "contacts", "our_people"),
        nulls=True,
    )
    corrected = correct_visit(
        visit=visit,
        version=version,
        values=_with_people(actor, values),
        met=None if payload.met is None else people_of(actor, payload.met, "met"),
        contacts=None if payload.contacts is None else people_of(actor, payload.contacts, "contacts"),
        our_people=None if payload.our_people is None else _users(actor, payload.our_people),
        actor=actor,
        now=now,
    )
    return [*confirmed, *corrected.confirmed]


@router.post("/visits/{ref}/record", response=VisitOut, operation_id="record_visit", summary="Record a visit")
def post_record(request: HttpRequest, ref: str, payload: RecordIn) -> VisitOut:
    """Record that it took place; the answer says what that proves."""
    actor = actor_of(request)
    recorded = record_visit(
        visit=get_visit(ref=ref, user=actor),
        version=payload.version,
        values=_with_people(actor, given(payload, besides=("version", "met"))),
        met=people_of(actor, payload.met, "met"),
        actor=actor,
        now=timezone.now(),
    )
    return _visit_out(ref, actor, recorded.confirmed)


@router.post("/visits/{ref}/cancel", response=VisitOut, operation_id="cancel_visit", summary="Cancel a visit")
def post_cancel(request: HttpRequest, ref: str, payload: CancelIn) -> VisitOut:
    """Cancel it, or withdraw the record of one that did not take place."""
    actor = actor_of(request)
    visit = get_visit(ref=ref, user=actor)
    cancel_visit(visit=visit, version=payload.version, reason=payload.reason, actor=actor, now=timezone.now())
    return _visit_out(ref, actor)


def _filtered(rows: QuerySet[Any], filters: CallQuery | VisitQuery) -> QuerySet[Any]:
    wanted = filters.dict(exclude={"cursor", "limit"}, exclude_none=True)
    return rows.filter(**{f"{name}__ref": value for name, value in wanted.items()})


def _visits(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    return rows.select_related(*ABOUT_VISIT).prefetch_related("contacts", "our_people", "met")


def given(payload: Any, *, besides: Iterable[str], nulls: bool = False) -> dict[str, Any]:
    """Return the fields a body names; ``nulls``: null clears a field, else it is as if left out."""
    values: dict[str, Any] = payload.dict(exclude_unset=True, exclude={*besides, "meeting_contacts"})
    return {name: value for name, value in values.items() if nulls or value is not None}


def _with_people(actor: User, values: dict[str, Any]) -> dict[str, Any]:
    named = {name: values[name] for name in PEOPLE_FIELDS if values.get(name)}
    return {**values, **{name: people_of(actor, [ref], name)[0] for name, ref in named.items()}}


def deal_of(actor: User, ref: str | None) -> Opportunity | None:
    """Return the deal a body names, if it names one."""
    if not ref:
        return None
    rows = Opportunity.objects.visible_to(actor).select_related("customer__owner", "owner", "playbook")
    if (found := rows.filter(ref=ref).first()) is None:
        raise Invalid(_("There is no such deal."), fields={"opportunity": _("unknown")})
    return found


def _customer(actor: User, ref: str | None) -> Customer:
    found = Customer.objects.visible_to(actor).select_related("owner").filter(ref=ref or "").first()
    if found is None:
        raise Invalid(_("There is no such customer."), fields={"customer": _("unknown")})
    return found


def _called(actor: User, payload: CallIn, deal: Opportunity | None) -> tuple[Customer, Contact | NewContact]:
    if payload.new_contact is not None and not payload.contact:
        customer = deal.customer if deal and not payload.customer else _customer(actor, payload.customer)
        new = payload.new_contact
        return customer, NewContact(new.name, new.position, new.mobile)
    contact = people_of(actor, [payload.contact or ""], "contact")[0]
    return contact.customer, contact


def people_of(actor: User, refs: Iterable[str] | None, field: str) -> list[Contact]:
    """Return the contacts a body names, in its order."""
    wanted = list(dict.fromkeys(refs or []))
    rows = Contact.objects.visible_to(actor).select_related("customer__owner").filter(ref__in=wanted)
    found = {contact.ref: contact for contact in rows}
    if len(found) != len(wanted):
        raise Invalid(_("There is no such contact."), fields={field: _("unknown")})
    return [found[ref] for ref in wanted]


def _users(actor: User, refs: Iterable[str] | None) -> list[User]:
    return [user_by_ref(actor, ref, field="our_people") for ref in refs or []]


def _agreement(actor: User, given: AgreementIn | None) -> Agreement | None:
    if given is None:
        return None
    return Agreement(people_of(actor, [given.contact], "agreed")[0], given.channel, given.handler)


def _call_out(call: Call, confirmed: Iterable[Confirmed] = ()) -> CallOut:
    visit = Visit.objects.filter(call=call).first()
    created = [row.proof.ref for row in confirmed if row.created]
    told = judged(
        judge_call(call.facts(zone=company_zone())),
        live_proofs(call, visit),
        opportunity=call.opportunity,
        created=created,
    )
    return CallOut.of(call, visit=visit, **told)


def _visit_out(ref: str, actor: User, confirmed: Iterable[Confirmed] = ()) -> VisitOut:
    visit = get_visit(ref=ref, user=actor)
    created = [row.proof.ref for row in confirmed if row.created]
    findings = judge_visit(visit.facts(zone=company_zone()))
    told = judged(findings, live_proofs(visit), opportunity=visit.opportunity, created=created)
    return VisitOut.of(visit, **told)


@router.get(
    "/contact-plans", response=PageOut[ContactPlanOut], operation_id="list_contact_plans", summary="List contact plans"
)
def list_contact_plans(request: HttpRequest, query: Query[ContactPlansQuery]) -> dict[str, Any]:
    """List who is to be spoken to, the longest overdue first."""
    on = local_day(timezone.now(), company_zone())
    rows = cycles_seen(actor_of(request), mine=query.mine)
    page: Page[ContactCycle] = page_of(rows.filter(due_on__lt=on) if query.overdue else rows, page=query, sort="due_on")
    return {"items": [_plan_out(row, on) for row in page.items], "next": page.next}


@router.put(
    "/contacts/{ref}/plan", response=ContactPlanOut, operation_id="plan_contact", summary="Set how often to speak"
)
def put_contact_plan(request: HttpRequest, ref: str, payload: ContactPlanIn) -> dict[str, Any]:
    """Set or change how often a person is spoken to."""
    actor, now = actor_of(request), timezone.now()
    contact = get_contact(ref=ref, user=actor)
    cycle = plan_contact(contact=contact, actor=actor, now=now, **payload.model_dump())
    return _plan_out(cycle, local_day(now, company_zone()))


@router.delete(
    "/contacts/{ref}/plan", response={204: None}, operation_id="end_contact_plan", summary="End a contact plan"
)
def delete_contact_plan(request: HttpRequest, ref: str) -> Status[None]:
    """End the plan of a person."""
    actor = actor_of(request)
    end_contact_plan(contact=get_contact(ref=ref, user=actor), actor=actor, now=timezone.now())
    return Status(204, None)


def _plan_out(cycle: ContactCycle, on: date) -> dict[str, Any]:
    names = ("every_days", "aim", "last_on", "due_on", "version")
    contact = {"contact": cycle.contact.ref, "customer": cycle.contact.customer.ref}
    return {**{name: getattr(cycle, name) for name in names}, **contact, "late_days": (on - cycle.due_on).days}
