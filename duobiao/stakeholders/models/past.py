"""What a person of a chain was before: the part they played, until a day."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from duobiao.identity.models import User
from duobiao.stakeholders.models.person import ChainLevel, ChainRole, DealPerson

KEPT = ("role", "influence_type", "coach_grade", "level", "function", "department", "keeper_id")
"""What of a person a picture of the past shows as it was; the persona is only known as it is."""


class PersonPast(models.Model):
    """What held of a person before it was changed; without a row what holds now has always held.

    Attributes:
        until: First day on which it no longer held.
    """

    person = models.ForeignKey(DealPerson, on_delete=models.CASCADE, related_name="pasts")
    until = models.DateField()
    role = models.CharField(max_length=16, choices=ChainRole.choices)
    influence_type = models.CharField(max_length=10, blank=True)
    coach_grade = models.CharField(max_length=10, blank=True)
    level = models.CharField(max_length=8, choices=ChainLevel.choices)
    function = models.CharField(max_length=12, blank=True)
    department = models.CharField(max_length=60, blank=True)
    keeper = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "until"], name="stakeholders_past_once_a_day"),
            models.CheckConstraint(condition=Q(role__in=ChainRole.values), name="stakeholders_past_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.role} < {self.until}"
