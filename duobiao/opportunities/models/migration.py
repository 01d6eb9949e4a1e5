"""Deals that move between playbook versions: runs, their deals, and which version each deal had when."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models.deal import Opportunity
from duobiao.playbooks.models import PlaybookVersion

REVERSIBLE = timedelta(days=1)
"""How long after its end a run can be taken back."""


def migration_ref() -> str:
    """Make the reference of a run."""
    return new_ref("R")


class MigrationState(models.TextChoices):
    """How far a run is."""

    QUEUED = "QUEUED", pgettext_lazy("migration", "waiting to start")
    RUNNING = "RUNNING", pgettext_lazy("migration", "running")
    DONE = "DONE", pgettext_lazy("migration", "done")
    REVERTING = "REVERTING", pgettext_lazy("migration", "being taken back")
    REVERTED = "REVERTED", pgettext_lazy("migration", "taken back")


class MigrationRun(models.Model):
    """Deals chosen by one person to move to one playbook version.

    Attributes:
        reason: Why they move, in words; may be empty.
        total: How many deals were chosen.
        touched_at: When its job last did something; a run that fell silent is taken up again.
        reverted_by: Who took it back.
    """

    kind = "migration"

    ref = models.CharField(max_length=16, unique=True, default=migration_ref)
    target = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=MigrationState.choices, default=MigrationState.QUEUED)
    total = models.PositiveIntegerField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    reverted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    revert_asked_at = models.DateTimeField(null=True)
    reverted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["QUEUED", "RUNNING"], finished_at__isnull=True)
                | Q(state__in=["DONE", "REVERTING", "REVERTED"], finished_at__isnull=False),
                name="opportunities_migration_finished_at",
            ),
            models.CheckConstraint(
                condition=Q(reverted_by__isnull=True, state__in=["QUEUED", "RUNNING", "DONE"])
                | Q(reverted_by__isnull=False, state__in=["REVERTING", "REVERTED"]),
                name="opportunities_migration_reverted_by_somebody",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="opportunities_migration_at")]

    def __str__(self) -> str:
        return f"{self.ref} to {self.target_id}"

    @property
    def is_busy(self) -> bool:
        """Whether its job waits or works."""
        return self.state in (MigrationState.QUEUED, MigrationState.RUNNING, MigrationState.REVERTING)

    def reversible(self, now: datetime) -> bool:
        """Whether it can still be taken back."""
        return self.state == MigrationState.DONE and self.reversible_until is not None and now < self.reversible_until

    @property
    def reversible_until(self) -> datetime | None:
        """The moment up to which it can be taken back; None while it runs."""
        return None if self.finished_at is None else self.finished_at + REVERSIBLE


class MigratedDeal(models.Model):
    """One deal of a run, and what became of it.

    Attributes:
        seen_version: The deal's ``version`` that the person saw; a deal changed since is left out.
        before: The version it had; None where it was left out.
        place_before, place_after: Stage, state, completed, rate, buyer.
        lost, gained: Keys of gating items that counted before and do not now, and the other way round.
        waivers_lost: Items whose waiver does not carry over.
    """

    class State(models.TextChoices):
        """What became of the deal."""

        WAITING = "WAITING", pgettext_lazy("deal of a migration", "waiting")
        MOVED = "MOVED", pgettext_lazy("deal of a migration", "moved")
        LEFT_OUT = "LEFT_OUT", pgettext_lazy("deal of a migration", "left out")
        RETURNED = "RETURNED", pgettext_lazy("deal of a migration", "put back")
        KEPT = "KEPT", pgettext_lazy("deal of a migration", "not put back")

    class Reason(models.TextChoices):
        """Why a deal was left out, or not put back."""

        CLOSED = "CLOSED", _("The deal is closed; its judgement is frozen.")
        STALE = "STALE", _("The deal was changed after you chose it. Look at it and choose it again.")
        SAME = "SAME", _("The deal is on this playbook already.")
        MOVED_AGAIN = "MOVED_AGAIN", _("The deal was moved again since.")

    run = models.ForeignKey(MigrationRun, on_delete=models.CASCADE, related_name="deals")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="migrations")
    seen_version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    before = models.ForeignKey(PlaybookVersion, null=True, on_delete=models.PROTECT, related_name="+")
    place_before: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    place_after: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    claimed_before = models.PositiveSmallIntegerField(null=True)
    lost: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    gained: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    waivers_lost: models.JSONField[list[str], list[str]] = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "opportunity"], name="opportunities_migrated_deal_once"),
            models.CheckConstraint(
                condition=Q(state__in=["WAITING", "MOVED", "RETURNED"], reason="")
                | (Q(state__in=["LEFT_OUT", "KEPT"]) & ~Q(reason="")),
                name="opportunities_migrated_deal_says_why_not",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["run", "state"], name="opportunities_migrated_state")]

    def __str__(self) -> str:
        return f"{self.opportunity_id} in {self.run_id}: {self.state}"


class PlaybookChange(models.Model):
    """A deal moved to another playbook version; what it had on a past day follows from these rows.

    Attributes:
        on: The company's day; that day and later ones are judged by ``after``.
        reverses: It took back what its run had done.
    """

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="playbook_changes")
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    on = models.DateField()
    before = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(MigrationRun, on_delete=models.PROTECT, related_name="changes")
    reverses = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opportunity", "sequence"], name="opportunities_playbook_change_sequence"),
            models.CheckConstraint(
                condition=~Q(before=models.F("after")), name="opportunities_playbook_change_changes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity_id}: {self.before_id}→{self.after_id}"
