"""The customer: what lists show and what decides who may see it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import User
from duobiao.identity.policy import Scope, owned_q, owner_in_scope
from duobiao.kernel.refs import new_ref


def customer_ref() -> str:
    """Make the reference of a customer."""
    return new_ref("C")


class CustomerQuerySet(models.QuerySet["Customer"]):
    """Customers; reads on behalf of a person start at ``visible_to``."""

    def live(self) -> "CustomerQuerySet":
        """Leave out what lies in the trash or went into another customer."""
        return self.filter(trashed_at__isnull=True, merged_into__isnull=True)

    def within_reach(self, user: User) -> "CustomerQuerySet":
        """Keep what the person may see, trashed and merged rows included."""
        granted = CustomerGrant.objects.filter(user_id=user.pk).values("customer_id")
        return self.filter(owned_q(user, "customers.view") | models.Q(pk__in=granted))

    def visible_to(self, user: User) -> "CustomerQuerySet":
        """Keep the live customers the person may see."""
        return self.live().within_reach(user)


class Customer(models.Model):
    """An organisation that buys, or takes part in a purchase.

    Attributes:
        normal_name: Name without case, width, blanks and legal form; equal for likely duplicates.
        profile_items: How many of the 8 customer information items are known.
        handler_items: How many of the 4 contact items are known of the best known 经手人.
    """

    kind = "customer"

    ref = models.CharField(max_length=16, unique=True, default=customer_ref)
    name = models.CharField(_("name of the customer"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    normal_name = models.CharField(max_length=120, db_index=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="customers", verbose_name=_("owner"))
    industry = models.CharField(_("industry"), max_length=60, blank=True)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    region = models.CharField(_("region"), max_length=60, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subsidiaries",
        verbose_name=_("subsidiary of"),
    )
    notes = models.TextField(_("notes"), max_length=4000, blank=True)
    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    is_placeholder = models.BooleanField(_("placeholder"), default=False)
    profile_items = models.PositiveSmallIntegerField(default=0)
    handler_items = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    touched_at = models.DateTimeField()
    trashed_at = models.DateTimeField(null=True)
    trashed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged_from")
    version = models.PositiveIntegerField(default=1)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name=""), name="customers_customer_has_name"),
            models.UniqueConstraint(
                fields=["external_source", "external_id"],
                condition=~models.Q(external_id=""),
                name="customers_customer_external_id",
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="customers_customer_not_own_parent",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("id")),
                name="customers_customer_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=models.Q(trashed_at__isnull=True, trashed_by__isnull=True)
                | models.Q(trashed_at__isnull=False, trashed_by__isnull=False),
                name="customers_customer_trashed_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(profile_items__range=(0, 8), handler_items__range=(0, 4)),
                name="customers_customer_items_counted",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "name", "id"], name="customers_customer_owner_name"),
            models.Index(fields=["touched_at", "id"], name="customers_customer_touched"),
            models.Index(fields=["industry"], name="customers_customer_industry"),
            models.Index(fields=["credit_code"], name="customers_customer_code"),
            models.Index(fields=["phone"], name="customers_customer_phone"),
            models.Index(fields=["website"], name="customers_customer_website"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name as people say it."""
        return self.short_name or self.name

    @property
    def is_live(self) -> bool:
        """Whether it lies neither in the trash nor in another customer."""
        return self.trashed_at is None and self.merged_into_id is None

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether the owner is within the scope, or the person was granted this customer."""
        if owner_in_scope(self.owner, actor, scope):
            return True
        return scope is not Scope.NONE and self.grants.filter(user_id=actor.pk).exists()


class CustomerGrant(models.Model):
    """Lets a person see a customer that is not theirs, e.g. because they are on one of its deals."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="grants")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="customer_grants")
    source_kind = models.CharField(max_length=40)
    source_ref = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "user", "source_kind", "source_ref"], name="customers_grant_once_per_source"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "customer"], name="customers_grant_of_user"),
            models.Index(fields=["source_kind", "source_ref"], name="customers_grant_source"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} sees {self.customer_id} by {self.source_kind}:{self.source_ref}"
