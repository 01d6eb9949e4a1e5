"""Checks of ``duobiao doctor`` on deals."""

from itertools import islice
from typing import Any

from django.core.checks import CheckMessage, Error
from django.utils import timezone

from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.recompute import recompute
from duobiao.opportunities.queries.signal_differences import signal_differences

SHOWN = 20


def judgements_follow_from_the_ledger(**_: Any) -> list[CheckMessage]:
    """Every deal's stage, rate and lag follow from its evidence."""
    today = company_day(timezone.now())
    overdue = Opportunity.objects.filter(reassess_on__lte=today).count()
    if overdue:
        hint = "start a worker: duobiao worker"
        return [Error(f"{overdue} deals wait for the daily reassessment", hint=hint, id="opportunities.E001")]
    found = recompute(today=today).differences
    hint = "the columns were changed outside the program; restore a backup or report it"
    return [
        Error(
            f"{row.ref}: {row.column} is stored as {row.stored}, the ledger says {row.derived}",
            hint=hint,
            id="opportunities.E002",
        )
        for row in found[:SHOWN]
    ]


def signals_follow_from_the_records(**_: Any) -> list[CheckMessage]:
    """Every open deal's risk signals follow from its records, and its colour from its signals."""
    today = company_day(timezone.now())
    hint = "start a worker, whose daily job judges them: duobiao worker"
    found = islice(signal_differences(on=today), SHOWN)
    return [
        Error(
            f"{row.ref}: risks are stored as {row.stored}, the records say {row.derived}",
            hint=hint,
            id="opportunities.E003",
        )
        for row in found
    ]
