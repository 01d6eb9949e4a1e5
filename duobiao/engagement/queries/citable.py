"""Calls and visits that an entry of an analysis may cite."""

from django.utils.translation import gettext as _

from duobiao.customers.models import Customer
from duobiao.engagement.models import Call, Visit
from duobiao.identity.models import User
from duobiao.opportunities.models import Opportunity
from duobiao.web.formats import day

MOST = 30


def conversations(user: User, customer: Customer, deal: Opportunity | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the latest calls and held visits with a customer, or on a deal, that a person may see; two queries.

    Returns:
        Groups of tokens ``kind:ref`` with their names, latest first.
    """
    about = {"customer": customer} if deal is None else {"opportunity": deal}
    calls = Call.objects.visible_to(user).filter(**about).select_related("contact")
    visits = Visit.objects.visible_to(user).held().filter(**about)
    return [
        (
            _("Calls"),
            [
                (f"{Call.kind}:{row.ref}", f"{day(row.called_on)} · {row.contact}")
                for row in calls.order_by("-called_on", "-pk")[:MOST]
            ],
        ),
        (
            _("Visits"),
            [
                (f"{Visit.kind}:{row.ref}", f"{day(row.held_on)} · {row.topic}" if row.topic else day(row.held_on))
                for row in visits.order_by("-held_on", "-pk")[:MOST]
            ],
        ),
    ]
