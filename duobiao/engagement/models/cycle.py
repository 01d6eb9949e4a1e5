"""The contact plan: how often a person at a customer is to be spoken to."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact
from duobiao.identity.models import User
from duobiao.identity.policy import Scope
from duobiao.kernel.refs import new_ref

SHORTEST, LONGEST = 1, 366


def cycle_ref() -> str:
    """Make the reference of a contact cycle."""
    return new_ref("CC")


class ContactCycleQuerySet(models.QuerySet["ContactCycle"]):
    """Contact cycles; who sees the contact sees its cycle."""

    def running(self) -> "ContactCycleQuerySet":
        """Keep the cycles that run, of contacts that are still there."""
        return self.filter(ended_at__isnull=True, contact__in=Contact.objects.live())

    def visible_to(self, user: User) -> "ContactCycleQuerySet":
        """Keep the running cycles of contacts the person may see."""
        return self.filter(ended_at__isnull=True, contact__in=Contact.objects.visible_to(user))


class ContactCycle(models.Model):
    """Speak to this person every so many days; the owner of the customer sees to it.

    Attributes:
        last_on: Day of the last call that reached the person, or visit that met them; None before the first.
        due_on: Day by which to speak again: ``every_days`` after ``last_on``, at the earliest the first day of the plan.
    """

    kind = "contact_cycle"

    ref = models.CharField(max_length=16, unique=True, default=cycle_ref)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="cycles")
    every_days = models.PositiveSmallIntegerField(_("every so many days"))
    aim = models.CharField(_("what for"), max_length=200, blank=True)
    started_on = models.DateField()
    last_on = models.DateField(null=True)
    due_on = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = ContactCycleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contact"], condition=models.Q(ended_at__isnull=True), name="engagement_cycle_one_per_contact"
            ),
            models.CheckConstraint(
                condition=models.Q(every_days__range=(SHORTEST, LONGEST)), name="engagement_cycle_days_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="engagement_cycle_ended_by_somebody",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["due_on", "id"], name="engagement_cycle_due")]

    def __str__(self) -> str:
        return f"{self.contact_id} every {self.every_days} days"

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether the customer of the contact is within the scope."""
        return self.contact.in_scope(actor, scope)
