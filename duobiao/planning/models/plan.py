"""The annual plan of an account: goals, milestones, reviews, its deals; and the budget cycle of the customer."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.approvals.models import Task
from duobiao.customers.models import Customer
from duobiao.identity.models import User
from duobiao.identity.policy import Scope
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models import Opportunity

ACCOUNT_PLAN = "account_plan"
FIRST_YEAR, LAST_YEAR = 2000, 2100
MONTHS = (1, 12)


def plan_ref() -> str:
    """Make the reference of a plan."""
    return new_ref("YP")


def goal_ref() -> str:
    """Make the reference of a goal."""
    return new_ref("YG")


def date_ref() -> str:
    """Make the reference of a milestone or review."""
    return new_ref("YD")


class PlanState(models.TextChoices):
    """How a plan stands."""

    DRAFT = "DRAFT", pgettext_lazy("account plan", "draft")
    WAITING = "WAITING", pgettext_lazy("account plan", "to be approved")
    APPROVED = "APPROVED", pgettext_lazy("account plan", "approved")
    CLOSED = "CLOSED", pgettext_lazy("account plan", "closed")


class Measure(models.TextChoices):
    """What a goal is measured by; the first five are counted from the records."""

    WON_AMOUNT = "WON_AMOUNT", _("amount won")
    PIPELINE = "PIPELINE", _("amount of open projects")
    WON_DEALS = "WON_DEALS", _("projects won")
    NEW_DEALS = "NEW_DEALS", _("projects opened")
    PEOPLE_REACHED = "PEOPLE_REACHED", _("people reached")
    COUNT = "COUNT", _("a number of our own")
    WORDS = "WORDS", pgettext_lazy("measure", "in words")


class DateKind(models.TextChoices):
    """What falls on a day of the plan."""

    MILESTONE = "MILESTONE", pgettext_lazy("account plan", "milestone")
    REVIEW = "REVIEW", pgettext_lazy("account plan", "review")


class Phase(models.TextChoices):
    """What a customer does with its budget in the course of a year."""

    NEEDS = "NEEDS", _("collects needs")
    APPLICATION = "APPLICATION", _("applies for budget")
    APPROVAL = "APPROVAL", _("decides on budget")
    PURCHASE = "PURCHASE", _("purchases")
    SETTLEMENT = "SETTLEMENT", _("settles the year")


class AccountPlanQuerySet(models.QuerySet["AccountPlan"]):
    """Plans; who sees the customer sees its plans, and so does who is asked to approve one."""

    def visible_to(self, user: User) -> "AccountPlanQuerySet":
        """Keep those of customers the person may see, and those they are asked to approve."""
        asked = Task.objects.filter(user=user, visit__request__matter=ACCOUNT_PLAN)
        seen = Q(customer__in=Customer.objects.visible_to(user).values("pk"))
        return self.filter(seen | Q(ref__in=asked.values("visit__request__subject_ref")))


class AccountPlan(models.Model):
    """What we want with one customer in one year.

    Attributes:
        currency: Of the amounts among its goals.
        note: What was said when it was approved, refused, or taken up again.
        result: What came of the year, written when it is closed.
    """

    kind = "account_plan"

    ref = models.CharField(max_length=16, unique=True, default=plan_ref)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="plans")
    year = models.PositiveSmallIntegerField(_("year"))
    aim = models.TextField(_("where the account should stand at the end of the year"), max_length=2000, blank=True)
    currency = models.CharField(max_length=3, default="CNY")
    state = models.CharField(_("state"), max_length=8, choices=PlanState.choices, default=PlanState.DRAFT)
    note = models.CharField(max_length=500, blank=True)
    result = models.TextField(_("what came of it"), max_length=2000, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = AccountPlanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "year"],
                condition=~Q(state=PlanState.CLOSED),
                name="planning_plan_one_running_a_year",
            ),
            models.CheckConstraint(
                condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)), name="planning_plan_year_in_range"
            ),
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="planning_plan_state_known"),
            models.CheckConstraint(
                condition=~Q(state=PlanState.CLOSED)
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(result="")),
                name="planning_plan_closed_with_result",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["year", "state"], name="planning_plan_year_state")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.year}"

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether its customer is within the scope."""
        return self.customer.in_scope(actor, scope)


