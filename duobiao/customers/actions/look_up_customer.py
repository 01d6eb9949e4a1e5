"""Say whether a customer exists and which unit owns it, and nothing more; counted and kept in the audit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.check_duplicates import LOOKUP_CHAIN, TooManyLookups
from duobiao.customers.actions.field_rules import credit_code, phone
from duobiao.customers.domain.domains import domain_of
from duobiao.customers.events import CustomerLookedUp
from duobiao.customers.models import Customer
from duobiao.customers.queries.matches import Signs, customers_matching_signs
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.timeline.actions.record import record
from duobiao.timeline.models import Entry

MOST_LOOKUPS: Final = 60
"""Look-ups of one person within an hour, whatever they find."""


@dataclass(frozen=True, slots=True)
class LookUp:
    """What may be said.

    Attributes:
        owner_unit: Name of the unit that owns it; "" where it has none or nothing exists.
        reasons: By which signs it is the same.
    """

    exists: bool
    owner_unit: str
    reasons: tuple[str, ...]


@transaction.atomic
def look_up_customer(*, name: str, uscc: str, phone_number: str, domain: str, actor: User, now: datetime) -> LookUp:
    """Look a company up by what is known of it.

    Raises:
        NotAllowed: the actor may not see customers at all.
        Invalid: nothing is given, or a sign is not readable; the code's last character is checked.
        TooManyLookups: this person looked up too much within the hour.
    """
    require(actor, "customers.view")
    signs = _signs(name, uscc, phone_number, domain)
    recent = Entry.objects.filter(actor=actor, event=CustomerLookedUp.name, at__gt=now - timedelta(hours=1))
    if recent.count() >= MOST_LOOKUPS:
        raise TooManyLookups(_("Too many names in a short time. Try again in an hour."))
    found = customers_matching_signs(signs, user=actor)
    units = [str(match.customer.owner.unit or "") for match in found.visible] + list(found.units)
    why = dict.fromkeys([reason for match in found.visible for reason in match.reasons] + list(found.hidden_reasons))
    answer = LookUp(bool(found), units[0] if units else "", tuple(why))
    data = {"exists": answer.exists, "reasons": list(answer.reasons)}
    record(
        CustomerLookedUp(subject=Ref(Customer.kind, LOOKUP_CHAIN), chain=LOOKUP_CHAIN, data=data), actor=actor, at=now
    )
    return answer


def _signs(name: str, uscc: str, phone_number: str, domain: str) -> Signs:
    faults: dict[str, object] = {}
    code = number = ""
    try:
        code = credit_code(uscc)
    except ValueError as error:
        faults["uscc"] = str(error)
    try:
        number = phone(phone_number)
    except ValueError as error:
        faults["phone"] = str(error)
    if domain.strip() and not domain_of(domain):
        faults["domain"] = _("This is not a domain. Example: example.com")
    if not faults and not any(text.strip() for text in (name, code, number, domain)):
        faults["name"] = _("Give a name, a code, a telephone number or a domain.")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    return Signs(name=name, credit_code=code, phones=(number,) if number else (), domain=domain)
