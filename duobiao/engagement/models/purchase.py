"""How the customer purchases: the steps, who has which duty, the project lead and the decider, as they told us."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact
from duobiao.customers.models.contact import Function
from duobiao.engagement.models.call import LONG
from duobiao.identity.models import User
from duobiao.identity.policy import Scope
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models import Channel, Opportunity


def process_ref() -> str:
    """Make the reference of a recorded purchase process."""
    return new_ref("PP")


class PurchaseProcessQuerySet(models.QuerySet["PurchaseProcess"]):
    """Purchase processes; who sees the deal sees them."""

    def visible_to(self, user: User) -> "PurchaseProcessQuerySet":
        """Keep those of deals the person may see."""
        return self.filter(opportunity__in=Opportunity.objects.visible_to(user).values("pk"))


class PurchaseProcess(models.Model):
    """The process as known at one time; never changed, the highest number is in force.

    Attributes:
        told_by: Who at the customer told us; with channel and words it counts as reported by the buyer.
    """

    kind = "purchase_process"

    ref = models.CharField(max_length=16, unique=True, default=process_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="purchase_processes")
    number = models.PositiveIntegerField()
    project_lead = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("project lead")
    )
    decider = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("decision maker")
    )
    told_by = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("told by")
    )
    told_on = models.DateField(_("told on"))
    channel = models.CharField(_("told through"), max_length=10, choices=Channel.choices, blank=True)
    quote = models.TextField(_("in these words"), max_length=LONG, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = PurchaseProcessQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opportunity", "number"], name="engagement_process_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity_id} V{self.number}"

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether the deal is within the scope."""
        return self.opportunity.in_scope(actor, scope)


class ProcessStep(models.Model):
    """One step: what happens, who does it, how long it takes, which paper it needs."""

    process = models.ForeignKey(PurchaseProcess, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(_("step"), max_length=120)
    who = models.CharField(_("who"), max_length=120, blank=True)
    takes = models.CharField(_("by when, or how long"), max_length=60, blank=True)
    paper = models.CharField(_("paper needed"), max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["process", "number"], name="engagement_step_number_once"),
            models.CheckConstraint(condition=~Q(what=""), name="engagement_step_says_what"),
        ]

    def __str__(self) -> str:
        return self.what


class ProcessDuty(models.Model):
    """Who in a function has which duty in this purchase."""

    process = models.ForeignKey(PurchaseProcess, on_delete=models.CASCADE, related_name="duties")
    function = models.CharField(_("function"), max_length=12, choices=Function.choices)
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("contact")
    )
    who = models.CharField(_("who"), max_length=120, blank=True)
    duty = models.CharField(_("duty"), max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["process", "function"], name="engagement_duty_once_per_function"),
            models.CheckConstraint(
                condition=Q(contact__isnull=False) | ~Q(who=""), name="engagement_duty_names_somebody"
            ),
            models.CheckConstraint(condition=Q(function__in=Function.values), name="engagement_duty_function_known"),
        ]

    def __str__(self) -> str:
        return f"{self.function}: {self.name}"

    @property
    def name(self) -> str:
        """Who it is."""
        return self.contact.name if self.contact is not None else self.who
