"""Confirmations: the customer is asked to confirm what we wrote down, and answers by a signed link or in another way."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.models import Contact, Customer
from duobiao.documents.models import Document
from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models.choices import Channel
from duobiao.opportunities.models.deal import Opportunity


def confirmation_ref() -> str:
    """Make the reference of a confirmation."""
    return new_ref("CF")


class Way(models.TextChoices):
    """By what the customer confirms."""

    LINK = "LINK", _("signed link")
    STAMPED_SCAN = "STAMPED_SCAN", _("stamped scan")
    MAIL_REPLY = "MAIL_REPLY", _("reply by mail")
    CHAT_PICTURE = "CHAT_PICTURE", _("picture of a chat")
    SIGN_IN_SHEET = "SIGN_IN_SHEET", _("sign-in sheet")
    PLATFORM_NOTICE = "PLATFORM_NOTICE", _("notice of a platform")


class Answer(models.TextChoices):
    """What the customer answers."""

    CONFIRMED = "CONFIRMED", _("confirmed")
    REMARKED = "REMARKED", _("confirmed with a remark")
    DISPUTED = "DISPUTED", _("not right")


class Standing(models.TextChoices):
    """What has become of a confirmation on a day; follows from its columns."""

    WAITING = "WAITING", pgettext_lazy("confirmation", "waiting")
    EXPIRED = "EXPIRED", pgettext_lazy("confirmation", "link expired")
    CONFIRMED = "CONFIRMED", pgettext_lazy("confirmation", "confirmed")
    REMARKED = "REMARKED", pgettext_lazy("confirmation", "confirmed with a remark")
    DISPUTED = "DISPUTED", pgettext_lazy("confirmation", "not right")
    REVOKED = "REVOKED", pgettext_lazy("confirmation", "link revoked")
    DROPPED = "DROPPED", pgettext_lazy("confirmation", "no longer counts")


class Confirmation(models.Model):
    """One request to confirm a record, with the text as it was sent.

    Attributes:
        source_kind: Kind of the record that is confirmed; ``source_ref`` its reference.
        contact: To whom the link was sent, or who confirmed in another way.
        snapshot: What the customer reads and what it proves, frozen; see ``domain/snapshots.py``.
        digest: Hash of the link's token; None for other ways.
        answered_on: Day of the answer where the company sits, or the day of the paper.
        ended_at: Revoked before an answer, or dropped after one because the record changed.
    """

    kind = "confirmation"

    ref = models.CharField(max_length=16, unique=True, default=confirmation_ref)
    opportunity = models.ForeignKey(Opportunity, null=True, on_delete=models.CASCADE, related_name="confirmations")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    source_kind = models.CharField(max_length=40)
    source_ref = models.CharField(max_length=40)
    way = models.CharField(_("way of confirming"), max_length=16, choices=Way.choices, default=Way.LINK)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+", verbose_name=_("who confirms"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, blank=True)
    snapshot = models.JSONField()
    digest = models.CharField(max_length=64, unique=True, null=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_on = models.DateField(null=True)
    remark = models.TextField(_("remark"), max_length=2000, blank=True)
    documents = models.ManyToManyField(Document, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(way=Way.LINK, digest__isnull=False, expires_at__isnull=False)
                | (~Q(way=Way.LINK) & Q(digest__isnull=True, expires_at__isnull=True, answered_at__isnull=False)),
                name="opportunities_confirmation_link_or_paper",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answered_on__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_on__isnull=False)),
                name="opportunities_confirmation_answered_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="opportunities_confirmation_ended_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(answer=Answer.DISPUTED) | ~Q(remark=""), name="opportunities_confirmation_dispute_says_why"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["source_ref", "asked_at"], name="opportunities_confirm_source")]

    def __str__(self) -> str:
        return f"{self.ref} {self.way}"

    @property
    def is_confirmed(self) -> bool:
        """Whether the customer agreed, and nothing took that back."""
        return self.ended_at is None and self.answer in (Answer.CONFIRMED, Answer.REMARKED)

    @property
    def what(self) -> str:
        """What is confirmed: ``minutes`` or ``requirements``."""
        return str(self.snapshot.get("lead", {}).get("what", "minutes"))

    @property
    def chain(self) -> str:
        """The audit chain it belongs to."""
        return self.opportunity.ref if self.opportunity is not None else self.customer.ref

    def standing(self, now: datetime) -> Standing:
        """Say what has become of it."""
        if self.ended_at is not None:
            return Standing.DROPPED if self.answer else Standing.REVOKED
        if self.answer:
            return Standing(self.answer)
        return Standing.EXPIRED if self.expires_at is not None and self.expires_at <= now else Standing.WAITING
