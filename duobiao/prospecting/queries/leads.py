"""Leads as lists and pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from duobiao.customers.domain.phones import UnreadableNumber, normal_phone
from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.matches import Match, Signs, customers_matching_signs
from duobiao.identity.models import User
from duobiao.identity.policy import Scope, scope_of
from duobiao.kernel.days import local_day
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.models import Opportunity
from duobiao.prospecting.models import OPEN_STATES, Answer, Lead, LeadState, Pool, Source
from duobiao.prospecting.queries.alike import AlikeLead, leads_alike

PLACES: Final = ("mine", "pools", "team")
STATES: Final = ("open", *LeadState.values, "any")
SORTS: Final = ("touched_at", "created_at", "company")
LONGEST_TEXT: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFilter:
    """Which leads; kept in the address of the list.

    Attributes:
        place: ``mine``, ``pools`` (free ones), ``team`` (all I see).
        state: A state, ``open`` for those not done, ``any``.
        checked: ``yes`` all three answers are yes, ``no`` one is no, ``open`` one is missing.
    """

    place: str = "mine"
    state: str = "open"
    text: str = ""
    source: str = ""
    pool: str = ""
    owner: str = ""
    region: str = ""
    checked: str = ""
    campaign: str = ""
    sort: str = "-touched_at"

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "LeadFilter":
        """Read what an address says; what is not understood filters nothing."""
        values = {field.name: str(given.get(field.name, field.default)).replace("\x00", "") for field in fields(cls)}
        values |= {
            name: values[name].strip()[:LONGEST_TEXT] for name in ("text", "pool", "owner", "region", "campaign")
        }
        known = {"place": PLACES, "state": STATES, "source": Source.values, "checked": ("yes", "no", "open")}
        for name, allowed in known.items():
            if values[name] not in allowed:
                values[name] = getattr(cls(), name)
        if values["sort"].removeprefix("-") not in SORTS:
            values["sort"] = cls().sort
        return cls(**values)

    def address(self, **changes: str) -> str:
        """Return the query string of this filter with some values changed."""
        cursor = changes.pop("cursor", "")
        wanted = replace(self, **changes)
        said = {field.name: getattr(wanted, field.name) for field in fields(self)}
        kept = {name: value for name, value in said.items() if value != getattr(LeadFilter(), name)}
        return "?" + urlencode({**kept, "cursor": cursor} if cursor else kept)

    @property
    def is_narrow(self) -> bool:
        """Whether something beyond the place is asked for."""
        return replace(self, place="mine", sort="-touched_at") != LeadFilter()


def leads_matching(wanted: LeadFilter, *, user: User) -> QuerySet[Lead]:
    """Return the leads the person may see and ``wanted`` describes, unordered."""
    rows = Lead.objects.visible_to(user)
    by_place = {"mine": Q(owner=user), "pools": Q(owner=None)}
    rows = rows.filter(by_place.get(wanted.place, Q()))
    if wanted.state != "any":
        rows = rows.filter(state__in=OPEN_STATES if wanted.state == "open" else [wanted.state])
    exact = {"source": wanted.source, "region": wanted.region, "pool__ref": wanted.pool, "owner__ref": wanted.owner}
    exact["campaign__ref"] = wanted.campaign
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    return _by_check(_by_text(rows, wanted.text), wanted.checked)


def _by_text(rows: QuerySet[Lead], text: str) -> QuerySet[Lead]:
    for word in text.split():
        said = Q(company__icontains=word) | Q(contact_name__icontains=word) | Q(email__icontains=word)
        said |= Q(need__icontains=word) | Q(ref__iexact=word)
        if number := _number(word):
            said |= Q(mobile=number) | Q(phone=number)
        rows = rows.filter(said)
    return rows


def _by_check(rows: QuerySet[Lead], checked: str) -> QuerySet[Lead]:
    whole = Q(real=Answer.YES, feasible=Answer.YES, fit=Answer.YES)
    no = Q(real=Answer.NO) | Q(feasible=Answer.NO) | Q(fit=Answer.NO)
    by = {"yes": whole, "no": no, "open": ~whole & ~no}
    return rows.filter(by[checked]) if checked in by else rows


def _number(text: str) -> str:
    try:
        return normal_phone(text)
    except UnreadableNumber:
        return ""


def get_lead(*, ref: str, user: User) -> Lead:
    """Return a lead the person may see.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    rows = Lead.objects.visible_to(user).filter(ref=ref)
    lead = rows.select_related(
        "owner__unit", "pool", "customer", "contact", "opportunity", "created_by", "checked_by", "campaign"
    ).first()
    if lead is None:
        raise NotFound(_("There is no such lead, or you may not see it."))
    return lead


