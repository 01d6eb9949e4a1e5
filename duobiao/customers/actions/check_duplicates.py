"""Say that a customer of this name exists, without telling more than its unit about one the person may not see."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.events import DuplicateLookedUp
from duobiao.customers.models import Customer
from duobiao.customers.queries.customers import Duplicates, duplicates_of
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Refusal
from duobiao.timeline.actions.record import record
from duobiao.timeline.models import Entry

MOST_LOOKUPS = 30
"""Names of hidden customers one person may hit within an hour."""

LOOKUP_CHAIN = "customer-names"


class DuplicateCustomer(Conflict):
    """A customer of this name exists (409); repeat with the confirmation to create another one.

    ``details["customers"]`` lists those the person may see, ``details["units"]`` the units of the others.
    """

    code = "duplicate"


class TooManyLookups(Refusal):
    """The person hit too many names of customers they may not see (429)."""

    code: ClassVar[str] = "too_many_lookups"
    status: ClassVar[int] = 429


def check_duplicates(*, name: str, actor: User, now: datetime) -> None:
    """Refuse a name that exists, and keep a trace when the customer is hidden from the person.

    Pages and API call this before the transaction of ``create_customer``, so that the trace stays.

    Raises:
        DuplicateCustomer: a live customer has this name.
        TooManyLookups: this person tried too many names within the hour.
    """
    found = duplicates_of(name=name, user=actor)
    if found.units:
        _count_lookup(actor, found, now)
    refuse_duplicates(found)


def refuse_duplicates(found: Duplicates) -> None:
    """Refuse if there are any.

    Raises:
        DuplicateCustomer: there are.
    """
    if not found:
        return
    if found.visible:
        text = _("This customer seems to exist: %(name)s. Open it, or confirm that this is another one.")
        message = text % {"name": found.visible[0].name}
    elif found.units[0]:
        text = _("This customer exists and belongs to %(unit)s. Ask the manager of that unit.")
        message = text % {"unit": _(", ").join(found.units)}
    else:
        message = _("This customer exists and belongs to somebody else. Ask your manager.")
    customers = [{"ref": customer.ref, "name": customer.name} for customer in found.visible]
    details = {"customers": customers, "units": [unit for unit in found.units if unit]}
    raise DuplicateCustomer(message, fields={"name": message}, details=details)


@transaction.atomic
def _count_lookup(actor: User, found: Duplicates, now: datetime) -> None:
    recent = Entry.objects.filter(actor=actor, event=DuplicateLookedUp.name, at__gt=now - timedelta(hours=1))
    if recent.count() >= MOST_LOOKUPS:
        raise TooManyLookups(_("Too many names in a short time. Try again in an hour."))
    event = DuplicateLookedUp(subject=Ref(Customer.kind, LOOKUP_CHAIN), chain=LOOKUP_CHAIN, data={"units": found.units})
    record(event, actor=actor, at=now)
