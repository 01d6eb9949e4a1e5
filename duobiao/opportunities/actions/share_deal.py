"""Keep in step who sees a deal's companies and who finds the deal: its owner and its team."""

from datetime import datetime

from duobiao.customers.actions.grant_customer import drop_customer_grants, set_customer_grants
from duobiao.customers.actions.hold_customer import hold_customer, lift_holds
from duobiao.kernel.refs import Ref
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.findable import findable
from duobiao.search.actions.index import index


def share_deal(opportunity: Opportunity, *, now: datetime) -> None:
    """Let owner and team see every company of the project, keep those out of the trash, and index the deal."""
    source = Ref.of(opportunity)
    people = {opportunity.owner_id, *opportunity.team.values_list("user_id", flat=True)}
    drop_customer_grants(source=source)
    lift_holds(source=source)
    companies = [opportunity.customer, *(row.customer for row in opportunity.participants.select_related("customer"))]
    for customer in dict.fromkeys(companies):
        set_customer_grants(customer=customer, source=source, user_ids=people)
        if opportunity.is_open:
            hold_customer(customer=customer, source=source, reason=opportunity.name, now=now)
    index(findable(opportunity, people=frozenset(people), now=now))
