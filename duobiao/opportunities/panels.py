"""What deals put into the pages of customers."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import get_language

from duobiao.customers.models import Customer
from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.stages import stage_shorts
from duobiao.web.registry import Panel, register_panel

SHOWN = 15


@dataclass(frozen=True, slots=True)
class DealLine:
    """One deal of a customer.

    Attributes:
        takes_part: The customer is only a participant of the project.
    """

    deal: Opportunity
    takes_part: bool


def register() -> None:
    """Register the panels once, at start."""
    register_panel(Panel("customer.main", 5, "opportunities.view", customer_deals))


def customer_deals(request: HttpRequest, customer: Customer) -> str:
    """Show the deals with a customer that the reader may see, open ones first."""
    actor = actor_of(request)
    rows = (
        Opportunity.objects.visible_to(actor)
        .filter(Q(customer=customer) | Q(participants__customer=customer))
        .select_related("owner")
        .distinct()
        .order_by("closed_on", "-created_at", "ref")
    )
    found = sorted(rows[: SHOWN + 1], key=lambda deal: not deal.is_open)
    context = {
        "customer": customer,
        "lines": [DealLine(deal, deal.customer_id != customer.pk) for deal in found[:SHOWN]],
        "more": len(found) > SHOWN,
        "stage_count": lambda version_id: len(stage_shorts(version_id, get_language())),
        "may_open": policy.allows(actor, "opportunities.create"),
    }
    return render_to_string("opportunities/_customer_deals.html", context, request)
