"""A request for approval, the steps it visits, who is asked, and everything anybody did."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.approvals import registry
from duobiao.approvals.models.absence import Absence
from duobiao.approvals.models.chains import ChainVersion
from duobiao.identity.models import User
from duobiao.identity.policy import Scope, owner_in_scope
from duobiao.kernel.money import Money
from duobiao.kernel.refs import Ref, new_ref


def request_ref() -> str:
    """Make the reference of a request."""
    return new_ref("A")


class RequestState(models.TextChoices):
    """Where a request stands."""

    OPEN = "OPEN", pgettext_lazy("request", "waits")
    APPROVED = "APPROVED", pgettext_lazy("request", "approved")
    REFUSED = "REFUSED", pgettext_lazy("request", "refused")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("request", "withdrawn")


class ApprovalRequestQuerySet(models.QuerySet["ApprovalRequest"]):
    """Requests; reads on behalf of a person start at ``visible_to``."""

    def visible_to(self, user: User) -> "ApprovalRequestQuerySet":
        """Keep what the person asked, decides on, was copied on, or whose subject they may see."""
        seen = Q(asked_by=user)
        seen |= Q(pk__in=Task.objects.filter(user_id=user.pk).values("visit__request_id"))
        seen |= Q(pk__in=Copy.objects.filter(user_id=user.pk).values("request_id"))
        for kind in registry.all_kinds():
            seen |= Q(matter=kind.key, subject_ref__in=kind.subjects(user))
        return self.filter(seen)

    def waiting_for(self, user: User) -> "ApprovalRequestQuerySet":
        """Keep the open ones on which the person is asked."""
        mine = Task.objects.filter(user_id=user.pk, ended_at=None).values("visit__request_id")
        return self.filter(state=RequestState.OPEN, pk__in=mine)

    def decided_by(self, user: User) -> "ApprovalRequestQuerySet":
        """Keep those on which the person once said yes, no or back."""
        verbs = (Verb.APPROVED, Verb.REFUSED, Verb.RETURNED)
        return self.filter(pk__in=Act.objects.filter(by_id=user.pk, verb__in=verbs).values("request_id"))


class ApprovalRequest(models.Model):
    """Somebody needs a yes.

    Attributes:
        matter: Key of a registered kind: ``waiver``, ``give_up``.
        owner: Who owns the subject; never decides on it. Followed when it changes hands.
        facts: What approvers are shown, as it was when asked; worded by the kind.
        plan: Steps still to be visited after the present one, as data.
        alone: Decided by the only person of an installation; shown as such.
    """

    kind = "approval"

    ref = models.CharField(max_length=16, unique=True, default=request_ref)
    matter = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=40)
    subject_ref = models.CharField(max_length=40)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    facts: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, default="CNY")
    chain = models.ForeignKey(ChainVersion, on_delete=models.PROTECT, related_name="+")
    plan: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.OPEN)
    closed_at = models.DateTimeField(null=True)
    alone = models.BooleanField(default=False)

    objects = ApprovalRequestQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=RequestState.OPEN, closed_at__isnull=True)
                | (~Q(state=RequestState.OPEN) & Q(closed_at__isnull=False)),
                name="approvals_request_closed_at_a_moment",
            ),
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="approvals_request_state_known"),
            models.UniqueConstraint(
                fields=["matter", "subject_kind", "subject_ref"],
                condition=Q(state=RequestState.OPEN),
                name="approvals_request_one_open",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["asked_by", "asked_at"], name="approvals_request_asker"),
            models.Index(fields=["state", "asked_at"], name="approvals_request_state"),
            models.Index(fields=["subject_ref"], name="approvals_request_subject"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether nobody has settled it."""
        return self.state == RequestState.OPEN

    @property
    def subject(self) -> Ref:
        """The record it is about."""
        return Ref(self.subject_kind, self.subject_ref)

    @property
    def amount(self) -> Money | None:
        """The amount it is about, where there is one."""
        return None if self.amount_minor is None else Money(self.amount_minor, self.currency)

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether it is the person's own request, or the owner of its subject is within the scope."""
        if scope is Scope.OWN:
            return self.asked_by_id == actor.pk
        return owner_in_scope(self.owner, actor, scope)


class Outcome(models.TextChoices):
    """How a step was left."""

    APPROVED = "APPROVED", pgettext_lazy("step", "approved")
    REFUSED = "REFUSED", pgettext_lazy("step", "refused")
    RETURNED = "RETURNED", pgettext_lazy("step", "sent back")
    PUT_OFF = "PUT_OFF", pgettext_lazy("step", "somebody else first")
    SKIPPED = "SKIPPED", pgettext_lazy("step", "not needed")
    STOPPED = "STOPPED", pgettext_lazy("step", "stopped")


