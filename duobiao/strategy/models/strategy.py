"""The strategy of a deal, version by version, and what each review found."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models import Opportunity

LONG = 2000


def version_ref() -> str:
    """Make the reference of a strategy version."""
    return new_ref("S")


class StrategyVersion(models.Model):
    """How we meant to win from a day on; a new version never overwrites the one before.

    Attributes:
        review_on: Day by which it is to be reviewed.
    """

    kind = "strategy"

    ref = models.CharField(max_length=16, unique=True, default=version_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="strategies")
    number = models.PositiveIntegerField()
    goal = models.TextField(_("goal"), max_length=LONG)
    position = models.TextField(_("our position"), max_length=LONG)
    moves = models.TextField(_("main moves"), max_length=LONG)
    supporters = models.TextField(_("who supports us"), max_length=LONG, blank=True)
    opponents = models.TextField(_("who opposes us"), max_length=LONG, blank=True)
    review_on = models.DateField(_("next review"))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opportunity", "number"], name="strategy_version_number_once"),
            models.CheckConstraint(
                condition=~Q(goal="") & ~Q(position="") & ~Q(moves=""), name="strategy_version_says_how"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="strategy_version_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity_id} v{self.number}"


class StrategyReview(models.Model):
    """What became of one version: what worked, what did not, and why."""

    version = models.OneToOneField(StrategyVersion, on_delete=models.CASCADE, related_name="review")
    worked = models.TextField(_("what worked"), max_length=LONG)
    failed = models.TextField(_("what did not work"), max_length=LONG)
    causes = models.TextField(_("why"), max_length=LONG)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(causes=""), name="strategy_review_names_causes"),
        ]

    def __str__(self) -> str:
        return f"review of {self.version_id}"
