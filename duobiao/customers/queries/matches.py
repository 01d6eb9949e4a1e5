"""Customers that may be the same as one somebody describes: by name, code, telephone or domain, with the reasons."""

from collections.abc import Container
from dataclasses import dataclass

from django.db.models import Q

from duobiao.customers.domain.domains import domain_of
from duobiao.customers.domain.naming import normal_name
from duobiao.customers.domain.phones import UnreadableNumber, normal_phone
from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.likely import likely_customers, signs_of
from duobiao.identity.models import User

MOST_SHOWN = 5
MOST_ALIKE = 20
MOST_NAMED = 50
NAME, CODE, PHONE, DOMAIN, ALIKE = "name", "credit_code", "phone", "domain", "alike"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What is known of a company; empty values match nothing.

    Attributes:
        phones: Of the company or of people there, in any spelling.
        domain: Of its web site or of an e-mail address.
    """

    name: str = ""
    credit_code: str = ""
    phones: tuple[str, ...] = ()
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A customer, and by which signs it is the same."""

    customer: Customer
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """Customers that may be the same.

    Attributes:
        visible: Those the person may see, those with most reasons first.
        units: Names of the units that own the others; "" for an owner without a unit.
        hidden_reasons: By which signs the others are the same.
    """

    visible: tuple[Match, ...]
    units: tuple[str, ...]
    hidden_reasons: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.visible or self.units)


def customers_matching_signs(signs: Signs, *, user: User) -> Matches:
    """Return live customers that one of the signs names, or that are named alike.

    Of those the person may not see only the owning units are told, and none for names that are merely alike.
    """
    reasons = customer_reasons(signs)
    alike = _named_alike(signs, besides=reasons)
    reasons |= {key: [ALIKE] for key in alike}
    rows = Customer.objects.live().filter(pk__in=reasons, is_placeholder=False)
    visible = list(rows.within_reach(user).select_related("owner__unit").order_by("name", "pk"))
    seen = {customer.pk for customer in visible}
    found = sorted((Match(row, tuple(reasons[row.pk])) for row in visible), key=lambda match: -len(match.reasons))
    hidden = list(rows.exclude(pk__in=[*seen, *alike]).values_list("pk", "owner__unit__name"))
    why = dict.fromkeys(reason for pk, _unit in hidden for reason in reasons[pk])
    units = sorted({unit or "" for _pk, unit in hidden})
    return Matches(tuple(found[:MOST_SHOWN]), tuple(units), tuple(why))


def _named_alike(signs: Signs, *, besides: Container[int]) -> list[int]:
    if not signs.name.strip():
        return []
    refs = list(likely_customers(signs_of(signs.name)))[:MOST_ALIKE]
    keys = Customer.objects.filter(ref__in=refs).values_list("pk", flat=True)
    return [key for key in keys if key not in besides]


def customer_reasons(signs: Signs) -> dict[int, list[str]]:
    """Return by key of each live customer which signs name it; for rules that look behind what people may see."""
    found: dict[int, list[str]] = {}
    for reason, condition in _conditions(signs):
        keys = Customer.objects.live().filter(condition).values_list("pk", flat=True)[:MOST_NAMED]
        for key in keys:
            if reason not in found.setdefault(key, []):
                found[key].append(reason)
    return found


def _conditions(signs: Signs) -> list[tuple[str, Q]]:
    found: list[tuple[str, Q]] = []
    if signs.name.strip():
        found.append((NAME, Q(normal_name=normal_name(signs.name))))
    if signs.credit_code.strip():
        found.append((CODE, Q(credit_code=signs.credit_code.strip().upper())))
    if numbers := [number for text in signs.phones if (number := _number(text))]:
        people = Contact.objects.live().filter(Q(mobile__in=numbers) | Q(phone__in=numbers))
        companies = list(people.values_list("customer_id", flat=True)[:MOST_NAMED])
        found.append((PHONE, Q(phone__in=numbers)))
        if companies:  # apart from the condition above: PostgreSQL reads the whole table for both in one
            found.append((PHONE, Q(pk__in=companies)))
    if domain := domain_of(signs.domain):
        sites = [f"{scheme}://{www}{domain}" for scheme in ("https", "http") for www in ("", "www.")]
        found.append((DOMAIN, Q(website__in=[*sites, *(f"{site}/" for site in sites)])))
    return found


def _number(text: str) -> str:
    try:
        return normal_phone(text)
    except UnreadableNumber:
        return ""
