"""Nightly: forget the tokens of forms that were sent."""

from django.utils import timezone
from django_tasks import task

from duobiao.web.forms import forget_submitted


@task()
def forget_submitted_forms() -> int:
    """Delete old form tokens; return how many."""
    return forget_submitted(timezone.now())
