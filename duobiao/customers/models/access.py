"""Rows that capabilities above write down here: what keeps a customer from being thrown away."""

from datetime import date
from typing import ClassVar

from django.db import models

from duobiao.customers.models.contact import Contact
from duobiao.customers.models.customer import Customer


class HoldQuerySet(models.QuerySet["Hold"]):
    """Holds."""

    def standing(self, on: date) -> "HoldQuerySet":
        """Keep the holds that still stand on a day; the last day counts."""
        return self.filter(models.Q(until__isnull=True) | models.Q(until__gte=on))


class Hold(models.Model):
    """Keeps a customer, or one of its contacts, out of the trash while something above needs it.

    Attributes:
        contact: The contact held; None holds the customer itself.
        until: Last day of the hold, inclusive; None until its source takes it away.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="holds")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="holds")
    source_kind = models.CharField(max_length=40)
    source_ref = models.CharField(max_length=40)
    reason = models.CharField(max_length=200)
    until = models.DateField(null=True)
    created_at = models.DateTimeField()

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "contact", "source_kind", "source_ref"],
                condition=models.Q(contact__isnull=False),
                name="customers_hold_contact_once",
            ),
            models.UniqueConstraint(
                fields=["customer", "source_kind", "source_ref"],
                condition=models.Q(contact__isnull=True),
                name="customers_hold_customer_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["source_kind", "source_ref"], name="customers_hold_source")]

    def __str__(self) -> str:
        return f"{self.customer_id} held by {self.source_kind}:{self.source_ref}"
