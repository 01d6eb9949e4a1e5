"""The gate review: planned, recorded, decided by somebody else; never changed after that, only followed by another."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.approvals.models import Task
from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models import Opportunity
from duobiao.playbooks.domain.model import Gate

LONG = 4000
GATES = [(gate.value, gate.value) for gate in Gate]


def review_ref() -> str:
    """Make the reference of a gate review."""
    return new_ref("R")


class ReviewState(models.TextChoices):
    """How far a review is."""

    PLANNED = "PLANNED", pgettext_lazy("review", "planned")
    SUBMITTED = "SUBMITTED", pgettext_lazy("review", "waits for approval")
    DECIDED = "DECIDED", pgettext_lazy("review", "decided")
    REFUSED = "REFUSED", pgettext_lazy("review", "decision refused")
    CANCELLED = "CANCELLED", pgettext_lazy("review", "called off")


class Decision(models.TextChoices):
    """What the participants decided."""

    GO = "GO", pgettext_lazy("decision", "go")
    HOLD = "HOLD", pgettext_lazy("decision", "hold")
    STOP = "STOP", pgettext_lazy("decision", "stop")


OPEN_STATES = (ReviewState.PLANNED, ReviewState.SUBMITTED)
HELD_STATES = (ReviewState.SUBMITTED, ReviewState.DECIDED, ReviewState.REFUSED)


class GateReviewQuerySet(models.QuerySet["GateReview"]):
    """Reviews; reads on behalf of a person start at ``visible_to``."""

    def visible_to(self, user: User) -> "GateReviewQuerySet":
        """Keep reviews on deals the person sees, those they take part in, and those they are asked to decide on."""
        deals = Opportunity.objects.visible_to(user).values("pk")
        asked = Task.objects.filter(user=user, visit__request__matter="gate_review")
        return self.filter(
            Q(opportunity__in=deals)
            | Q(pk__in=Attendee.objects.filter(user=user).values("review_id"))
            | Q(ref__in=asked.values("visit__request__subject_ref"))
        )

    def upcoming(self) -> "GateReviewQuerySet":
        """Keep what is planned and not held yet."""
        return self.filter(state=ReviewState.PLANNED)


class GateReview(models.Model):
    """One review of a deal at a control point.

    Attributes:
        stage: Stage of ours whose gate is looked at; ``item`` the item a decision to go proves, "" for none.
        corrects: An earlier review that this one replaces.
        checklist: Frozen when recorded: items with verdict and grade, risk signals; see ``queries.checklist``.
        replies: By key of the question: ``reply`` and ``note``.
        note: What the approver said.
        version: Of the plan, while it is one.
    """

    kind = "gate_review"

    ref = models.CharField(max_length=16, unique=True, default=review_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="gate_reviews")
    gate = models.CharField(_("control point"), max_length=4, choices=GATES)
    stage = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.PLANNED)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    planned_on = models.DateField(_("planned for"))
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    held_on = models.DateField(pgettext_lazy("review", "held on"), null=True)
    decision = models.CharField(_("decision"), max_length=4, choices=Decision.choices, blank=True)
    reason = models.TextField(_("reason"), max_length=LONG, blank=True)
    minutes = models.TextField(_("minutes"), max_length=LONG, blank=True)
    replies: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    checklist: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    submitted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_on = models.DateField(null=True)
    note = models.TextField(max_length=LONG, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = GateReviewQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["opportunity", "gate"], condition=Q(state__in=OPEN_STATES), name="reviews_review_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=ReviewState.values), name="reviews_review_state_known"),
            models.CheckConstraint(
                condition=Q(gate__in=[gate.value for gate in Gate]), name="reviews_review_gate_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=HELD_STATES)
                | (Q(decision__in=Decision.values, held_on__isnull=False) & ~Q(reason="")),
                name="reviews_review_held_with_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(ReviewState.DECIDED, ReviewState.REFUSED))
                | Q(settled_at__isnull=False, settled_on__isnull=False),
                name="reviews_review_settled_at_a_moment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["opportunity", "gate", "settled_at"], name="reviews_review_of_deal"),
            models.Index(fields=["state", "planned_on"], name="reviews_review_upcoming"),
        ]

    def __str__(self) -> str:
        return f"{self.gate} {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether it is planned or waits for approval."""
        return self.state in OPEN_STATES


class Attendee(models.Model):
    """A colleague who takes part in a review; people of the customer never do."""

    review = models.ForeignKey(GateReview, on_delete=models.CASCADE, related_name="attendees")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="gate_reviews")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "user"], name="reviews_attendee_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["user", "review"], name="reviews_attendee_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.review_id}"