class StepVisit(models.Model):
    """A request stands, or stood, at one step; a step that is visited again is a new row.

    Attributes:
        step: The step as data, so that the row reads without its chain.
        due_on: Last day; moved when the step is passed on to superiors.
        reminded_on: Day of the last reminder.
    """

    request = models.ForeignKey(ApprovalRequest, on_delete=models.CASCADE, related_name="visits")
    sequence = models.PositiveIntegerField()
    step: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    entered_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    reminded_on = models.DateField(null=True)
    left_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "sequence"], name="approvals_visit_sequence"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(left_at__isnull=True), name="approvals_visit_one_present"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True, outcome="") | (Q(left_at__isnull=False) & ~Q(outcome="")),
                name="approvals_visit_left_with_outcome",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["due_on"], name="approvals_visit_due")]

    def __str__(self) -> str:
        return f"{self.request_id}#{self.sequence}"


class Origin(models.TextChoices):
    """Why somebody is asked."""

    CHAIN = "CHAIN", _("by the chain")
    ADDED = "ADDED", _("added by an approver")
    DELEGATED = "DELEGATED", _("handed on")
    SUBSTITUTE = "SUBSTITUTE", _("as a substitute")
    ESCALATED = "ESCALATED", _("passed on to the superior")
    STEPPED_IN = "STEPPED_IN", _("stepped in")


class EndedAs(models.TextChoices):
    """How a task ended."""

    DECIDED = "DECIDED", _("decided")
    HANDED_ON = "HANDED_ON", _("handed on")
    TAKEN_BACK = "TAKEN_BACK", _("back with the person it was for")
    CLOSED = "CLOSED", _("no longer needed")


class Task(models.Model):
    """One person is asked at one step.

    Attributes:
        behalf_of: The person in whose place they act; shown as "for X".
        absence: The absence that made them a substitute; they may act while it runs.
        approved: Their answer; None while they have given none.
    """

    visit = models.ForeignKey(StepVisit, on_delete=models.CASCADE, related_name="tasks")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=12, choices=Origin.choices)
    behalf_of = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    absence = models.ForeignKey(Absence, null=True, on_delete=models.PROTECT, related_name="+")
    required = models.BooleanField(default=False)
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=12, choices=EndedAs.choices, blank=True)
    approved = models.BooleanField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["visit", "user"], condition=Q(ended_at__isnull=True), name="approvals_task_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_as="") | (Q(ended_at__isnull=False) & ~Q(ended_as="")),
                name="approvals_task_ended_somehow",
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True) | Q(ended_as=EndedAs.DECIDED),
                name="approvals_task_answer_ends_it",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["user", "ended_at"], name="approvals_task_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.visit_id}"


class Verb(models.TextChoices):
    """What somebody did to a request."""

    ASKED = "ASKED", pgettext_lazy("act", "asked")
    APPROVED = "APPROVED", pgettext_lazy("act", "approved")
    REFUSED = "REFUSED", pgettext_lazy("act", "refused")
    RETURNED = "RETURNED", pgettext_lazy("act", "sent back")
    RESUBMITTED = "RESUBMITTED", pgettext_lazy("act", "asked again")
    ADDED = "ADDED", pgettext_lazy("act", "added an approver")
    COPIED = "COPIED", pgettext_lazy("act", "copied to")
    DELEGATED = "DELEGATED", pgettext_lazy("act", "handed the task on")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("act", "withdrew")
    REMINDED = "REMINDED", pgettext_lazy("act", "reminded")
    ESCALATED = "ESCALATED", pgettext_lazy("act", "passed on to the superior")


class Act(models.Model):
    """Somebody did something to a request; ``by`` is None for the daily job.

    Attributes:
        person: Whom it concerns: who was added, copied, handed the task.
        behalf_of: In whose place they acted.
        words: JSON that words it further: name of the step returned to, place of an added approver.
    """

    request = models.ForeignKey(ApprovalRequest, on_delete=models.CASCADE, related_name="acts")
    visit = models.ForeignKey(StepVisit, null=True, on_delete=models.CASCADE, related_name="acts")
    verb = models.CharField(max_length=12, choices=Verb.choices)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    behalf_of = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)
    words: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["by", "verb"], name="approvals_act_of_person")]

    def __str__(self) -> str:
        return f"{self.verb} {self.request_id}"


class Copy(models.Model):
    """Somebody is kept informed (抄送)."""

    request = models.ForeignKey(ApprovalRequest, on_delete=models.CASCADE, related_name="copies")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["request", "user"], name="approvals_copy_once")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.request_id}"
