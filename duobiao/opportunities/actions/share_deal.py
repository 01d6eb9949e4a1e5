"""Keep in step who sees a deal's companies and who finds the deal: its owner and its team."""

from datetime import datetime

from duobiao.customers.actions.grant_customer import grant_customers
from duobiao.customers.actions.hold_customer import hold_customers
from duobiao.kernel.refs import Ref
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.findable import findable
from duobiao.search.actions.index import index


def share_deal(opportunity: Opportunity, *, now: datetime) -> None:
    """Let owner and team see every company of the project, keep those out of the trash, and index the deal."""
    source = Ref.of(opportunity)
    people = {opportunity.owner_id, *opportunity.team.values_list("user_id", flat=True)}
    companies = {opportunity.customer_id, *opportunity.participants.values_list("customer_id", flat=True)}
    grant_customers(source=source, customer_ids=companies, user_ids=people)
    held = companies if opportunity.is_open else ()
    hold_customers(customer_ids=held, source=source, reason=opportunity.name, now=now)
    index(findable(opportunity, people=frozenset(people), now=now))
