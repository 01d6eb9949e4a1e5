"""Keep a trace of who took deals out of the house."""

from datetime import datetime

from django.db import transaction

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.events import DealsExported
from duobiao.timeline.actions.record import record


@transaction.atomic
def export_deals(*, file_format: str, query: str, count: int, actor: User, now: datetime) -> None:
    """Record an export of deals by ``actor``.

    Args:
        file_format: ``csv`` or ``xlsx``.
        query: The filters, as in the address of the list.
        count: How many deals it holds.

    Raises:
        NotAllowed: the actor may not export.
    """
    policy.require(actor, "opportunities.export")
    data = {"format": file_format, "query": query[:500], "count": count, "note": f"{count} · {file_format}"}
    record(DealsExported(subject=Ref.of(actor), data=data), actor=actor, at=now)
