"""Whom a calling list is made of: the contact plan that is due, customers, leads, a campaign."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.contacts import objecting_contacts
from duobiao.customers.queries.lists import CustomerFilter, customers_matching
from duobiao.engagement.models import CallListEntry, ListSource
from duobiao.engagement.queries.cycles import cycles_seen
from duobiao.engagement.queries.latent import latent_customers
from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.days import local_day
from duobiao.prospecting.models import OPEN_STATES, Lead, Source

MOST_ENTRIES = 300
DUE_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list is made from; empty values filter nothing.

    Attributes:
        source: A ``ListSource``.
        class_key: Of the customer evaluation: A, B, C or ``none``.
        lead_source: A way that leads come in by.
        campaign: Reference of a campaign, ``campaign_name`` its name.
        a_class_only: Only latent customers (A class by call result).
    """

    source: str
    class_key: str = ""
    industry: str = ""
    region: str = ""
    lead_source: str = ""
    campaign: str = ""
    campaign_name: str = ""
    a_class_only: bool = False

    def words(self) -> str:
        """Say the filter in one line."""
        source = str(ListSource(self.source).label)
        more = {
            ListSource.CUSTOMERS: [self.class_key and _("class %(key)s") % {"key": self.class_key}, self.industry,
                                   self.region, _("A class by call") if self.a_class_only else ""],
            ListSource.LEADS: [str(Source(self.lead_source).label) if self.lead_source in Source.values else "",
                               self.region],
            ListSource.CAMPAIGN: [self.campaign_name],
        }.get(ListSource(self.source), [])  # fmt: skip
        return " · ".join([source, *(part for part in more if part)])


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person for a list: a contact, or a lead that is no customer yet."""

    contact: Contact | None = None
    lead: Lead | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """Whom a filter finds, in the order they are called.

    Attributes:
        without_person: Customers nobody is known at; they are left out.
        objecting: People who do not want to be called; they are left out.
        already: People who wait on another open list; they are left out.
        beyond: More than fit on one list.
    """

    people: list[Candidate] = field(default_factory=list)
    without_person: int = 0
    objecting: int = 0
    already: int = 0
    beyond: int = 0


def candidates(wanted: Wanted, *, owner: User, actor: User, now: datetime) -> Candidates:
    """Return whom a filter finds among what both may see; a few queries for any number."""
    if wanted.source == ListSource.PLAN:
        on = local_day(now, CompanySettings.load().time_zone)
        return _of_contacts(_due(owner, on), actor)
    if wanted.source == ListSource.CUSTOMERS:
        return _of_customers(wanted, owner=owner, actor=actor)
    return _of_leads(wanted, owner=owner, actor=actor)


def _due(owner: User, on: date) -> list[Contact]:
    cycles = cycles_seen(owner, mine=True).filter(due_on__lte=on + DUE_WITHIN).order_by("due_on", "pk")
    keys = list(cycles.values_list("contact_id", flat=True)[: MOST_ENTRIES * 2])
    rows = {row.pk: row for row in Contact.objects.filter(pk__in=keys).select_related("customer")}
    return [rows[key] for key in keys if key in rows]


def _waiting(**outer: OuterRef) -> Exists:
    return Exists(CallListEntry.objects.waiting().filter(list__closed_at__isnull=True, **outer))


def _of_contacts(people: Iterable[Contact], actor: User, *, without_person: int = 0) -> Candidates:
    found = list(people)
    keys = [row.pk for row in found]
    seen = Contact.objects.visible_to(actor).filter(pk__in=keys)
    objecting = seen.filter(pk__in=objecting_contacts()).count()
    seen = seen.exclude(pk__in=objecting_contacts())
    free = set(seen.exclude(_waiting(contact=OuterRef("pk"))).values_list("pk", flat=True))
    kept = [Candidate(contact=row) for row in found if row.pk in free]
    return Candidates(
        kept[:MOST_ENTRIES],
        without_person=without_person,
        objecting=objecting,
        already=len(found) - len(kept) - objecting,
        beyond=max(0, len(kept) - MOST_ENTRIES),
    )


def _of_customers(wanted: Wanted, *, owner: User, actor: User) -> Candidates:
    rows = customers_matching(CustomerFilter(class_key=wanted.class_key, industry=wanted.industry), user=owner)
    rows = rows.filter(is_placeholder=False, pk__in=Customer.objects.visible_to(actor).values("pk"))
    if wanted.region:
        rows = rows.filter(region__icontains=wanted.region)
    if wanted.a_class_only:
        rows = rows.filter(pk__in=latent_customers(owner).values("pk"))
    keys = list(rows.order_by("name", "pk").values_list("pk", flat=True)[: MOST_ENTRIES * 2])
    best: dict[int, Contact] = {}
    people = list(Contact.objects.live().filter(customer__in=keys).select_related("customer").order_by("name", "pk"))
    refusing = set(objecting_contacts().filter(contact__customer__in=keys))
    for person in people:
        held = best.get(person.customer_id)
        if held is None or _rank(person, refusing) > _rank(held, refusing):
            best[person.customer_id] = person
    return _of_contacts((best[key] for key in keys if key in best), actor, without_person=len(keys) - len(best))


def _rank(person: Contact, refusing: Collection[int]) -> tuple[bool, bool, bool, int]:
    """Put who may be called before who objects; only where all object, one of them stands for the customer."""
    may_call = person.pk not in refusing
    return (may_call, person.is_handler is True, bool(person.mobile or person.phone), person.profile_items)


def _of_leads(wanted: Wanted, *, owner: User, actor: User) -> Candidates:
    rows = Lead.objects.visible_to(owner).filter(owner=owner, pk__in=Lead.objects.visible_to(actor).values("pk"))
    if wanted.source == ListSource.CAMPAIGN:
        rows = rows.filter(campaign__ref=wanted.campaign)
    if wanted.lead_source:
        rows = rows.filter(source=wanted.lead_source)
    if wanted.region:
        rows = rows.filter(region__icontains=wanted.region)
    rows = rows.filter(Q(state__in=OPEN_STATES) | Q(contact__isnull=False)).select_related("contact__customer")
    found = list(rows.order_by("created_at", "pk"))
    waiting = set(
        CallListEntry.objects.waiting()
        .filter(list__closed_at__isnull=True, lead__in=[row.pk for row in found])
        .values_list("lead_id", flat=True)
    )
    refusing = set(objecting_contacts().filter(contact__in=[row.contact_id for row in found if row.contact_id]))
    free = [row for row in found if row.pk not in waiting]
    people = [Candidate(contact=row.contact, lead=row) for row in free if row.contact_id not in refusing]
    return Candidates(
        people[:MOST_ENTRIES],
        objecting=len(free) - len(people),
        already=len(found) - len(free),
        beyond=max(0, len(people) - MOST_ENTRIES),
    )
