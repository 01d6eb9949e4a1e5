"""Whose yes counts as consensus: those of the decision chain who decide, influence, or keep the gate."""

from datetime import date

from django.db.models import Q

from duobiao.customers.models import Contact
from duobiao.opportunities.models import Opportunity
from duobiao.stakeholders.models import ChainRole, DealPerson

DECIDING = (ChainRole.FINAL_DECIDER, ChainRole.INFLUENCER, ChainRole.GATEKEEPER)


def deciding_people(deal: Opportunity, *, on: date) -> set[int]:
    """Return the keys of the contacts whose yes counts on a day; one query."""
    rows = DealPerson.objects.present().filter(opportunity=deal, role__in=DECIDING)
    return set(rows.filter(Q(left_on=None) | Q(left_on__gt=on)).values_list("contact_id", flat=True))


def decides(deal: Opportunity, contact: Contact, *, on: date) -> bool:
    """Say whether a contact's yes counts as consensus."""
    return contact.pk in deciding_people(deal, on=on)
