"""Let people see a customer because of something above, e.g. a deal they are on; called by that capability."""

from collections.abc import Iterable

from django.db import transaction

from duobiao.customers.actions.index_customers import index_customers
from duobiao.customers.models import Customer, CustomerGrant
from duobiao.kernel.refs import Ref


@transaction.atomic
def set_customer_grants(*, customer: Customer, source: Ref, user_ids: Iterable[int]) -> None:
    """Make exactly these people see ``customer`` because of ``source``; grants of other sources stay."""
    rows = CustomerGrant.objects.filter(customer=customer, source_kind=source.kind, source_ref=source.ref)
    present, wanted = set(rows.values_list("user_id", flat=True)), set(user_ids)
    if present == wanted:
        return
    rows.exclude(user_id__in=wanted).delete()
    CustomerGrant.objects.bulk_create(
        CustomerGrant(customer=customer, user_id=user_id, source_kind=source.kind, source_ref=source.ref)
        for user_id in sorted(wanted - present)
    )
    index_customers([customer.pk])


@transaction.atomic
def drop_customer_grants(*, source: Ref) -> None:
    """Take away every grant of a source."""
    rows = CustomerGrant.objects.filter(source_kind=source.kind, source_ref=source.ref)
    keys = set(rows.values_list("customer_id", flat=True))
    rows.delete()
    index_customers(keys)