class PlanGoal(models.Model):
    """One goal with its target; what was reached is counted from the records, or written down.

    Attributes:
        title: "" where it is called after its measure.
        target_minor, target_count, target_words: The one that its measure needs.
        reached_count, reached_words: Written down, where nothing is counted.
    """

    kind = "plan_goal"

    ref = models.CharField(max_length=16, unique=True, default=goal_ref)
    plan = models.ForeignKey(AccountPlan, on_delete=models.CASCADE, related_name="goals")
    measure = models.CharField(_("measured by"), max_length=16, choices=Measure.choices)
    title = models.CharField(_("goal"), max_length=200, blank=True)
    target_minor = models.BigIntegerField(null=True)
    target_count = models.PositiveIntegerField(null=True)
    target_words = models.CharField(max_length=300, blank=True)
    reached_count = models.PositiveIntegerField(null=True)
    reached_words = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(title="") | ~Q(measure__in=[Measure.COUNT, Measure.WORDS]), name="planning_goal_says_what"
            ),
            models.CheckConstraint(condition=Q(measure__in=Measure.values), name="planning_goal_measure_known"),
            models.CheckConstraint(
                condition=Q(
                    measure__in=[Measure.WON_AMOUNT, Measure.PIPELINE],
                    target_minor__isnull=False,
                    target_minor__gt=0,
                    target_count__isnull=True,
                    target_words="",
                )
                | Q(
                    measure__in=[Measure.WON_DEALS, Measure.NEW_DEALS, Measure.PEOPLE_REACHED, Measure.COUNT],
                    target_minor__isnull=True,
                    target_count__isnull=False,
                    target_count__gt=0,
                    target_words="",
                )
                | (
                    Q(measure=Measure.WORDS, target_minor__isnull=True, target_count__isnull=True) & ~Q(target_words="")
                ),
                name="planning_goal_has_its_target",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["plan", "created_at"], name="planning_goal_of_plan")]

    def __str__(self) -> str:
        return self.title or str(Measure(self.measure).label)


class PlanDate(models.Model):
    """A milestone, or a review of the plan: who sees to it by when, and what came of it.

    Attributes:
        reminded_on: Day on which its owner was told that it is due.
    """

    kind = "plan_date"

    ref = models.CharField(max_length=16, unique=True, default=date_ref)
    plan = models.ForeignKey(AccountPlan, on_delete=models.CASCADE, related_name="dates")
    what = models.CharField(_("kind"), max_length=9, choices=DateKind.choices, default=DateKind.MILESTONE)
    title = models.CharField(_("what is to be reached"), max_length=200)
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="plan_dates", verbose_name=pgettext_lazy("account plan", "who")
    )
    due_on = models.DateField(_("due on"))
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=1000, blank=True)
    reminded_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="planning_date_says_what"),
            models.CheckConstraint(condition=Q(what__in=DateKind.values), name="planning_date_kind_known"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, done_by__isnull=True)
                | Q(done_on__isnull=False, done_by__isnull=False),
                name="planning_date_done_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(what=DateKind.REVIEW) | Q(done_on__isnull=True) | ~Q(outcome=""),
                name="planning_review_has_outcome",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "done_on", "due_on"], name="planning_date_owner"),
            models.Index(fields=["plan", "due_on"], name="planning_date_of_plan"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it is still to come."""
        return self.done_on is None


class PlanDeal(models.Model):
    """A deal that serves the plan."""

    plan = models.ForeignKey(AccountPlan, on_delete=models.CASCADE, related_name="deals")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="plans")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "opportunity"], name="planning_deal_once_per_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity_id} in {self.plan_id}"


class BudgetPhase(models.Model):
    """In which months of its year a customer does one thing with its budget; the last month may lie in the next year."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="budget_phases")
    phase = models.CharField(max_length=12, choices=Phase.choices)
    first_month = models.PositiveSmallIntegerField()
    last_month = models.PositiveSmallIntegerField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "phase"], name="planning_phase_once_per_customer"),
            models.CheckConstraint(condition=Q(phase__in=Phase.values), name="planning_phase_known"),
            models.CheckConstraint(
                condition=Q(first_month__range=MONTHS, last_month__range=MONTHS), name="planning_phase_in_months"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phase} {self.first_month}-{self.last_month}"
