"""What a person at a customer asked of us about their data: not to be called, and to be erased."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.models.contact import Contact
from duobiao.identity.models import User
from duobiao.identity.policy import Scope
from duobiao.kernel.refs import new_ref


def objection_ref() -> str:
    """Make the reference of an objection."""
    return new_ref("CO")


def erasure_ref() -> str:
    """Make the reference of an erasure."""
    return new_ref("CE")


class ObjectionKind(models.TextChoices):
    """What the person does not want."""

    CALLS = "CALLS", pgettext_lazy("objection", "wants no calls")
    CONSENT = "CONSENT", pgettext_lazy("objection", "withdrew the consent: neither calls nor messages")


class Objection(models.Model):
    """A person said that they do not want to be called, or withdrew their consent.

    Attributes:
        source: How we know: the call, the mail, the letter, in words.
        said_on: Day on which they said so.
        lifted_at: When they took it back; None while it stands.
    """

    kind = "contact_objection"

    ref = models.CharField(max_length=16, unique=True, default=objection_ref)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="objections")
    wish = models.CharField(_("what they do not want"), max_length=8, choices=ObjectionKind.choices)
    source = models.CharField(_("how we know"), max_length=200)
    said_on = models.DateField(_("said on"))
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    lift_source = models.CharField(_("how we know that they agree again"), max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contact"], condition=Q(lifted_at__isnull=True), name="customers_objection_one_standing"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="customers_objection_has_source"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lift_source="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_source="")),
                name="customers_objection_lifted_with_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wish} of {self.contact_id}"


class ErasureGround(models.TextChoices):
    """Why a person's data must go: the five cases of PIPL Art. 47."""

    PURPOSE = "PURPOSE", _("the purpose is achieved, cannot be achieved, or no longer needs the data")
    PERIOD = "PERIOD", _("the service ended, or the period of keeping is over")
    CONSENT = "CONSENT", _("the person withdrew the consent")
    UNLAWFUL = "UNLAWFUL", _("the data were handled against the law or an agreement")
    OTHER = "OTHER", _("another case of the law")


class Erasure(models.Model):
    """The data of a person were erased; says who did it and why, and nothing about the person.

    Attributes:
        asked_on: Day on which the person, or somebody of ours, asked for it.
        wiped: How many rows were changed or taken away, by table.
        kept: How many rows stay as a pseudonym, by table.
    """

    kind = "contact_erasure"

    ref = models.CharField(max_length=16, unique=True, default=erasure_ref)
    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="erasure")
    ground = models.CharField(_("reason"), max_length=8, choices=ErasureGround.choices)
    asked_on = models.DateField(_("asked for on"))
    erased_at = models.DateTimeField()
    erased_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    wiped: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    kept: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["erased_at", "id"], name="customers_erasure_at")]

    def __str__(self) -> str:
        return self.ref

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether the customer of the contact is within the scope."""
        return self.contact.in_scope(actor, scope)
