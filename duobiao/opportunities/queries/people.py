"""The people of a deal: at the buyer and the other companies, and our own team."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import pgettext

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
        faded: The stance was not heard of for so long that it no longer counts.
        gone: They are known to have left.
    """

    ref: str
    name: str
    place: str
    company: str
    part: str
    stance: int | None
    stance_words: str
    faded: bool = False
    gone: bool = False


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
    customer_id: int
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


def people_of(
    opportunity: Opportunity, user: User, *, companies: Sequence[int], works_here: bool = False
) -> list[Person]:
    """Return the people at the companies of a deal, who decides and handles first; one plain query.

    Args:
        companies: Keys of the companies that take part besides the customer.
        works_here: The reader owns the deal or is on its team, and so sees the people of all its companies.
    """
    seen = Contact.objects.live() if works_here else Contact.objects.visible_to(user)
    rows = seen.filter(customer_id__in=[opportunity.customer_id, *companies]).values_list(
        "ref", "name", "department", "position", "customer_id", "customer__name", "customer__short_name",
        "buying_role", "is_handler", "is_decision_maker", "stance", "influence",
    )  # fmt: skip
    return [_person(row, opportunity.customer_id) for row in sorted(rows, key=_place)]


def _place(row: Sequence[Any]) -> tuple[int, int, str, str]:
    """Order people as ``contacts_of`` does."""
    ref, name, role, handler, decides, influence = row[0], row[1], row[7], row[8], row[9], row[11]
    if decides or role == BuyingRole.DECIDER:
        rank = 0
    elif handler:
        rank = 1
    else:
        rank = 3 if role == BuyingRole.UNKNOWN else 2
    return rank, -(influence or 0), name, ref


def _person(row: Sequence[Any], customer_id: int) -> Person:
    ref, name, department, position, company_id, company, short, role, handler, decides, stance, _influence = row
    if decides or role == BuyingRole.DECIDER:
        part = str(BuyingRole.DECIDER.label)
    elif handler:
        part = pgettext("part", "handler")
    else:
        part = "" if role == BuyingRole.UNKNOWN else str(BuyingRole(role).label)
    return Person(
        ref=ref,
        name=name,
        place=" · ".join(words for words in (department, position) if words),
        company="" if company_id == customer_id else short or company,
        part=part,
        stance=stance,
        stance_words="" if stance is None else str(Stance(stance).label),
    )


def team_of(opportunity: Opportunity) -> list[Colleague]:
    """Return the colleagues on the deal besides its owner; one query."""
    rows = opportunity.team.order_by("added_at", "pk").values_list("user__ref", "user__name", "role")
    return [Colleague(ref, name, str(DealRole(role).label), role) for ref, name, role in rows]


def participants_of(opportunity: Opportunity) -> list[Company]:
    """Return the companies that take part besides the customer; one query."""
    rows = opportunity.participants.order_by("added_at", "pk").values_list(
        "pk", "customer_id", "customer__ref", "customer__name", "customer__short_name", "role", "note"
    )
    return [
        Company(key, customer_id, ref, short or name, str(ParticipantRole(role).label), note)
        for key, customer_id, ref, name, short, role, note in rows
    ]
