"""Put a contact on the decision chain of a deal, or all that are known at its companies."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from duobiao.customers.actions.edit_contact import edit_contact
from duobiao.customers.models import BuyingRole, Contact
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.people import companies_of
from duobiao.stakeholders.actions.edit_person import check_decider, checked_values
from duobiao.stakeholders.actions.take import settle, take_deal
from duobiao.stakeholders.domain.graph import MOST_PEOPLE
from duobiao.stakeholders.domain.judging import Topic
from duobiao.stakeholders.domain.levels import guess_level
from duobiao.stakeholders.domain.support import Role
from duobiao.stakeholders.events import PersonAdded
from duobiao.stakeholders.models import (
    BuyingInfluence,
    ChainRole,
    DealPerson,
    Observation,
    Origin,
    RelationClass,
)
from duobiao.stakeholders.queries.known import CARD_TOPICS, newest_words
from duobiao.timeline.actions.record import record

CARD_PERCENT: Final = 40
"""Confidence of what stands on a card without a source."""
ROLE_OF_CARD: Final = {
    BuyingRole.DECIDER: ChainRole.FINAL_DECIDER,
    BuyingRole.INFLUENCER: ChainRole.INFLUENCER,
    BuyingRole.GATEKEEPER: ChainRole.GATEKEEPER,
    BuyingRole.USER: ChainRole.USER,
}
CARD_OF_ROLE: Final = {role: card for card, role in ROLE_OF_CARD.items()}
INFLUENCE_OF: Final = {
    ChainRole.FINAL_DECIDER: BuyingInfluence.ECONOMIC,
    ChainRole.GATEKEEPER: BuyingInfluence.TECHNICAL,
    ChainRole.USER: BuyingInfluence.USER,
}
CLASS_OF: Final = {
    ChainRole.FINAL_DECIDER: RelationClass.DECIDER,
    ChainRole.INFLUENCER: RelationClass.INFLUENCER,
    ChainRole.GATEKEEPER: RelationClass.INFLUENCER,
    ChainRole.USER: RelationClass.USER_REP,
}


class OnTheChain(Conflict):
    """The contact stands on the chain already (409)."""

    code = "on_the_chain"


class SamePerson(Conflict):
    """The same person stands on the chain as a contact of another company (409)."""

    code = "same_person"


class ChainFull(Conflict):
    """The chain holds as many people as can be drawn and measured (409)."""

    code = "chain_full"


@transaction.atomic
def add_person(
    *, opportunity: Opportunity, contact: Contact, values: Mapping[str, Any], actor: User, now: datetime
) -> DealPerson:
    """Put a contact on the chain; what is not said is taken from the card, or follows from the role.

    Who was taken off before comes back as they were, with everything observed of them.

    Args:
        values: Columns of ``DealPerson`` that are known.

    Raises:
        NotAllowed: the actor may not write this chain.
        DealClosed: the deal is closed.
        OnTheChain, SamePerson, ChainFull, SecondDecider: see there.
        Invalid: a field does not fit, or the person belongs to no company of the project.
    """
    deal = take_deal(opportunity, actor)
    person = _put(deal, contact, values, actor=actor, now=now)
    settle(deal, actor=actor, now=now)
    return person


@transaction.atomic
def bring_in_people(*, opportunity: Opportunity, actor: User, now: datetime) -> list[DealPerson]:
    """Put all contacts of the deal's companies on the chain whose part in the purchase is known; return the new ones.

    Where two decide, the second comes in as a key influencer: only one can be the final decider.

    Raises:
        NotAllowed, DealClosed: as ``add_person``.
        ChainFull: more are known than the chain has room for; nobody is brought in.
    """
    deal = take_deal(opportunity, actor)
    there = DealPerson.objects.present().filter(opportunity=deal)
    rows = Contact.objects.live().filter(customer__in=companies_of(deal).values("pk"))
    known = ~Q(buying_role=BuyingRole.UNKNOWN) | Q(is_handler=True) | Q(is_decision_maker=True)
    rows = rows.filter(known).exclude(pk__in=there.values("contact_id"))
    count, room = rows.count(), MOST_PEOPLE - there.count()
    if count > room:
        message = _(
            "%(count)d people are known there, and the chain has room for %(room)d. Put those who matter on it one by one."
        )
        raise ChainFull(message % {"count": count, "room": room})
    added = []
    for contact in rows.select_related("customer").order_by("-is_decision_maker", "name", "pk"):
        values: dict[str, Any] = {}
        if _known_role(contact, _taken_off(deal, contact)) == ChainRole.FINAL_DECIDER and _decides(deal):
            values["role"] = ChainRole.INFLUENCER
        added.append(_put(deal, contact, values, actor=actor, now=now))
    if added:
        settle(deal, actor=actor, now=now)
    return added


def _put(deal: Opportunity, contact: Contact, values: Mapping[str, Any], *, actor: User, now: datetime) -> DealPerson:
    _require_room(deal, contact)
    before = _taken_off(deal, contact)
    role = ChainRole(values.get("role") or _known_role(contact, before))
    given = {name: value for name, value in values.items() if value not in ("", None)}
    held = checked_values(deal, {"role": role, **({} if before else _begun(deal, contact, role)), **given})
    check_decider(deal, role)
    person = _revive(before, held) if before else _create(deal, contact, held, actor=actor, now=now)
    _note_on_card(person, actor=actor, now=now)
    data = {
        "person": contact.name,
        "contact": contact.ref,
        "role": person.role,
        "words": str(person.get_role_display()),
        "again": before is not None,
    }
    record(PersonAdded(subject=Ref.of(person), chain=deal.ref, data=data), actor=actor, at=now)
    return person


def _begun(deal: Opportunity, contact: Contact, role: ChainRole) -> dict[str, Any]:
    """Return what card and role say of somebody new."""
    outside = contact.customer_id != deal.customer_id
    return {
        "influence_type": INFLUENCE_OF.get(role, ""),
        "relation_class": CLASS_OF.get(role, ""),
        "level": guess_level(contact.position, Role(role), outside=outside),
        "function": contact.function,
        "department": contact.department,
        "duties": contact.duties,
    }


def _create(deal: Opportunity, contact: Contact, held: Mapping[str, Any], *, actor: User, now: datetime) -> DealPerson:
    person = DealPerson.objects.create(
        opportunity=deal, contact=contact, joined_on=company_day(now), added_at=now, added_by=actor, **held
    )
    _take_over_card(person, actor=actor, now=now)
    return person


def _taken_off(deal: Opportunity, contact: Contact) -> DealPerson | None:
    """Return the entry of somebody who was on this chain before; what was observed of them hangs on it."""
    rows = DealPerson.objects.filter(opportunity=deal, contact=contact, removed_at__isnull=False)
    return rows.order_by("-removed_at", "-pk").first()


def _revive(person: DealPerson, held: Mapping[str, Any]) -> DealPerson:
    """Put somebody on again, with all that is known of them; who had left is there again."""
    values = {**held, "removed_at": None, "removed_by": None, "left_on": None, "version": person.version + 1}
    for name, value in values.items():
        setattr(person, name, value)
    person.save(update_fields=list(values))
    return person


def _require_room(deal: Opportunity, contact: Contact) -> None:
    if not companies_of(deal).filter(pk=contact.customer_id).exists():
        message = _("This person does not belong to a company of this project. Add the company first.")
        raise Invalid(message, fields={"contact": message})
    there = DealPerson.objects.present().filter(opportunity=deal)
    if there.filter(contact=contact).exists():
        raise OnTheChain(_("%(name)s stands on the decision chain already.") % {"name": contact.name})
    if there.count() >= MOST_PEOPLE:
        message = _("A decision chain holds at most %(n)d people. Take off those without a part in the decision.")
        raise ChainFull(message % {"n": MOST_PEOPLE})
    _require_another_person(there.select_related("contact__customer"), contact)


def _require_another_person(there: Any, contact: Contact) -> None:
    """Refuse somebody who stands there as a contact of another company: name and number or address are the same."""
    handles = {handle for handle in (contact.mobile, contact.email) if handle}
    for row in there.filter(contact__name=contact.name).exclude(contact__customer=contact.customer_id):
        if handles & {row.contact.mobile, row.contact.email}:
            message = _("%(name)s stands on the chain already, at %(company)s. Note there that they also work here.")
            raise SamePerson(message % {"name": contact.name, "company": row.contact.customer.label})


def _card_role(contact: Contact) -> ChainRole:
    if contact.is_decision_maker:
        return ChainRole.FINAL_DECIDER
    return ROLE_OF_CARD.get(BuyingRole(contact.buying_role), ChainRole.UNKNOWN)


def _known_role(contact: Contact, before: DealPerson | None) -> ChainRole:
    if before is not None and before.role != ChainRole.UNKNOWN:
        return ChainRole(before.role)
    return _card_role(contact)


def _decides(deal: Opportunity) -> bool:
    rows = DealPerson.objects.present().filter(opportunity=deal, left_on=None)
    return rows.filter(role=ChainRole.FINAL_DECIDER).exists()


def _take_over_card(person: DealPerson, *, actor: User, now: datetime) -> None:
    """Take stance and influence of the card as observations of little confidence, on the day the card was touched."""
    contact = person.contact
    known = newest_words([contact.pk]).get(contact.pk, {})
    touched = local_day(contact.touched_at)
    days = {name: known[name].observed_on if name in known else touched for name in CARD_TOPICS.values()}
    note_card(person, {topic: getattr(contact, name) for topic, name in CARD_TOPICS.items()}, days, actor, now)


def note_card(
    person: DealPerson,
    values: Mapping[Topic, int | None],
    days: Mapping[str, date],
    actor: User,
    now: datetime,
    *,
    undated: bool = True,
) -> None:
    """Keep what a card says of a person as observations of little confidence.

    Args:
        days: By field of the card, since when it says so.
        undated: The card was found as it is; else it was written on that day.
    """
    Observation.objects.bulk_create(
        Observation(
            person=person,
            topic=topic,
            value=value,
            source=str(Origin.CARD.label),
            origin=Origin.CARD,
            confidence_percent=CARD_PERCENT,
            observed_on=min(days[CARD_TOPICS[topic]], company_day(now)),
            from_card=undated,
            recorded_at=now,
            recorded_by=actor,
        )
        for topic, value in values.items()
        if value is not None
    )


def _note_on_card(person: DealPerson, *, actor: User, now: datetime) -> None:
    """Note role and function on the card where it says nothing yet and the actor may change it."""
    contact = person.contact
    values: dict[str, object] = {}
    if contact.buying_role == BuyingRole.UNKNOWN and person.role in CARD_OF_ROLE:
        values["buying_role"] = CARD_OF_ROLE[ChainRole(person.role)]
    if not contact.function and person.function:
        values["function"] = person.function
    if values and policy.allows(actor, "customers.edit", contact):
        edited = edit_contact(contact=contact, version=contact.version, values=values, actor=actor, now=now)
        person.contact = edited
