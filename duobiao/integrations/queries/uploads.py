"""Files that were uploaded for imports and are still there."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from duobiao.customers.queries.kept_files import KeptFile
from duobiao.integrations.models import ImportFile


def uploads() -> Iterator[KeptFile]:
    """Yield them, the newest first, with the page of their import."""
    for row in ImportFile.objects.select_related("run").order_by("-run__created_at", "name"):
        day = timezone.localdate(row.run.created_at)
        where = f"{row.run.source or row.run.ref} · {day:%Y-%m-%d}"
        yield KeptFile(row.name, where, reverse("integrations:import", args=[row.run.ref]))
