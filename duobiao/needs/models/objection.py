"""What a customer holds against us, and the five steps by which it is answered."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact
from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.needs.domain.steps import LAST_OBJECTION
from duobiao.needs.models.choices import ObjectionType
from duobiao.needs.models.need import LONG, SHORT, Need
from duobiao.needs.models.scoped import OfDeal
from duobiao.opportunities.models import Channel, Opportunity


def objection_ref() -> str:
    """Make the reference of an objection."""
    return new_ref("OB")


class DealObjection(OfDeal):
    """Somebody at the customer objects to something (异议).

    Attributes:
        tactic: Key of the tactic of the library that answered it; "" while none is named.
        step: How many of the five steps are done; 5 only by the customer's own confirmation.
    """

    kind = "deal_objection"

    ref = models.CharField(max_length=16, unique=True, default=objection_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="objections")
    type = models.CharField(_("type"), max_length=10, choices=ObjectionType.choices)
    text = models.CharField(_("objection"), max_length=SHORT)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+", verbose_name=_("raised by"))
    raised_on = models.DateField(_("raised on"))
    need = models.ForeignKey(Need, null=True, on_delete=models.SET_NULL, related_name="objections")
    tactic = models.CharField(_("tactic"), max_length=40, blank=True)
    step = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="needs_objection_says_what"),
            models.CheckConstraint(condition=Q(step__range=(0, 5)), name="needs_objection_step_in_range"),
        ]
        indexes: ClassVar = [models.Index(fields=["opportunity", "step"], name="needs_objection_of_deal")]

    def __str__(self) -> str:
        return self.text

    @property
    def is_closed(self) -> bool:
        """Whether the customer confirmed that it is answered."""
        return self.step == LAST_OBJECTION


class ObjectionAnswer(models.Model):
    """One step of answering an objection done."""

    objection = models.ForeignKey(DealObjection, on_delete=models.CASCADE, related_name="steps")
    step = models.PositiveSmallIntegerField()
    note = models.TextField(_("what was said and done"), max_length=LONG)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, blank=True)
    done_on = models.DateField(_("day"))
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["objection", "step"], name="needs_objection_step_once"),
            models.CheckConstraint(condition=Q(step__range=(1, 5)), name="needs_answer_step_in_range"),
            models.CheckConstraint(condition=~Q(note=""), name="needs_answer_says_something"),
            models.CheckConstraint(
                condition=~Q(step=5) | (Q(contact__isnull=False) & ~Q(channel="")),
                name="needs_objection_closed_by_the_customer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objection_id} {self.step}"
