"""Tables of the timeline: audit entries with their hash chains, daily anchors, comments, notifications."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models

from duobiao.kernel.refs import new_ref


class AppendOnly(TypeError):
    """Code tried to change or delete an audit entry."""


def comment_ref() -> str:
    """Make the reference of a comment."""
    return new_ref("M")


def notification_ref() -> str:
    """Make the reference of a notification."""
    return new_ref("N")


class EntryQuerySet(models.QuerySet["Entry"]):
    """Audit entries; reading only."""

    def update(self, **_: Any) -> NoReturn:
        """Refuse: entries are append-only."""
        raise AppendOnly("audit entries are append-only")

    def delete(self) -> NoReturn:
        """Refuse: entries are append-only."""
        raise AppendOnly("audit entries are append-only")


class Entry(models.Model):
    """One thing that happened, hash-chained to the entry before it in its chain.

    ``digest`` covers every column here and ``detail_digest``; the detail itself may hold personal data and lives
    in its own row, which can be erased without breaking the chain.
    """

    chain = models.CharField(max_length=40)
    sequence = models.PositiveIntegerField()
    event = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_ref = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    detail_digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects: ClassVar[models.Manager["Entry"]] = EntryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="timeline_entry_chain_sequence"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject_ref", "at"], name="timeline_entry_subject"),
            models.Index(fields=["at"], name="timeline_entry_at"),
            models.Index(fields=["actor", "at"], name="timeline_entry_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.chain}#{self.sequence} {self.event}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert once; changing a stored entry is refused."""
        if not self._state.adding:
            raise AppendOnly("audit entries are append-only")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: entries are append-only."""
        raise AppendOnly("audit entries are append-only")


class EntryDetail(models.Model):
    """What an entry says beyond its columns; the row is erased when a person's data must go."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="detail", primary_key=True)
    salt = models.CharField(max_length=32)
    data = models.JSONField()

    def __str__(self) -> str:
        return f"detail of {self.entry_id}"


class ChainHead(models.Model):
    """The last entry of a chain; the row that concurrent writers of one chain queue on."""

    chain = models.CharField(max_length=40, primary_key=True)
    sequence = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    anchored = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(anchored__lte=models.F("sequence")), name="timeline_head_anchored"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chain}#{self.sequence}"


class Anchor(models.Model):
    """A day's fingerprint of the chains that grew since the day before.

    Anchors are chained to each other, so that neither a whole chain nor a day can vanish or be rewritten unseen.
    """

    day = models.DateField(unique=True)
    at = models.DateTimeField()
    chains = models.PositiveIntegerField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"anchor of {self.day}"


class AnchoredHead(models.Model):
    """Where one chain stood when it was anchored."""

    anchor = models.ForeignKey(Anchor, on_delete=models.PROTECT, related_name="heads")
    chain = models.CharField(max_length=40)
    sequence = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["anchor", "chain"], name="timeline_anchoredhead_once"),
        ]

    def __str__(self) -> str:
        return f"{self.chain}#{self.sequence} on {self.anchor_id}"


class Comment(models.Model):
    """A remark on any record, with the people it mentions."""

    kind = "comment"

    ref = models.CharField(max_length=16, unique=True, default=comment_ref)
    subject_kind = models.CharField(max_length=40)
    subject_ref = models.CharField(max_length=40)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    body = models.TextField(max_length=4000)
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_ref", "at"], name="timeline_comment_subject")
        ]

    def __str__(self) -> str:
        return self.ref


class Notification(models.Model):
    """One line in a person's bell, with the page it leads to.

    Attributes:
        routed_at: When it was looked at for mail and chat robots; None: not yet.
    """

    ref = models.CharField(max_length=16, unique=True, default=notification_ref)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    at = models.DateTimeField()
    event = models.CharField(max_length=80)
    data = models.JSONField(default=dict)
    url = models.CharField(max_length=300)
    read_at = models.DateTimeField(null=True)
    routed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user", "read_at", "at"], name="timeline_notification_user"),
            models.Index(fields=["at"], condition=models.Q(routed_at__isnull=True), name="timeline_notification_new"),
        ]

    def __str__(self) -> str:
        return f"{self.event} for {self.user_id}"
