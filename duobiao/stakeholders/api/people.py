"""People of a chain: read, put on, bring in, change, take off."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from duobiao.identity.api_support import user_by_ref
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.api.common import contact_named, customer_named, deal_of
from duobiao.stakeholders.actions.add_person import add_person, bring_in_people
from duobiao.stakeholders.actions.edit_person import edit_person, remove_person
from duobiao.stakeholders.api.common import asked_day, person_of
from duobiao.stakeholders.api.schemas import (
    ChainPeopleOut,
    ChainPersonIn,
    ChainPersonOut,
    ChainPersonPatch,
    TakePersonOffIn,
    people_out,
    person_out,
)
from duobiao.stakeholders.models import DealPerson
from duobiao.stakeholders.queries.chain import load_chain

router = Router()


def shown(person: DealPerson) -> ChainPersonOut:
    """Return a person as they now stand on their chain."""
    chain = load_chain(person.opportunity, on=company_day(timezone.now()))
    return person_out(chain.by_key[person.pk])


@router.get(
    "/opportunities/{ref}/people", response=ChainPeopleOut, operation_id="list_chain", summary="Read the decision chain"
)
def get_people(request: HttpRequest, ref: str, on: date | None = None) -> ChainPeopleOut:
    """Read the people of a deal's decision, the weightiest first, as they stood on a day."""
    return people_out(load_chain(deal_of(request, ref), on=asked_day(on)))


@router.post(
    "/opportunities/{ref}/people",
    response={201: ChainPersonOut},
    operation_id="add_to_chain",
    summary="Put a contact on the decision chain",
)
def post_person(request: HttpRequest, ref: str, payload: ChainPersonIn) -> Status[ChainPersonOut]:
    """Put a contact of one of the deal's companies on the chain; a second final decider is refused."""
    actor, deal = actor_of(request), deal_of(request, ref)
    contact = contact_named(request, payload.contact)
    if contact is None:
        raise Invalid("", fields={"contact": ""})
    values = _values(request, payload.model_dump(exclude_unset=True, exclude={"contact"}))
    person = add_person(opportunity=deal, contact=contact, values=values, actor=actor, now=timezone.now())
    return Status(201, shown(person))


@router.post(
    "/opportunities/{ref}/people/bring-in",
    response=ChainPeopleOut,
    operation_id="bring_in_people",
    summary="Bring in the people known at the companies",
)
def post_bring_in(request: HttpRequest, ref: str) -> ChainPeopleOut:
    """Put all contacts whose part in the purchase is known on the chain; those who stand on it stay as they are."""
    deal = deal_of(request, ref)
    bring_in_people(opportunity=deal, actor=actor_of(request), now=timezone.now())
    return people_out(load_chain(deal, on=company_day(timezone.now())))


@router.get("/deal-people/{ref}", response=ChainPersonOut, operation_id="get_chain_person", summary="Read a person")
def get_person(request: HttpRequest, ref: str) -> ChainPersonOut:
    """Read one person of a chain."""
    return shown(person_of(request, ref))


@router.patch(
    "/deal-people/{ref}", response=ChainPersonOut, operation_id="edit_chain_person", summary="Change a person"
)
def patch_person(request: HttpRequest, ref: str, payload: ChainPersonPatch) -> ChainPersonOut:
    """Change part, class, grade, level, persona, care plan or keeper; give only what changes."""
    person = person_of(request, ref)
    values = _values(request, payload.model_dump(exclude_unset=True, exclude={"version"}))
    edited = edit_person(
        person=person, version=payload.version, values=values, actor=actor_of(request), now=timezone.now()
    )
    return shown(edited)


@router.delete(
    "/deal-people/{ref}", response={204: None}, operation_id="remove_from_chain", summary="Take a person off the chain"
)
def delete_person(request: HttpRequest, ref: str, payload: TakePersonOffIn) -> Status[None]:
    """Take somebody off the chain; refused for the final decider, and while evidence rests on them."""
    person = person_of(request, ref)
    remove_person(person=person, version=payload.version, actor=actor_of(request), now=timezone.now())
    return Status(204, None)


def _values(request: HttpRequest, given: dict[str, Any]) -> dict[str, Any]:
    """Return columns with records in place of references; null leaves texts and codes as they are."""
    values = {name: value for name, value in given.items() if value is not None or name in ("also_at", "keeper")}
    if values.get("also_at"):
        values["also_at"] = customer_named(request, values["also_at"], field="also_at")
    if values.get("keeper"):
        values["keeper"] = user_by_ref(actor_of(request), values["keeper"], field="keeper")
    for name in ("also_at", "keeper"):
        if name in values and not values[name]:
            values[name] = None
    return values
