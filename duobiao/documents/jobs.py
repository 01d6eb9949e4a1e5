"""Nightly work of documents."""

from django.utils import timezone
from django_tasks import task

from duobiao.documents.actions.sweep_files import sweep_files


@task()
def sweep() -> int:
    """Delete files that no row names; return how many."""
    return sweep_files(now=timezone.now())
