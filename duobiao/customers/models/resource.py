"""Who and what works for a customer besides its owner: our own people, and partners."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models.customer import Customer
from duobiao.identity.models import User
from duobiao.identity.policy import Scope
from duobiao.kernel.refs import new_ref


def resource_ref() -> str:
    """Make the reference of a resource."""
    return new_ref("CR")


class ResourceSide(models.TextChoices):
    """Whose resource it is."""

    INTERNAL = "INTERNAL", _("our own")
    PARTNER = "PARTNER", _("partner")


class AccountResourceQuerySet(models.QuerySet["AccountResource"]):
    """Resources; who sees the customer sees them."""

    def visible_to(self, user: User) -> "AccountResourceQuerySet":
        """Keep those, not taken out, of customers the person may see."""
        return self.filter(removed_at__isnull=True, customer__in=Customer.objects.visible_to(user))


class AccountResource(models.Model):
    """Somebody, or a company, that is put to work for a customer.

    Attributes:
        allocation: How much of it, in words: "one day a week", "up to 200,000 a year".
    """

    kind = "account_resource"

    ref = models.CharField(max_length=16, unique=True, default=resource_ref)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="resources")
    side = models.CharField(_("whose"), max_length=8, choices=ResourceSide.choices, default=ResourceSide.INTERNAL)
    name = models.CharField(_("who or what"), max_length=120)
    role = models.CharField(_("what it does for this customer"), max_length=200, blank=True)
    allocation = models.CharField(_("how much of it"), max_length=120, blank=True)
    reached_by = models.CharField(_("how to reach it"), max_length=120, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = AccountResourceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name=""), name="customers_resource_has_name"),
            models.CheckConstraint(
                condition=models.Q(removed_at__isnull=True, removed_by__isnull=True)
                | models.Q(removed_at__isnull=False, removed_by__isnull=False),
                name="customers_resource_removed_by_somebody",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["customer", "side", "name"], name="customers_resource_of")]

    def __str__(self) -> str:
        return self.name

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether its customer is within the scope."""
        return self.customer.in_scope(actor, scope)
