"""Requirement analyses as they were completed, version by version, and changes asked for after the customer confirmed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact
from duobiao.identity.models import User
from duobiao.kernel.money import Money
from duobiao.kernel.refs import new_ref
from duobiao.needs.models.choices import ChangeState
from duobiao.needs.models.need import LONG, SHORT, Need
from duobiao.needs.models.scoped import OfDeal
from duobiao.opportunities.models import Opportunity


def paper_ref() -> str:
    """Make the reference of a version of the requirements."""
    return new_ref("RQ")


def change_ref() -> str:
    """Make the reference of a change request."""
    return new_ref("NC")


class RequirementPaper(OfDeal):
    """One version of the requirements, frozen.

    Attributes:
        number: 1, 2, 3 … within the deal.
        lines: The needs as they stood: ``ref``, ``round``, ``number``, ``text``, ``priority``, ``words`` …
    """

    kind = "requirement_paper"

    ref = models.CharField(max_length=16, unique=True, default=paper_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="requirement_papers")
    number = models.PositiveIntegerField()
    lines: models.JSONField[list[dict[str, object]], list[dict[str, object]]] = models.JSONField(default=list)
    completed_on = models.DateField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opportunity", "number"], name="needs_paper_number_once"),
        ]

    def __str__(self) -> str:
        return f"V{self.number}"


class NeedChange(OfDeal):
    """A confirmed need is to change.

    Attributes:
        text: The need as it is to be.
        impact: What it does to scope, date and price; ``cost_minor`` and ``days`` in figures, where known.
    """

    kind = "need_change"

    ref = models.CharField(max_length=16, unique=True, default=change_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="need_changes")
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="changes")
    text = models.CharField(_("the need as it is to be"), max_length=SHORT)
    reason = models.TextField(_("reason"), max_length=LONG)
    asked_by = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked for by")
    )
    impact = models.TextField(_("effect on scope, date and price"), max_length=LONG)
    cost_minor = models.BigIntegerField(_("cost"), null=True)
    cost_currency = models.CharField(max_length=3, blank=True)
    days = models.IntegerField(_("days more"), null=True, blank=True)
    state = models.CharField(max_length=8, choices=ChangeState.choices, default=ChangeState.OPEN)
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(_("why"), max_length=SHORT, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text="") & ~Q(impact=""), name="needs_change_says_what"),
            models.CheckConstraint(
                condition=Q(cost_minor__isnull=True, cost_currency="") | (Q(cost_minor__gte=0) & ~Q(cost_currency="")),
                name="needs_change_cost_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(state="OPEN") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="needs_change_decided_by_somebody",
            ),
            models.UniqueConstraint(fields=["need"], condition=Q(state="OPEN"), name="needs_change_one_open_at_a_time"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def cost(self) -> Money | None:
        """What it costs; None while not known."""
        return None if self.cost_minor is None else Money(self.cost_minor, self.cost_currency)
