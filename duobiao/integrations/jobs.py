"""Jobs of exports."""

from django.utils import timezone
from django_tasks import task

from duobiao.integrations.actions.make_export import let_exports_expire


@task()
def expire_exports() -> int:
    """Delete archives whose time is over."""
    return let_exports_expire(now=timezone.now())
