"""Enter somebody nobody knows yet and put them on the chain, in one step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.create_contact import create_contact
from duobiao.identity.models import User
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.people import contacts_of
from duobiao.stakeholders.actions.add_person import add_person
from duobiao.stakeholders.models import DealPerson


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody of the customer as minutes name them."""

    name: str
    department: str = ""
    position: str = ""


class NameKnown(Conflict):
    """Somebody of this name is known at the companies of the deal (409)."""

    code = "name_known"


@transaction.atomic
def enter_person(
    *, opportunity: Opportunity, newcomer: Newcomer, values: Mapping[str, Any], actor: User, now: datetime
) -> DealPerson:
    """Enter somebody at the customer of a deal and put them on its chain.

    Raises:
        NotAllowed: the actor may not write the chain, or not edit the customer.
        NameKnown: somebody of this name and position is known there; they are chosen instead.
        Invalid: a value cannot be accepted.
    """
    name, position = newcomer.name.strip(), newcomer.position.strip()
    alike = contacts_of(opportunity, actor).filter(name=name)
    if alike.exists() and (not position or alike.filter(position__in=("", position)).exists()):
        message = _("%(name)s is known here already. Choose them from the list; a namesake differs by position.")
        raise NameKnown(message % {"name": name}, fields={"new_name": message % {"name": name}})
    known = {"department": newcomer.department.strip(), "position": position}
    contact = create_contact(
        customer=opportunity.customer,
        name=name,
        values={key: text for key, text in known.items() if text},
        actor=actor,
        now=now,
    )
    return add_person(opportunity=opportunity, contact=contact, values=values, actor=actor, now=now)
