"""The sites of a customer: where it works, and where our projects are."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models.customer import Customer
from duobiao.identity.models import User
from duobiao.identity.policy import Scope
from duobiao.kernel.refs import new_ref


def site_ref() -> str:
    """Make the reference of a site."""
    return new_ref("CS")


class SiteKind(models.TextChoices):
    """What a place is to the customer."""

    HEADQUARTERS = "HEADQUARTERS", _("headquarters")
    PLANT = "PLANT", _("plant")
    OFFICE = "OFFICE", _("office")
    RESEARCH = "RESEARCH", _("research centre")
    WAREHOUSE = "WAREHOUSE", _("warehouse")
    PROJECT = "PROJECT", _("project site")
    OTHER = "OTHER", _("other place")


class SiteQuerySet(models.QuerySet["Site"]):
    """Sites; who sees the customer sees its sites."""

    def visible_to(self, user: User) -> "SiteQuerySet":
        """Keep the sites, not taken out, of customers the person may see."""
        return self.filter(removed_at__isnull=True, customer__in=Customer.objects.visible_to(user))


class Site(models.Model):
    """A place of a customer."""

    kind = "customer_site"

    ref = models.CharField(max_length=16, unique=True, default=site_ref)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(_("name of the site"), max_length=120)
    address = models.CharField(_("address"), max_length=200, blank=True)
    purpose = models.CharField(_("kind of site"), max_length=14, choices=SiteKind.choices, default=SiteKind.PLANT)
    note = models.CharField(_("note"), max_length=500, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = SiteQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name=""), name="customers_site_has_name"),
            models.CheckConstraint(
                condition=models.Q(removed_at__isnull=True, removed_by__isnull=True)
                | models.Q(removed_at__isnull=False, removed_by__isnull=False),
                name="customers_site_removed_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["customer", "name"],
                condition=models.Q(removed_at__isnull=True),
                name="customers_site_name_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether its customer is within the scope."""
        return self.customer.in_scope(actor, scope)
