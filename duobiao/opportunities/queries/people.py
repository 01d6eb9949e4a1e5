"""The people of a deal: at the buyer and the other companies, and our own team."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, F, Q, QuerySet, Value, When

from duobiao.customers.models import BuyingRole, Contact, Customer, Stance
from duobiao.identity.models import User
from duobiao.opportunities.models import DealRole, Opportunity, Participant, ParticipantRole


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at one of the companies of a project.

    Attributes:
        company: Name of the company where it is not the customer itself.
        part: What they do: role in the purchase, or that they handle the matter.
        stance: -2 to 2; None while unknown.
    """

    ref: str
    name: str
    place: str
    company: str
    part: str
    stance: int | None
    stance_words: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of ours on the deal."""

    ref: str
    name: str
    role: str
    role_value: str


@dataclass(frozen=True, slots=True)
class Company:
    """A company that takes part in the project.

    Attributes:
        key: Of the participation, for taking it off.
    """

    key: int
    ref: str
    name: str
    role: str
    note: str


def companies_of(opportunity: Opportunity) -> QuerySet[Customer]:
    """Return the customer and the companies that take part."""
    taking_part = Participant.objects.filter(opportunity=opportunity).values("customer_id")
    return Customer.objects.filter(Q(pk=opportunity.customer_id) | Q(pk__in=taking_part))


def contacts_of(opportunity: Opportunity, user: User) -> QuerySet[Contact]:
    """Return the people of the project whom the reader may see, who decides and handles first."""
    rank = Case(
        When(is_decision_maker=True, then=Value(0)),
        When(buying_role=BuyingRole.DECIDER, then=Value(0)),
        When(is_handler=True, then=Value(1)),
        When(buying_role=BuyingRole.UNKNOWN, then=Value(3)),
        default=Value(2),
    )
    rows = Contact.objects.visible_to(user).filter(customer__in=companies_of(opportunity).values("pk"))
    return rows.annotate(rank=rank).order_by("rank", F("influence").desc(nulls_last=True), "name", "pk")


def people_of(opportunity: Opportunity, user: User) -> list[Person]:
    """Return the people at the companies of a deal; one query."""
    rows = contacts_of(opportunity, user).values_list(
        "ref", "name", "department", "position", "customer_id", "customer__name", "customer__short_name",
        "buying_role", "is_handler", "is_decision_maker", "stance",
    )  # fmt: skip
    return [_person(row, opportunity.customer_id) for row in rows]


def _person(row: Sequence[object], customer_id: int) -> Person:
    ref, name, department, position, company_id, company, short, role, handler, decides, stance = row
    if decides or role == BuyingRole.DECIDER:
        part = str(BuyingRole.DECIDER.label)
    elif handler:
        part = str(Contact._meta.get_field("is_handler").verbose_name)
    else:
        part = "" if role == BuyingRole.UNKNOWN else str(BuyingRole(str(role)).label)
    known = Stance(stance) if isinstance(stance, int) else None
    return Person(
        ref=str(ref),
        name=str(name),
        place=" · ".join(str(words) for words in (department, position) if words),
        company="" if company_id == customer_id else str(short or company),
        part=part,
        stance=int(known) if known is not None else None,
        stance_words=str(known.label) if known is not None else "",
    )


def team_of(opportunity: Opportunity) -> list[Colleague]:
    """Return the colleagues on the deal besides its owner; one query."""
    rows = opportunity.team.order_by("added_at", "pk").values_list("user__ref", "user__name", "role")
    return [Colleague(ref, name, str(DealRole(role).label), role) for ref, name, role in rows]


def participants_of(opportunity: Opportunity) -> list[Company]:
    """Return the companies that take part besides the customer; one query."""
    rows = opportunity.participants.order_by("added_at", "pk").values_list(
        "pk", "customer__ref", "customer__name", "customer__short_name", "role", "note"
    )
    return [
        Company(key, ref, short or name, str(ParticipantRole(role).label), note)
        for key, ref, name, short, role, note in rows
    ]
