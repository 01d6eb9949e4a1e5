"""Issues of a customer: what went wrong or is asked for, who sees to it, by when."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.models.contact import Contact
from duobiao.customers.models.customer import Customer
from duobiao.identity.models import User
from duobiao.identity.policy import Scope
from duobiao.kernel.refs import new_ref


def issue_ref() -> str:
    """Make the reference of an issue."""
    return new_ref("CI")


class Severity(models.TextChoices):
    """How much an issue hurts the customer; decides how many working days it may take."""

    URGENT = "URGENT", pgettext_lazy("severity", "urgent")
    HIGH = "HIGH", pgettext_lazy("severity", "high")
    NORMAL = "NORMAL", pgettext_lazy("severity", "normal")
    LOW = "LOW", pgettext_lazy("severity", "low")


class IssueQuerySet(models.QuerySet["Issue"]):
    """Issues; who sees the customer sees them."""

    def visible_to(self, user: User) -> "IssueQuerySet":
        """Keep the issues of customers the person may see."""
        return self.filter(customer__in=Customer.objects.visible_to(user))

    def open(self) -> "IssueQuerySet":
        """Keep those not solved."""
        return self.filter(solved_at__isnull=True)


class Issue(models.Model):
    """An issue of a customer.

    Attributes:
        due_on: Last working day the service level allows.
        escalated_at: When the superiors of its owner were told that it is late.
        solution: What solved it; "" while open.
    """

    kind = "customer_issue"

    ref = models.CharField(max_length=16, unique=True, default=issue_ref)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="issues")
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="issues", verbose_name=_("raised by")
    )
    title = models.CharField(_("what it is about"), max_length=200)
    detail = models.TextField(_("details"), max_length=2000, blank=True)
    severity = models.CharField(_("severity"), max_length=6, choices=Severity.choices, default=Severity.NORMAL)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="issues", verbose_name=_("who solves it"))
    raised_on = models.DateField()
    due_on = models.DateField()
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    escalated_at = models.DateTimeField(null=True)
    solution = models.TextField(_("solution"), max_length=2000, blank=True)
    solved_at = models.DateTimeField(null=True)
    solved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = IssueQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(title=""), name="customers_issue_has_title"),
            models.CheckConstraint(
                condition=models.Q(solved_at__isnull=True, solved_by__isnull=True, solution="")
                | models.Q(solved_at__isnull=False, solved_by__isnull=False) & ~models.Q(solution=""),
                name="customers_issue_solved_with_words",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_on", "id"], name="customers_issue_due"),
            models.Index(fields=["owner", "due_on"], name="customers_issue_of_owner"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it is not solved yet."""
        return self.solved_at is None

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether its customer is within the scope, or the person is to solve it."""
        return (scope is not Scope.NONE and self.owner_id == actor.pk) or self.customer.in_scope(actor, scope)
