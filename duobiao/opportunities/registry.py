"""What deals register with the capabilities below: event handlers, and how a deal is found."""

from django.core import checks
from django.utils.translation import gettext_lazy as _

from duobiao.customers import events as customers
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import User
from duobiao.jobs import registry as schedule
from duobiao.opportunities import jobs, soundness
from duobiao.opportunities.actions import follow_customer
from duobiao.opportunities.actions.handover_opportunity import owner_left
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.findable import every_deal
from duobiao.search.registry import SearchKind, register_kind
from duobiao.timeline.registry import Subject, on, register_subject


def register() -> None:
    """Register everything once, at start."""
    on(customers.CustomerProfileCompleted, follow_customer.profile_completed)
    on(customers.ContactProfileCompleted, follow_customer.profile_completed)
    on(customers.CustomerProfileIncomplete, follow_customer.profile_incomplete)
    on(customers.ContactProfileIncomplete, follow_customer.profile_incomplete)
    on(customers.CustomersMerged, follow_customer.customers_merged)
    on(customers.ContactsMerged, follow_customer.contacts_merged)
    on(UserDeactivated, owner_left)
    register_kind(SearchKind(Opportunity.kind, _("Projects"), "layout-kanban", "opportunities.view", 10, every_deal))
    schedule.every("opportunities.reassess", task=jobs.reassess_deals_that_are_due, hour=0, minute=5)
    checks.register(soundness.judgements_follow_from_the_ledger, "doctor", deploy=True)
    register_subject(
        Opportunity.kind,
        Subject(
            find=_find,
            url=lambda ref: f"/opportunities/{ref}/",
            label=str,
            chain=lambda deal: str(deal.ref),
        ),
    )


def _find(user: User, ref: str) -> Opportunity | None:
    return Opportunity.objects.visible_to(user).filter(ref=ref).select_related("owner", "customer").first()
