"""Move deals between playbooks in a worker, and take up what a dead worker left."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from duobiao.opportunities.actions.carry_out_migration import carry_out
from duobiao.opportunities.models import MigrationRun, MigrationState

SILENT = timedelta(minutes=5)
BUSY = (MigrationState.QUEUED, MigrationState.RUNNING, MigrationState.REVERTING)


@task()
def run_migration(ref: str) -> int:
    """Move the deals of a run that wait, or put them back; returns how many; safe to repeat and to interrupt."""
    return carry_out(ref, clock=timezone.now)


@task()
def resume_migrations() -> int:
    """Queue again the runs that fell silent before their end; return how many."""
    silent = MigrationRun.objects.filter(state__in=BUSY, touched_at__lt=timezone.now() - SILENT)
    refs = list(silent.order_by("created_at").values_list("ref", flat=True))
    for ref in refs:
        run_migration.enqueue(ref)
    return len(refs)
