"""Contact lines of a deal: who of ours keeps in touch with which department, and about what (F4 多部门多线程沟通)."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Function
from duobiao.identity.models import User
from duobiao.opportunities.models.deal import Opportunity

USUAL_QUIET_DAYS = 30


class DealThread(models.Model):
    """A line to one department of the customer, as somebody set it up; without a row the usual figures hold.

    Attributes:
        concern: What this department cares about in this deal, in our words.
        keeper: Who of ours keeps the line; None: the deal's owner.
        quiet_days: After so many days without a contact the line is called cold.
        told_on: Day on which the keeper was told that it is cold; a later contact starts anew.
    """

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="threads")
    function = models.CharField(_("department"), max_length=12, choices=Function.choices)
    concern = models.CharField(_("concern"), max_length=300, blank=True)
    keeper = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("who keeps the line")
    )
    quiet_days = models.PositiveSmallIntegerField(
        _("cold after"), default=USUAL_QUIET_DAYS, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    told_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opportunity", "function"], name="opportunities_thread_once"),
            models.CheckConstraint(
                condition=Q(quiet_days__range=(1, 365)), name="opportunities_thread_quiet_days_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.function} of {self.opportunity_id}"
