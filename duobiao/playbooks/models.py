"""The table of playbook versions."""

from typing import Any, ClassVar, NoReturn

from django.db import models


class PlaybookVersion(models.Model):
    """One version of a playbook; a published version never changes."""

    kind = "playbook"

    key = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    shipped = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="playbooks_version_key_version"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="playbooks_version_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"

    @property
    def ref(self) -> str:
        """The name people and the API use."""
        return f"{self.key}/{self.version}"

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: deals are pinned to versions."""
        raise TypeError("a playbook version is never deleted")
