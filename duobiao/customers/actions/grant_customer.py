"""Let people see customers because of something above, e.g. a deal they are on; called by that capability."""

from collections.abc import Iterable
from itertools import product

from django.db import transaction

from duobiao.customers.models import CustomerGrant
from duobiao.customers.queries.findables import findables_of
from duobiao.kernel.refs import Ref
from duobiao.search.actions.index import index_many


@transaction.atomic
def grant_customers(*, source: Ref, customer_ids: Iterable[int], user_ids: Iterable[int]) -> None:
    """Make exactly these people see exactly these customers because of ``source``; grants of other sources stay."""
    rows = CustomerGrant.objects.filter(source_kind=source.kind, source_ref=source.ref)
    present = set(rows.values_list("customer_id", "user_id"))
    wanted = set(product(customer_ids, user_ids))
    for customer_id in {customer for customer, _ in present - wanted}:
        kept = [user for customer, user in wanted if customer == customer_id]
        rows.filter(customer_id=customer_id).exclude(user_id__in=kept).delete()
    CustomerGrant.objects.bulk_create(
        CustomerGrant(customer_id=customer, user_id=user, source_kind=source.kind, source_ref=source.ref)
        for customer, user in sorted(wanted - present)
    )
    if changed := {customer for customer, _ in present ^ wanted}:
        index_many(list(findables_of(changed)))
