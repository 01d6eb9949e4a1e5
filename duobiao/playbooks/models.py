"""Tables of playbooks: their versions, and what people would do better in the next one."""

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref


def note_ref() -> str:
    """Make the reference of an improvement note."""
    return new_ref("B")


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


class ImprovementNote(models.Model):
    """Something to be considered in the next version of a playbook, with the figures that led to it.

    Attributes:
        playbook: The version that was in force.
        evidence: Figures as they stood when the note was written: ``figure`` and ``value`` in words, and where they
            can be looked at the ``url`` of a page of ours.
    """

    kind = "improvement_note"

    class Status(models.TextChoices):
        """What became of it."""

        OPEN = "OPEN", pgettext_lazy("improvement note", "open")
        TAKEN = "TAKEN", pgettext_lazy("improvement note", "taken up")
        REJECTED = "REJECTED", pgettext_lazy("improvement note", "rejected")

    ref = models.CharField(max_length=16, unique=True, default=note_ref)
    playbook = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="notes")
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=4000, blank=True)
    evidence: models.JSONField[list[dict[str, str]], list[dict[str, str]]] = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="playbooks_note_has_title"),
            models.CheckConstraint(
                condition=Q(status="OPEN", decided_at__isnull=True, decided_by__isnull=True)
                | Q(status__in=["TAKEN", "REJECTED"], decided_at__isnull=False, decided_by__isnull=False),
                name="playbooks_note_decided_by_somebody",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["playbook", "created_at"], name="playbooks_note_of_playbook")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.status == self.Status.OPEN
