"""What is to be done next about a lead, and whom we asked to refer us."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.models import Contact, Customer
from duobiao.identity.models import User
from duobiao.identity.policy import Scope, owned_q, owner_in_scope
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models import DealTask
from duobiao.prospecting.models.campaign import Campaign
from duobiao.prospecting.models.lead import Lead


def follow_up_ref() -> str:
    """Make the reference of a follow-up."""
    return new_ref("F")


def ask_ref() -> str:
    """Make the reference of a referral ask."""
    return new_ref("Q")


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Follow-ups; a person sees those of the leads they see."""

    def visible_to(self, user: User) -> "FollowUpQuerySet":
        """Keep those of visible leads."""
        return self.filter(lead__in=Lead.objects.visible_to(user).values("pk"))

    def open(self) -> "FollowUpQuerySet":
        """Keep those that are to be done here; what became a task of a deal is done there."""
        return self.filter(done_at=None, task=None)


class FollowUp(models.Model):
    """One next step on a lead; when the lead becomes a deal, an open one becomes its task.

    Attributes:
        campaign: The campaign it follows, as what a guest of a seminar asked for.
        task: The task of the deal that it became.
    """

    kind = "follow_up"

    ref = models.CharField(max_length=16, unique=True, default=follow_up_ref)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="follow_ups")
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="follow_ups")
    title = models.CharField(_("what is to be done"), max_length=200)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("who does it"))
    due_on = models.DateField(_("due on"))
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reminded_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(_("result"), max_length=500, blank=True)
    task = models.OneToOneField(DealTask, null=True, on_delete=models.PROTECT, related_name="follow_up")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="prospecting_followup_says_what"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="prospecting_followup_done_by_somebody",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["owner", "done_at", "due_on"], name="prospecting_followup_due")]

    def __str__(self) -> str:
        return self.title


class AskState(models.TextChoices):
    """What came of a referral ask."""

    ASKED = "ASKED", pgettext_lazy("referral", "asked")
    REFERRED = "REFERRED", pgettext_lazy("referral", "referred us")
    DECLINED = "DECLINED", pgettext_lazy("referral", "declined")


class AskQuerySet(models.QuerySet["ReferralAsk"]):
    """Referral asks; reads on behalf of a person start at ``visible_to``."""

    def visible_to(self, user: User) -> "AskQuerySet":
        """Keep those of people within the person's scope."""
        return self.filter(owned_q(user, "prospecting.view", owner="asked_by"))


class ReferralAsk(models.Model):
    """We asked a satisfied customer to refer us to somebody whose interests do not clash with theirs.

    Attributes:
        satisfied_with: What the customer is satisfied with; only such a customer is asked.
        whom: To whom we should like to be referred.
        lead: What it brought.
    """

    kind = "referral_ask"

    ref = models.CharField(max_length=16, unique=True, default=ask_ref)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="referral_asks")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="referral_asks")
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="referral_asks")
    satisfied_with = models.CharField(_("what they are satisfied with"), max_length=300)
    whom = models.CharField(_("to whom we want to be referred"), max_length=300)
    asked_on = models.DateField(_("asked on"))
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=AskState.choices, default=AskState.ASKED)
    result = models.CharField(_("result"), max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True)
    lead = models.OneToOneField(Lead, null=True, on_delete=models.PROTECT, related_name="referral_ask")

    objects = AskQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(satisfied_with="") & ~Q(whom=""), name="prospecting_ask_has_grounds"),
            models.CheckConstraint(
                condition=Q(state=AskState.ASKED, settled_at__isnull=True)
                | (~Q(state=AskState.ASKED) & Q(settled_at__isnull=False)),
                name="prospecting_ask_settled_at_a_moment",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["asked_by", "asked_on"], name="prospecting_ask_by")]

    def __str__(self) -> str:
        return self.whom

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether who asked is within the scope of a person."""
        return owner_in_scope(self.asked_by, actor, scope)
