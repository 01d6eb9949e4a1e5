"""Calendar feeds: secret addresses for calendar programs."""

from typing import ClassVar

from django.db import models

from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models import Opportunity


def feed_ref() -> str:
    """Make the reference of a calendar feed."""
    return new_ref("CL")


class CalendarFeed(models.Model):
    """A secret address at which a calendar program reads what its person may see; only a hash of it is kept.

    Attributes:
        opportunity: Everything on this deal; None: what is the person's own.
    """

    kind = "calendar_feed"

    ref = models.CharField(max_length=16, unique=True, default=feed_ref)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="calendar_feeds")
    opportunity = models.ForeignKey(Opportunity, null=True, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "revoked_at"], name="integrations_feed_of_user")]

    def __str__(self) -> str:
        return self.ref
