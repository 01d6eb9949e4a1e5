"""The weekly report: what a person did and plans, in their words, kept by week."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import User
from duobiao.identity.policy import Scope, owned_q, owner_in_scope
from duobiao.kernel.refs import new_ref

LONGEST = 8_000


def report_ref() -> str:
    """Make the reference of a weekly report."""
    return new_ref("WR")


class WeeklyReportQuerySet(models.QuerySet["WeeklyReport"]):
    """Weekly reports; one's own, and those that people within reach have sent."""

    def visible_to(self, user: User) -> "WeeklyReportQuerySet":
        """Keep one's own, sent or not, and the sent ones of people in reach."""
        sent = owned_q(user, "customers.view", owner="person") & Q(sent_at__isnull=False)
        return self.filter(Q(person=user) | sent | Q(sent_to=user))


class WeeklyReport(models.Model):
    """The report of one person for one week; once sent it stays as it is.

    Attributes:
        week_on: The Monday of the week.
    """

    kind = "weekly_report"

    ref = models.CharField(max_length=16, unique=True, default=report_ref)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    week_on = models.DateField()
    done = models.TextField(_("done this week"), max_length=LONGEST)
    plans = models.TextField(_("planned for next week"), max_length=LONGEST, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    sent_to = models.ManyToManyField(User, related_name="+", blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = WeeklyReportQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "week_on"], name="engagement_report_once_a_week"),
            models.CheckConstraint(condition=~Q(done=""), name="engagement_report_says_something"),
        ]
        indexes: ClassVar = [models.Index(fields=["week_on", "person"], name="engagement_report_of_week")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.week_on:%Y-%m-%d}"

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether its author is within the scope."""
        return owner_in_scope(self.person, actor, scope)
