"""Keep a customer or contact out of the trash while a capability above needs it; called by that capability."""

from collections.abc import Iterable
from datetime import date, datetime

from duobiao.customers.models import Contact, Customer, Hold
from duobiao.kernel.refs import Ref


def hold_customer(
    *,
    customer: Customer,
    source: Ref,
    reason: str,
    now: datetime,
    contact: Contact | None = None,
    until: date | None = None,
) -> None:
    """Place a hold, or bring the one of this source up to date.

    Args:
        contact: Hold this contact; without one the customer itself.
        reason: Why, as shown to a person who wants to throw it away, e.g. the name of the deal.
        until: Last day of the hold, inclusive.
    """
    Hold.objects.update_or_create(
        customer=customer,
        contact=contact,
        source_kind=source.kind,
        source_ref=source.ref,
        defaults={"reason": reason[:200], "until": until},
        create_defaults={"reason": reason[:200], "until": until, "created_at": now},
    )


def hold_customers(*, customer_ids: Iterable[int], source: Ref, reason: str, now: datetime) -> None:
    """Hold exactly these customers for ``source``; what it held besides is let go."""
    rows = Hold.objects.filter(source_kind=source.kind, source_ref=source.ref, contact=None)
    wanted = dict.fromkeys(customer_ids, reason[:200])
    if dict(rows.values_list("customer_id", "reason")) == wanted:
        return
    rows.delete()
    Hold.objects.bulk_create(
        Hold(
            customer_id=customer_id,
            source_kind=source.kind,
            source_ref=source.ref,
            reason=kept_reason,
            created_at=now,
        )
        for customer_id, kept_reason in wanted.items()
    )


def lift_holds(*, source: Ref, contact: Contact | None = None) -> None:
    """Take away all holds of a source, or only the one on ``contact``."""
    rows = Hold.objects.filter(source_kind=source.kind, source_ref=source.ref)
    (rows.filter(contact=contact) if contact is not None else rows).delete()
