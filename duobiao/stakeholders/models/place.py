"""Where people were moved to in the picture of a chain."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import User
from duobiao.stakeholders.models.person import DealPerson

FARTHEST = 20_000
"""Largest distance from the upper left corner that is kept."""


class Layout(models.TextChoices):
    """How a chain is drawn."""

    LAYERS = "LAYERS", pgettext_lazy("picture", "by level")
    ROLES = "ROLES", pgettext_lazy("picture", "by part")
    NETWORK = "NETWORK", pgettext_lazy("picture", "by closeness")


class PersonPlace(models.Model):
    """Where somebody was moved to in one of the pictures; without a row the picture places them itself.

    It is kept for the deal, not for each reader: the picture is what a team talks about, prints and sends, so all must see
    the same. What it says (who, which level, which lines) does not depend on it.

    Attributes:
        x, y: Upper left corner of the card; the drawing takes the nearest free place.
    """

    person = models.ForeignKey(DealPerson, on_delete=models.CASCADE, related_name="places")
    layout = models.CharField(max_length=8, choices=Layout.choices)
    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "layout"], name="stakeholders_place_once_per_picture"),
            models.CheckConstraint(condition=Q(layout__in=Layout.values), name="stakeholders_place_picture_known"),
            models.CheckConstraint(
                condition=Q(x__lte=FARTHEST, y__lte=FARTHEST), name="stakeholders_place_within_the_picture"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.layout} {self.x} {self.y}"
