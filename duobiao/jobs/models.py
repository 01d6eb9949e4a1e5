"""Who runs which job, and which slots of the schedule were started."""

from django.db import models
from django.db.models.functions import Now


class JobLease(models.Model):
    """A worker's claim on one running job, renewed while it runs.

    Attributes:
        heartbeat_at: Last renewal; a lease not renewed for ``leases.LEASE_SECONDS`` has run out.
        attempts: How often the job was begun, this time included.
    """

    result = models.OneToOneField(
        "django_tasks_database.DBTaskResult", on_delete=models.CASCADE, primary_key=True, related_name="lease"
    )
    worker = models.CharField(max_length=64, blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["heartbeat_at"], name="job_lease_heartbeat")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(worker="", heartbeat_at__isnull=True)
                | (~models.Q(worker="") & models.Q(heartbeat_at__isnull=False)),
                name="job_lease_is_held_with_heartbeat_or_free",
            )
        ]

    def __str__(self) -> str:
        return f"{self.result_id} by {self.worker or 'nobody'}"


class ScheduleRun(models.Model):
    """One started slot of a periodic job; unique, so that several workers start it once."""

    name = models.CharField(max_length=100)
    slot = models.DateTimeField()
    started_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "slot"], name="schedule_run_once_per_slot")]

    def __str__(self) -> str:
        return f"{self.name} at {self.slot:%Y-%m-%d %H:%M}"
