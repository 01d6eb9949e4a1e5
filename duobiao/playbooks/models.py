"""Tables of playbooks: versions, drafts of the next ones, what people would do better, which tools are really used."""

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import User
from duobiao.kernel.refs import Ref, new_ref


def note_ref() -> str:
    """Make the reference of an improvement note."""
    return new_ref("B")


def draft_ref() -> str:
    """Make the reference of a draft."""
    return new_ref("D")


class PlaybookVersion(models.Model):
    """One version of a playbook; what it asks for never changes.

    Attributes:
        created_by: Who published it; None for what was shipped.
        base: The version it was made from.
        retired_at: Since when new deals are no longer opened by it; those it has stay.
    """

    kind = "playbook"

    key = models.SlugField(max_length=60)
    version = models.PositiveIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    shipped = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    base = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    CHANGEABLE: ClassVar = {"retired_at", "retired_by"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="playbooks_version_key_version"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="playbooks_version_positive"),
            models.CheckConstraint(
                condition=Q(shipped=True) | Q(created_by__isnull=False), name="playbooks_version_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"

    def save(self, *args: Any, **options: Any) -> None:
        """Store a new version; afterwards only whether it is offered may change.

        Raises:
            TypeError: something else would change.
        """
        if not self._state.adding and not set(options.get("update_fields") or ("document",)) <= self.CHANGEABLE:
            raise TypeError("a playbook version never changes")
        super().save(*args, **options)

    @property
    def ref(self) -> str:
        """The name people and the API use."""
        return f"{self.key}/{self.version}"

    @property
    def subject(self) -> Ref:
        """What the timeline calls it."""
        return Ref(self.kind, self.ref)

    @property
    def is_retired(self) -> bool:
        """Whether no new deal is opened by it."""
        return self.retired_at is not None

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: deals are pinned to versions."""
        raise TypeError("a playbook version is never deleted")


class ImprovementNote(models.Model):
    """Something to be considered in the next version of a playbook, with the figures that led to it.

    Attributes:
        playbook: The version that was in force.
        draft: The draft that takes it up; None before, and once the draft is published or discarded.
        done_in: The version that took it up.
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
    draft = models.ForeignKey("PlaybookDraft", null=True, on_delete=models.PROTECT, related_name="notes")
    done_in = models.ForeignKey(PlaybookVersion, null=True, on_delete=models.PROTECT, related_name="improvements")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="TAKEN") | Q(draft__isnull=True, done_in__isnull=True),
                name="playbooks_note_taken_before_done",
            ),
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


class PlaybookDraft(models.Model):
    """The next version of a playbook while it is worked on; it may be incomplete.

    Attributes:
        key: Of the playbook; one draft of each is open at most.
        base: The version it was cloned from; None for a playbook that was imported as a new one.
        ended_at: When it was published or discarded; None while it is open.
        published: What became of it; None while it is open, or where it was discarded.
        version: Rises with each save; whoever saves names the one they saw.
    """

    kind = "playbook_draft"

    ref = models.CharField(max_length=16, unique=True, default=draft_ref)
    key = models.SlugField(max_length=60)
    base = models.ForeignKey(PlaybookVersion, null=True, on_delete=models.PROTECT, related_name="+")
    document: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    published = models.OneToOneField(PlaybookVersion, null=True, on_delete=models.PROTECT, related_name="draft")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(ended_at__isnull=True), name="playbooks_draft_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, published__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="playbooks_draft_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.ref}"

    @property
    def is_open(self) -> bool:
        """Whether it can still be edited."""
        return self.ended_at is None


class ToolTick(models.Model):
    """A form or tool of a playbook that the company really uses; no row: it does not, or nobody has said so.

    Attributes:
        playbook: Key of the playbook, whatever its version.
        tool: Key of the tool in it.
    """

    playbook = models.SlugField(max_length=60)
    tool = models.CharField(max_length=60)
    ticked_at = models.DateTimeField()
    ticked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["playbook", "tool"], name="playbooks_tick_once"),
        ]

    def __str__(self) -> str:
        return f"{self.playbook} {self.tool}"
