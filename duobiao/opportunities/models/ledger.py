"""The evidence ledger: proofs, retractions, waivers, closings. Rows are added, never rewritten."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact
from duobiao.documents.models import Document
from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models.choices import Channel, CloseReason, Grade, Outcome, PurchaseMethod
from duobiao.opportunities.models.deal import Opportunity
from duobiao.playbooks.models import PlaybookVersion


def proof_ref() -> str:
    """Make the reference of a proof."""
    return new_ref("V")


def waiver_ref() -> str:
    """Make the reference of a waiver."""
    return new_ref("W")


class Proof(models.Model):
    """One graded, dated fact about a deal.

    Attributes:
        grade: What the support shows; ``grade_claimed`` is what was asked for.
        happened_on: Day of the fact; ``known_on`` the company's day on which it became known (imports: originally).
        valid_until: Last day it is good for, where the fact itself says so.
        method: The purchase method it shows, for facts about the method.
        source_kind: Kind of the record that supplied it, empty for the general form; ``source_ref`` its reference.
        fingerprint: Equal for identical proofs; only one of them is live.
        retracted_on: Day of its retraction, copied from there so that the ledger can be read in one pass.
    """

    kind = "proof"

    ref = models.CharField(max_length=16, unique=True, default=proof_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="proofs")
    key = models.CharField(_("evidence"), max_length=60)
    grade_claimed = models.PositiveSmallIntegerField(choices=Grade.choices)
    grade = models.PositiveSmallIntegerField(choices=Grade.choices)
    happened_on = models.DateField(_("happened on"))
    known_at = models.DateTimeField()
    known_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    valid_until = models.DateField(_("valid until"), null=True)
    method = models.CharField(max_length=16, choices=PurchaseMethod.choices, blank=True)
    quote = models.TextField(_("the customer's words"), max_length=4000, blank=True)
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="proofs", verbose_name=_("who said it")
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, blank=True)
    source_kind = models.CharField(max_length=40, blank=True)
    source_ref = models.CharField(max_length=40, blank=True)
    verifies = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="verified_by")
    is_unverified = models.BooleanField(default=False)
    fingerprint = models.CharField(max_length=64)
    retracted_on = models.DateField(null=True)
    documents = models.ManyToManyField(Document, related_name="proofs")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["opportunity", "fingerprint"],
                condition=Q(retracted_on__isnull=True),
                name="opportunities_proof_once_while_live",
            ),
            models.CheckConstraint(condition=Q(grade__range=(1, 3)), name="opportunities_proof_grade_in_range"),
            models.CheckConstraint(
                condition=Q(grade__lte=F("grade_claimed")), name="opportunities_proof_grade_not_above_claim"
            ),
            models.CheckConstraint(condition=~Q(key=""), name="opportunities_proof_has_key"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["opportunity", "key", "happened_on"], name="opportunities_proof_of_deal"),
            models.Index(fields=["recorded_by", "recorded_at"], name="opportunities_proof_author"),
            models.Index(fields=["source_ref"], name="opportunities_proof_source"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.grade}"

    @property
    def is_live(self) -> bool:
        """Whether it was not retracted."""
        return self.retracted_on is None


class Retraction(models.Model):
    """Somebody took a proof back, with a reason; the proof stays readable."""

    proof = models.OneToOneField(Proof, on_delete=models.PROTECT, related_name="retraction")
    reason = models.CharField(_("reason"), max_length=500)
    retracted_at = models.DateTimeField()
    retracted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="opportunities_retraction_has_reason"),
        ]

    def __str__(self) -> str:
        return f"retraction of {self.proof_id}"


class Waiver(models.Model):
    """An exception for one item: asked for, and once approved in force until its last day (例外放行).

    Attributes:
        playbook: The version whose item is waived; under another one the waiver counts for the item's counterpart.
        expires_on: Last day, inclusive, at most 90 days after the request.
        approved_on: Company's day of approval, copied from the decision; None while pending or refused.
        ended_on: Day it was ended early, copied from the decision.
    """

    kind = "waiver"

    ref = models.CharField(max_length=16, unique=True, default=waiver_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="waivers")
    playbook = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(_("item"), max_length=20)
    reason = models.CharField(_("reason"), max_length=500)
    expires_on = models.DateField(_("last day"))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    approved_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="opportunities_waiver_has_reason"),
            models.UniqueConstraint(
                fields=["opportunity", "item"],
                condition=Q(approved_on__isnull=True, ended_on__isnull=True),
                name="opportunities_waiver_one_request",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["opportunity", "approved_on"], name="opportunities_waiver_of_deal")]

    def __str__(self) -> str:
        return f"{self.item} until {self.expires_on}"

    @property
    def is_pending(self) -> bool:
        """Whether nobody has decided yet."""
        return self.approved_on is None and self.ended_on is None


class WaiverDecision(models.Model):
    """Somebody approved, refused or ended a waiver.

    Attributes:
        alone: The deal's owner decided on their own waiver, in a one-user installation; shown as such.
    """

    class Kind(models.TextChoices):
        """What was decided."""

        APPROVED = "APPROVED", _("approved")
        REFUSED = "REFUSED", _("refused")
        ENDED = "ENDED", _("ended")

    waiver = models.ForeignKey(Waiver, on_delete=models.CASCADE, related_name="decisions")
    decision = models.CharField(max_length=10, choices=Kind.choices)
    note = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    alone = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.decision} {self.waiver_id}"


class Closing(models.Model):
    """The deal was closed, and perhaps reopened.

    Attributes:
        approved_by: Who agreed that it was given up.
    """

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="closings")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=24, choices=CloseReason.choices)
    note = models.CharField(max_length=1000, blank=True)
    closed_on = models.DateField()
    known_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reopened_on = models.DateField(null=True)
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reopen_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(outcome=Outcome.OPEN), name="opportunities_closing_has_outcome"),
            models.UniqueConstraint(
                fields=["opportunity"],
                condition=Q(reopened_on__isnull=True),
                name="opportunities_closing_one_standing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} on {self.closed_on}"
