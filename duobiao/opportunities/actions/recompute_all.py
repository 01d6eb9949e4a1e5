"""Write where all deals stand in one go, judged set-based; for imports and moved playbooks."""

from datetime import datetime

from django.db import transaction

from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.recompute import recompute

BATCH = 500


def recompute_all(*, now: datetime) -> int:
    """Bring every deal's derived columns in line with its ledger; returns how many deals changed.

    No stage history is written: this is for rows that were written without being judged.
    """
    changes: dict[str, dict[str, object]] = {}
    for row in recompute(today=company_day(now)).differences:
        changes.setdefault(row.ref, {})[row.column] = row.derived
    refs = list(changes)
    for start in range(0, len(refs), BATCH):
        _write({ref: changes[ref] for ref in refs[start : start + BATCH]})
    return len(refs)


@transaction.atomic
def _write(changes: dict[str, dict[str, object]]) -> None:
    deals = list(Opportunity.objects.select_for_update().filter(ref__in=changes).order_by("pk"))
    columns: set[str] = set()
    for deal in deals:
        for column, value in changes[deal.ref].items():
            setattr(deal, column, value)
            columns.add(column)
    Opportunity.objects.bulk_update(deals, sorted(columns), batch_size=100)
