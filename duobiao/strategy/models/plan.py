"""Contingency plans (预案): what we do when a risk of a deal comes true."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models import Opportunity
from duobiao.strategy.models.strategy import LONG


def plan_ref() -> str:
    """Make the reference of a contingency plan."""
    return new_ref("Y")


class PlanState(models.TextChoices):
    """How far a plan is."""

    PREPARED = "PREPARED", pgettext_lazy("plan", "prepared")
    ACTIVATED = "ACTIVATED", pgettext_lazy("plan", "activated")
    DONE = "DONE", pgettext_lazy("plan", "done")


class ContingencyPlan(models.Model):
    """Plan B of a deal for one risk.

    Attributes:
        rule: Key of the risk signal it answers.
        state: Copied from its latest step.
    """

    kind = "contingency_plan"

    ref = models.CharField(max_length=16, unique=True, default=plan_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="contingency_plans")
    rule = models.CharField(_("risk"), max_length=40)
    trigger = models.TextField(_("trigger"), max_length=500)
    plan = models.TextField(_("what we do then"), max_length=LONG)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("who does it"))
    due_on = models.DateField(_("ready by"))
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.PREPARED)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(rule="") & ~Q(trigger="") & ~Q(plan=""), name="strategy_plan_says_what"
            ),
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="strategy_plan_state_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["opportunity", "rule"], name="strategy_plan_of_deal")]

    def __str__(self) -> str:
        return f"{self.rule} {self.state}"


class PlanStep(models.Model):
    """A plan was prepared, activated or finished, by whom and when."""

    plan = models.ForeignKey(ContingencyPlan, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=10, choices=PlanState.choices)
    note = models.CharField(_("note"), max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "state"], name="strategy_step_once"),
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="strategy_step_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.plan_id}"
