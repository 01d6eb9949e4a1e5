"""What hangs on a deal: who sees the deal sees it."""

from typing import Any, Self

from django.db import models

from duobiao.identity.models import User
from duobiao.identity.policy import Scope
from duobiao.opportunities.models import Opportunity


class OfDealQuerySet(models.QuerySet[Any]):
    """Rows of deals."""

    def visible_to(self, user: User) -> Self:
        """Keep those of deals the person may see."""
        return self.filter(opportunity__in=Opportunity.objects.visible_to(user).values("pk"))

    def live(self) -> Self:
        """Leave out what was taken off."""
        return self.filter(removed_at__isnull=True)


class OfDeal(models.Model):
    """A row of a deal."""

    objects = OfDealQuerySet.as_manager()

    class Meta:
        abstract = True

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether the deal is within the scope."""
        held: Any = self
        return bool(held.opportunity.in_scope(actor, scope))
