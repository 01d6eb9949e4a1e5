"""The chains of the company, version by version."""

from typing import Any, ClassVar

from django.db import models

from duobiao.identity.models import User


class ChainVersion(models.Model):
    """The steps for one kind of request; never changed once written, the highest version is in force.

    Attributes:
        steps: As ``domain.chain.read_steps`` takes them.
        published_by: None where it is what was shipped.
    """

    matter = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    steps: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter", "version"], name="approvals_chain_version_once"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="approvals_chain_version_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.matter} {self.version}"