def pools_offered(user: User) -> QuerySet[Pool]:
    """Return the pools in use the person may put leads into and filter by, by name."""
    return Pool.objects.active().of_leads().visible_to(user).order_by("name", "pk")


def owners_seen(user: User) -> list[tuple[str, str]]:
    """Return reference and name of the owners of leads the person may see; none while only their own."""
    if scope_of(user, "prospecting.view") in (Scope.NONE, Scope.OWN):
        return []
    owned = Lead.objects.visible_to(user).exclude(owner=None).values("owner_id")
    return [(owner.ref, str(owner)) for owner in User.objects.filter(pk__in=owned).order_by("name", "pk")[:200]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer that a lead may belong to, with its people and open deals the reader may see."""

    match: Match
    contacts: list[Contact]
    deals: list[Opportunity]


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a lead may be the same as.

    Attributes:
        units: Units that own customers the reader may not see; "" for an owner without one.
        leads: Other leads of the same company or number that the reader may see.
    """

    customers: list[Candidate]
    units: tuple[str, ...]
    hidden_reasons: tuple[str, ...]
    leads: list[AlikeLead]


def candidates_for(lead: Lead, *, user: User) -> Candidates:
    """Return customers, with contacts and open deals, and leads that may be the same; a few queries for any number."""
    signs = Signs(name=lead.company, phones=(lead.mobile, lead.phone), domain=lead.email)
    found = customers_matching_signs(signs, user=user)
    keys = [match.customer.pk for match in found.visible]
    people: dict[int, list[Contact]] = {}
    for contact in Contact.objects.visible_to(user).filter(customer_id__in=keys).order_by("name", "pk")[:200]:
        people.setdefault(contact.customer_id, []).append(contact)
    deals: dict[int, list[Opportunity]] = {}
    for deal in Opportunity.objects.visible_to(user).open().filter(customer_id__in=keys).order_by("name", "pk")[:200]:
        deals.setdefault(deal.customer_id, []).append(deal)
    customers = [
        Candidate(match, people.get(match.customer.pk, []), deals.get(match.customer.pk, [])) for match in found.visible
    ]
    return Candidates(customers, found.units, found.hidden_reasons, leads_alike(lead, user=user))


def goes_back_on(lead: Lead, *, zone: str) -> date | None:
    """Return the day on which an open lead goes back to its pool unless somebody works on it; None for never."""
    rule = lead.pool.recycling if lead.pool is not None and lead.owner_id is not None and lead.is_open else None
    if rule is None or lead.pool is None or not lead.pool.is_active:
        return None
    return rule.recycles_on(local_day(lead.touched_at, zone), lead.warned_on)


def is_soon(day: date | None, *, on: date, within: int = 7) -> bool:
    """Whether a day lies within the next days."""
    return day is not None and day <= on + timedelta(days=within)


def known_regions(user: User) -> list[str]:
    """Return the regions of leads the person may see, for a filter and a list to choose from."""
    rows = Lead.objects.visible_to(user).exclude(region="")
    return list(rows.values_list("region", flat=True).distinct().order_by("region")[:100])


def leads_of_customer(customer: Customer, *, user: User) -> list[Lead]:
    """Return the leads that became this customer or came to it, that the person may see; newest first."""
    rows = Lead.objects.visible_to(user).filter(customer=customer)
    return list(rows.select_related("owner", "opportunity").order_by("-created_at", "-pk")[:20])
