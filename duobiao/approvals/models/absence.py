"""Who stands in for whom, and when."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref


def absence_ref() -> str:
    """Make the reference of an absence."""
    return new_ref("B")


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences."""

    def on(self, day: date) -> "AbsenceQuerySet":
        """Keep those that run on a day."""
        return self.filter(from_on__lte=day, to_on__gte=day, ended_at=None)

    def visible_to(self, user: User) -> "AbsenceQuerySet":
        """Keep the person's own."""
        return self.filter(user_id=user.pk)


class Absence(models.Model):
    """A person is away; their approval tasks go to a substitute from one day to another, both inclusive."""

    kind = "absence"

    ref = models.CharField(max_length=16, unique=True, default=absence_ref)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    substitute = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="approvals_absence_days_in_order"),
            models.CheckConstraint(condition=~Q(user=F("substitute")), name="approvals_absence_somebody_else"),
        ]
        indexes: ClassVar = [models.Index(fields=["from_on", "to_on"], name="approvals_absence_days")]

    def __str__(self) -> str:
        return f"{self.substitute_id} for {self.user_id}"

    def runs_on(self, day: date) -> bool:
        """Whether the substitute may act on that day."""
        return self.ended_at is None and self.from_on <= day <= self.to_on

    def in_scope(self, actor: User, scope: object) -> bool:
        """Say whether it is the person's own."""
        del scope
        return self.user_id == actor.pk
