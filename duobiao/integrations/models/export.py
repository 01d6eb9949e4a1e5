"""Exports: everything a person sees, as one archive that only they can fetch, for a while."""

from datetime import datetime
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref


def export_ref() -> str:
    """Make the reference of an export."""
    return new_ref("EX")


class ExportState(models.TextChoices):
    """How far an export is."""

    QUEUED = "QUEUED", pgettext_lazy("export", "waiting to start")
    RUNNING = "RUNNING", pgettext_lazy("export", "running")
    DONE = "DONE", pgettext_lazy("export", "ready")
    FAILED = "FAILED", pgettext_lazy("export", "failed")
    GONE = "GONE", pgettext_lazy("export", "expired")


class Export(models.Model):
    """One archive of everything a person saw at that time.

    Attributes:
        with_files: The stored files are in it too.
        tables_done: Of ``tables_total``.
        size: Bytes of the archive; 0 before it is ready.
        expires_at: When the archive is deleted; None before it is ready.
        fetched_at: When it was last downloaded.
    """

    kind = "export"

    ref = models.CharField(max_length=16, unique=True, default=export_ref)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="exports")
    state = models.CharField(max_length=8, choices=ExportState.choices, default=ExportState.QUEUED)
    with_files = models.BooleanField(default=False)
    tables_total = models.PositiveSmallIntegerField(default=0)
    tables_done = models.PositiveSmallIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    peak_bytes = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state__in=[ExportState.QUEUED, ExportState.RUNNING]),
                name="integrations_export_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.DONE) | Q(expires_at__isnull=False),
                name="integrations_export_expires",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "created_at"], name="integrations_export_of_user"),
            models.Index(fields=["state", "expires_at"], name="integrations_export_expiring"),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def is_busy(self) -> bool:
        """Whether it waits or runs."""
        return self.state in (ExportState.QUEUED, ExportState.RUNNING)

    @property
    def path(self) -> Path:
        """Where the archive lies; beside the files, so that no backup holds it."""
        return Path(settings.MEDIA_ROOT).parent / "exports" / f"{self.ref}.zip"

    def may_be_fetched(self, now: datetime) -> bool:
        """Whether the archive is there for its person."""
        return self.state == ExportState.DONE and self.expires_at is not None and now < self.expires_at
