"""Leads that may be the same: of one company, with one number, with one mail address; and which of these it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from duobiao.customers.queries.matches import NAME, PHONE
from duobiao.identity.models import User
from duobiao.prospecting.models import Lead

EMAIL: Final = "email"
MOST: Final = 5
MOST_READ: Final = 500


@dataclass(frozen=True, slots=True)
class AlikeLead:
    """Another lead, and by what it is the same."""

    lead: Lead
    reasons: tuple[str, ...]


def leads_alike(lead: Lead, *, user: User) -> list[AlikeLead]:
    """Return other leads that may be the same and that the person may see, newest first."""
    rows = Lead.objects.visible_to(user).filter(_same([lead])).exclude(pk=lead.pk)
    found = rows.select_related("owner", "pool").order_by("-created_at", "-pk")[:MOST]
    return [AlikeLead(other, _reasons(lead, other)) for other in found]


def alike_in_list(leads: Sequence[Lead], *, user: User) -> dict[int, AlikeLead]:
    """Return, by key of a lead of a list, the earliest other one that may be the same; one query for any number."""
    if not leads:
        return {}
    rows = Lead.objects.visible_to(user).filter(_same(leads)).order_by("created_at", "pk")
    near = list(rows[:MOST_READ])
    found: dict[int, AlikeLead] = {}
    for lead in leads:
        for other in near:
            reasons = _reasons(lead, other) if other.pk != lead.pk else ()
            if reasons:
                found[lead.pk] = AlikeLead(other, reasons)
                break
    return found


def _same(leads: Sequence[Lead]) -> Q:
    numbers = {number for lead in leads for number in _numbers(lead)}
    same = Q(normal_name__in={lead.normal_name for lead in leads})
    if numbers:
        same |= Q(mobile__in=numbers) | Q(phone__in=numbers)
    if mails := {lead.email for lead in leads if lead.email}:
        same |= Q(email__in=mails)
    return same


def _reasons(lead: Lead, other: Lead) -> tuple[str, ...]:
    signs = {
        NAME: lead.normal_name == other.normal_name,
        PHONE: bool(_numbers(lead) & _numbers(other)),
        EMAIL: bool(lead.email) and lead.email == other.email,
    }
    return tuple(name for name, holds in signs.items() if holds)


def _numbers(lead: Lead) -> set[str]:
    return {lead.mobile, lead.phone} - {""}
