"""Forms that were sent: the memory that makes a double submit act once."""

from datetime import datetime, timedelta

from django.db import models

KEEP = timedelta(days=2)


class SubmittedFormQuerySet(models.QuerySet["SubmittedForm"]):
    """Reads of submitted forms."""

    def forgettable(self, now: datetime) -> "SubmittedFormQuerySet":
        """Return those too old for a repeated click to matter."""
        return self.filter(submitted_at__lt=now - KEEP)


class SubmittedForm(models.Model):
    """One form that was sent and accepted.

    Attributes:
        owner: Who sent it: the user's key, or "" for a form open to the public.
        token: The hidden one-time value of the form.
        result: Where its sender was taken afterwards; the repeated submit is taken there too.
    """

    owner = models.CharField(max_length=64, blank=True)
    token = models.CharField(max_length=64)
    result = models.CharField(max_length=500, blank=True)
    submitted_at = models.DateTimeField(db_index=True)

    objects = SubmittedFormQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "token"], name="web_submitted_form_once")]

    def __str__(self) -> str:
        return self.token
