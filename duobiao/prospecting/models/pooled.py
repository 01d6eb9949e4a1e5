"""Customers in pools (客户公海): which lie free, who holds which since when, how that ended."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from duobiao.customers.models import Customer
from duobiao.identity.models import User
from duobiao.identity.policy import Scope
from duobiao.kernel.refs import new_ref
from duobiao.prospecting.models.choices import ClaimEnd
from duobiao.prospecting.models.pool import Pool


def pooled_ref() -> str:
    """Make the reference of a customer in a pool."""
    return new_ref("PC")


class PooledCustomerQuerySet(models.QuerySet["PooledCustomer"]):
    """Customers in pools."""

    def live(self) -> "PooledCustomerQuerySet":
        """Leave out customers in the trash, or merged into others."""
        return self.filter(customer__in=Customer.objects.live())

    def visible_to(self, user: User) -> "PooledCustomerQuerySet":
        """Keep those of pools open to the person that lie free, and those whose customer they see."""
        free = Q(holder=None, pool__in=Pool.objects.active().visible_to(user).values("pk"))
        return self.live().filter(free | Q(customer__in=Customer.objects.visible_to(user).values("pk")))


class PooledCustomer(models.Model):
    """One customer that belongs to a pool.

    Attributes:
        holder: Who took it; None while it lies free. Then the keeper of the pool owns the customer.
        since_at: Since when it lies free, or is held.
        warned_on: Day on which its holder was warned; None since somebody worked on it.
    """

    kind = "pooled_customer"

    ref = models.CharField(max_length=16, unique=True, default=pooled_ref)
    customer = models.OneToOneField(Customer, on_delete=models.PROTECT, related_name="pooled")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="customers")
    holder = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    since_at = models.DateTimeField()
    warned_on = models.DateField(null=True)

    objects = PooledCustomerQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["pool", "holder"], name="prospecting_pooled_holder")]

    def __str__(self) -> str:
        return f"{self.customer_id} in {self.pool_id}"

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether its customer is within the scope."""
        return self.customer.in_scope(actor, scope)


class CustomerClaim(models.Model):
    """Somebody holds a customer of a pool: since when, and how that ended; rows stay when the customer leaves it."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="claims")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="customer_claims")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    taken = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=10, choices=ClaimEnd.choices, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(ended_at__isnull=True), name="prospecting_customer_claim_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_as="") | (Q(ended_at__isnull=False) & ~Q(ended_as="")),
                name="prospecting_customer_claim_ended_somehow",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["pool", "user", "began_at"], name="prospecting_customer_claimed")]

    def __str__(self) -> str:
        return f"{self.customer_id} by {self.user_id}"
