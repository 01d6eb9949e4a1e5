"""The lead (线索): a hint that a company may have a need, before a deal is opened."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.models import Contact, Customer
from duobiao.identity.models import User
from duobiao.identity.policy import Scope, owned_q, owner_in_scope, scope_of
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models import Opportunity
from duobiao.prospecting.models.campaign import Campaign
from duobiao.prospecting.models.choices import OPEN_STATES, Answer, ClaimEnd, DiscardReason, LeadState, Source
from duobiao.prospecting.models.pool import Pool
from duobiao.prospecting.models.web_form import WebForm


def lead_ref() -> str:
    """Make the reference of a lead."""
    return new_ref("L")


class LeadQuerySet(models.QuerySet["Lead"]):
    """Leads; reads on behalf of a person start at ``visible_to``."""

    def visible_to(self, user: User) -> "LeadQuerySet":
        """Keep those within the person's scope, those they entered, and those that lie free in their pools."""
        if scope_of(user, "prospecting.view") is Scope.NONE:
            return self.none()
        free = Q(owner=None, pool__in=Pool.objects.visible_to(user).values("pk"))
        seen = owned_q(user, "prospecting.view") | Q(created_by=user) | free
        return self.filter(seen, merged_into__isnull=True)

    def open(self) -> "LeadQuerySet":
        """Keep those that are neither converted nor discarded, nor went into another lead."""
        return self.filter(state__in=OPEN_STATES, merged_into__isnull=True)


class Lead(models.Model):
    """One lead.

    Attributes:
        normal_name: Name of the company as ``customers.domain.naming.normal_name`` spells it.
        pool: Where it lies, or was taken from; without an owner it lies there free.
        real, feasible, fit: The check: is the need real, is there money and time, is it what we do.
        touched_at: When somebody last worked on it; recycling counts from here.
        warned_on: Day on which its owner was warned that it goes back; None since it was worked on.
        customer, contact, opportunity: What it became.
        merged_into: The lead it went into as its duplicate; nobody sees it then but through that one.
    """

    kind = "lead"

    ref = models.CharField(max_length=16, unique=True, default=lead_ref)
    company = models.CharField(_("company"), max_length=120)
    normal_name = models.CharField(max_length=120, db_index=True)
    contact_name = models.CharField(_("name of the person"), max_length=60, blank=True)
    position = models.CharField(_("position"), max_length=60, blank=True)
    mobile = models.CharField(_("mobile"), max_length=40, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    region = models.CharField(_("region"), max_length=60, blank=True)
    need = models.TextField(_("need"), max_length=2000, blank=True)
    source = models.CharField(_("source"), max_length=12, choices=Source.choices, default=Source.OTHER)
    state = models.CharField(_("state"), max_length=10, choices=LeadState.choices, default=LeadState.NEW)
    owner = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="leads", verbose_name=_("owner"))
    pool = models.ForeignKey(Pool, null=True, on_delete=models.PROTECT, related_name="leads", verbose_name=_("pool"))
    campaign = models.ForeignKey(
        Campaign, null=True, blank=True, on_delete=models.PROTECT, related_name="leads", verbose_name=_("campaign")
    )
    web_form = models.ForeignKey(WebForm, null=True, on_delete=models.PROTECT, related_name="leads")

    real = models.CharField(
        pgettext_lazy("check", "The need is real"), max_length=7, choices=Answer.choices, default=Answer.UNKNOWN
    )
    feasible = models.CharField(
        pgettext_lazy("check", "It is feasible"), max_length=7, choices=Answer.choices, default=Answer.UNKNOWN
    )
    fit = models.CharField(
        pgettext_lazy("check", "It fits us"), max_length=7, choices=Answer.choices, default=Answer.UNKNOWN
    )
    check_note = models.TextField(_("remark on the check"), max_length=1000, blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    discard_reason = models.CharField(_("reason"), max_length=12, choices=DiscardReason.choices, blank=True)
    discard_note = models.CharField(_("remark"), max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="leads")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="leads")
    opportunity = models.ForeignKey(Opportunity, null=True, on_delete=models.PROTECT, related_name="leads")

    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged_from")
    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    touched_at = models.DateTimeField()
    warned_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = LeadQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(company=""), name="prospecting_lead_has_company"),
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | Q(pool__isnull=False), name="prospecting_lead_is_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(state=LeadState.CONVERTED, customer__isnull=False, ended_at__isnull=False)
                | (
                    ~Q(state=LeadState.CONVERTED)
                    & Q(customer__isnull=True, contact__isnull=True, opportunity__isnull=True)
                ),
                name="prospecting_lead_converted_into_something",
            ),
            models.CheckConstraint(
                condition=(Q(state=LeadState.DISCARDED) & ~Q(discard_reason=""))
                | (~Q(state=LeadState.DISCARDED) & Q(discard_reason="")),
                name="prospecting_lead_discarded_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                name="prospecting_lead_not_merged_into_itself",
            ),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="prospecting_lead_source_known"),
            models.CheckConstraint(condition=Q(state__in=LeadState.values), name="prospecting_lead_state_known"),
            models.UniqueConstraint(
                fields=["external_source", "external_id"],
                condition=~Q(external_id=""),
                name="prospecting_lead_external_id",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "state"], name="prospecting_lead_owner_state"),
            models.Index(fields=["pool", "owner", "state"], name="prospecting_lead_pool"),
            models.Index(fields=["created_at", "id"], name="prospecting_lead_created"),
        ]

    def __str__(self) -> str:
        return self.company

    @property
    def is_open(self) -> bool:
        """Whether it is neither converted nor discarded."""
        return self.state in OPEN_STATES and self.merged_into_id is None

    @property
    def is_free(self) -> bool:
        """Whether it lies in its pool for members to take."""
        return self.owner_id is None

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether its owner is within the scope of a person."""
        return owner_in_scope(self.owner, actor, scope)


class Claim(models.Model):
    """Somebody holds a lead of a pool: since when, and how that ended."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="claims")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="claims")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    taken = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=10, choices=ClaimEnd.choices, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(ended_at__isnull=True), name="prospecting_claim_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_as="") | (Q(ended_at__isnull=False) & ~Q(ended_as="")),
                name="prospecting_claim_ended_somehow",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["pool", "user", "began_at"], name="prospecting_claim_user")]

    def __str__(self) -> str:
        return f"{self.lead_id} by {self.user_id}"
