"""How alike two leads are: the company, the person, the need."""

from dataclasses import dataclass
from typing import Final

from duobiao.customers.domain.likeness import (
    CompanySigns,
    PersonSigns,
    company_keys,
    company_likeness,
    person_likeness,
)
from duobiao.duplicates.domain.likeness import Likeness, Sign, weigh

COMPANY: Final = "company"
PERSON: Final = "person"
OTHER_PERSON: Final = 0.65
"""Limit: two known people of one company may be two needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadSigns:
    """What is known of a lead."""

    company: CompanySigns
    person: PersonSigns


def lead_likeness(one: LeadSigns, other: LeadSigns) -> Likeness:
    """Weigh companies and people of two leads against each other."""
    companies = company_likeness(one.company, other.company)
    people = person_likeness(one.person, other.person)
    same_company = companies.is_proposed
    signs = [Sign(COMPANY, 0.8)] if same_company else []
    if one.person.name and other.person.name and people.is_proposed:
        signs.append(Sign(PERSON, 0.6))
    limits = [] if same_company else [0.6]
    if one.person.name and other.person.name and not people.score:
        limits.append(OTHER_PERSON)
    weighed = weigh(signs, limits=limits)
    return Likeness(weighed.score, (*weighed.reasons, *companies.reasons, *people.reasons)) if signs else weighed


def lead_keys(signs: LeadSigns) -> frozenset[str]:
    """Return the keys by which likely duplicates of a lead are found."""
    return company_keys(signs.company)
