"""What a registration clashes with: standing registrations and open deals of others at the same company."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from duobiao.customers.domain.naming import normal_name
from duobiao.customers.models import Customer
from duobiao.customers.queries.matches import CODE, DOMAIN, NAME, PHONE, Signs, customer_reasons
from duobiao.opportunities.models import Opportunity
from duobiao.prospecting.domain.protection import is_alike
from duobiao.prospecting.models import Registration

PROJECT, SITE = "project", "site"
MOST = 20


@dataclass(frozen=True, slots=True)
class Found:
    """One thing it clashes with, and why."""

    other: Registration | None
    opportunity: Opportunity | None
    reasons: list[str]


def clashes_of(wanted: Registration, *, on: date) -> list[Found]:
    """Return standing registrations of the same project, whoever's, and open deals of others at the same company."""
    return [*_registrations(wanted, on=on), *_deals(wanted)][:MOST]


def _registrations(wanted: Registration, *, on: date) -> list[Found]:
    signs = {"normal_name": NAME, "credit_code": CODE, "phone": PHONE, "domain": DOMAIN}
    held = {column: reason for column, reason in signs.items() if getattr(wanted, column)}
    same = Q(pk__in=[])
    for column in held:
        same |= Q(**{column: getattr(wanted, column)})
    rows = Registration.objects.standing(on).filter(same).exclude(pk=wanted.pk).select_related("owner__unit")
    found = []
    for row in rows.order_by("registered_on", "pk")[:200]:
        where = _same_place(wanted, row.normal_project, row.normal_site)
        if where:
            company = [reason for column, reason in held.items() if getattr(row, column) == getattr(wanted, column)]
            found.append(Found(row, None, [*company, *where]))
    return found


def _deals(wanted: Registration) -> list[Found]:
    signs = Signs(
        name=wanted.customer_name, credit_code=wanted.credit_code, phones=(wanted.phone,), domain=wanted.domain
    )
    reasons = customer_reasons(signs)
    customers = Customer.objects.live().filter(pk__in=reasons, is_placeholder=False).values("pk")
    rows = Opportunity.objects.open().filter(customer__in=customers).exclude(owner=wanted.owner)
    return [
        Found(None, deal, [*reasons[deal.customer_id], PROJECT])
        for deal in rows.select_related("owner__unit").order_by("opened_on", "pk")[:200]
        if is_alike(wanted.normal_project, normal_name(deal.name))
    ]


def _same_place(wanted: Registration, project: str, site: str) -> list[str]:
    found = [PROJECT] if is_alike(wanted.normal_project, project) else []
    return [*found, SITE] if wanted.normal_site and wanted.normal_site == site else found
