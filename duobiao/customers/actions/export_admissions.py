"""Keep a trace of who took the list of supplier admissions out of the house."""

from datetime import datetime

from django.db import transaction

from duobiao.customers.work_events import AdmissionsExported
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.record import record


@transaction.atomic
def export_admissions(*, file_format: str, query: str, count: int, actor: User, now: datetime) -> None:
    """Record an export by ``actor``.

    Args:
        file_format: ``csv`` or ``xlsx``.
        query: The filters, as in the address of the list.
        count: How many admissions it holds.

    Raises:
        NotAllowed: the actor may not export customers.
    """
    require(actor, "customers.export")
    data = {"format": file_format, "query": query[:500], "count": count, "note": f"{count} · {file_format}"}
    record(AdmissionsExported(subject=Ref.of(actor), data=data), actor=actor, at=now)
