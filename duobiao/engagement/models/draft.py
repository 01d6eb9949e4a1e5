"""The draft suggestion: each version that was handed to the customer, to whom, and what they said to it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact
from duobiao.documents.models import Document
from duobiao.engagement.domain.drafts import DraftFacts
from duobiao.engagement.models.call import LONG, SHORT
from duobiao.identity.models import User
from duobiao.identity.policy import Scope
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models import Channel, Opportunity


def draft_ref() -> str:
    """Make the reference of a version of a draft."""
    return new_ref("DV")


class DraftVersionQuerySet(models.QuerySet["DraftVersion"]):
    """Versions of drafts; who sees the deal sees them."""

    def visible_to(self, user: User) -> "DraftVersionQuerySet":
        """Keep those of deals the person may see."""
        return self.filter(opportunity__in=Opportunity.objects.visible_to(user).values("pk"))

    def live(self) -> "DraftVersionQuerySet":
        """Leave out what was recorded wrongly and withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class DraftVersion(models.Model):
    """One version of a draft as handed over; a later version is a row of its own.

    Attributes:
        number: 1, 2, 3 … within the deal.
        parts: What it holds that helps the customer to set up the project, see ``domain.drafts.PARTS``.
        remark: What the customer said to it, in their words.
    """

    kind = "draft_version"

    ref = models.CharField(max_length=16, unique=True, default=draft_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="draft_versions")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)
    parts = models.JSONField(_("what it holds"), default=list, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    received_by = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+", verbose_name=_("received by"))
    handed_on = models.DateField(_("handed over on"))
    channel = models.CharField(_("by"), max_length=10, choices=Channel.choices)
    changes = models.TextField(_("what changed"), max_length=LONG, blank=True)
    remark = models.TextField(_("the customer's words"), max_length=LONG, blank=True)
    remark_by = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("said by")
    )
    remark_channel = models.CharField(_("said through"), max_length=10, choices=Channel.choices, blank=True)
    remarked_on = models.DateField(_("said on"), null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = models.CharField(max_length=SHORT, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = DraftVersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opportunity", "number"], name="engagement_draft_number_once"),
            models.CheckConstraint(condition=~Q(title=""), name="engagement_draft_has_title"),
            models.CheckConstraint(
                condition=Q(remark="", remark_by__isnull=True, remarked_on__isnull=True)
                | (~Q(remark="") & Q(remark_by__isnull=False, remarked_on__isnull=False)),
                name="engagement_draft_remark_said_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="engagement_draft_withdrawn_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} V{self.number}"

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether the deal is within the scope."""
        return self.opportunity.in_scope(actor, scope)

    def facts(self) -> DraftFacts:
        """Return what the version is judged by."""
        return DraftFacts(
            title=str(self),
            on=self.handed_on,
            receiver=self.received_by_id,
            channel=self.channel,
            withdrawn=self.withdrawn_at is not None,
            remark=self.remark,
            said_by=self.remark_by_id,
            said_through=self.remark_channel,
            said_on=self.remarked_on,
        )
