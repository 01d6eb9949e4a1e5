"""The deal (销售项目): what lists show, and where the evidence puts it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.models import Customer
from duobiao.identity.models import User
from duobiao.identity.policy import Scope, owned_q, owner_in_scope
from duobiao.kernel.money import Money
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models.choices import CloseReason, GateMark, LagVerdict, Outcome, PurchaseMethod, Risk, State
from duobiao.playbooks.domain.compile import MAX_WORDS, Words
from duobiao.playbooks.models import PlaybookVersion


def product_ref() -> str:
    """Make the reference of a product."""
    return new_ref("G")


class Product(models.Model):
    """Something we list and sell; optional on a deal."""

    kind = "product"

    ref = models.CharField(max_length=16, unique=True, default=product_ref)
    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=120)
    series = models.CharField(_("series"), max_length=60, blank=True)
    list_price_minor = models.BigIntegerField(_("list price"), null=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    is_active = models.BooleanField(_("on sale"), default=True)
    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["external_source", "external_id"],
                condition=~Q(external_id=""),
                name="opportunities_product_external_id",
            ),
            models.CheckConstraint(
                condition=Q(list_price_minor__isnull=True) | Q(list_price_minor__gte=0),
                name="opportunities_product_price_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def list_price(self) -> Money | None:
        """The list price, where there is one."""
        return None if self.list_price_minor is None else Money(self.list_price_minor, self.currency)


class OpportunityQuerySet(models.QuerySet["Opportunity"]):
    """Deals; reads on behalf of a person start at ``visible_to``."""

    def visible_to(self, user: User) -> "OpportunityQuerySet":
        """Keep the deals within the person's scope, and those whose team they are on."""
        return self.within(user, "opportunities.view")

    def within(self, user: User, verb: str) -> "OpportunityQuerySet":
        """Keep the deals that a right of the person reaches, and those whose team they are on."""
        on_team = Q(pk__in=TeamMember.objects.filter(user_id=user.pk).values("opportunity_id"))
        return self.filter(owned_q(user, verb) | on_team, merged_into__isnull=True)

    def open(self) -> "OpportunityQuerySet":
        """Keep the deals that are neither closed nor went into another one."""
        return self.filter(outcome=Outcome.OPEN, merged_into__isnull=True)


class Opportunity(models.Model):
    """One project sold to one customer: the unit that everything else hangs on.

    The columns from ``stage_number`` to ``last_evidence_on`` are derived from the ledger by ``reassess`` and are
    written by nothing else; ``duobiao doctor`` proves that they still follow from it.

    Attributes:
        playbook_since: Day since which it has been on its playbook; None: since it was opened.
        claimed_stage: Stage the source of an import claimed; shown beside the derived one, proves nothing.
        outcome_unproved: An import set WON without the contract.
        word_0: Items that count for position, as bits of the compiled playbook; likewise the other words.
        gate_met: Items of the next gate that count, of ``gate_required``.
        reassess_on: First day on which time alone changes something; the daily job picks it up.
        risk: Colour of its signals, kept by ``judge_signals``.
        gate_mark: That a gate review holds it or has stopped it, written by the capability that keeps gate reviews.
        merged_into: The deal it went into as its duplicate; nobody sees it then but through that one.
        review_on: Day by which its strategy is to be reviewed, written by the capability that keeps strategies.
    """

    kind = "opportunity"

    ref = models.CharField(max_length=16, unique=True)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=160)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="opportunities", verbose_name=_("customer")
    )
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="opportunities", verbose_name=_("owner"))
    amount_minor = models.BigIntegerField(_("amount"), null=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    expected_close_on = models.DateField(_("expected signature"), null=True, blank=True)
    bid_deadline_at = models.DateTimeField(_("bid deadline"), null=True, blank=True)
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("product")
    )
    source = models.CharField(_("source"), max_length=60, blank=True)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    playbook = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="+")
    playbook_since = models.DateField(null=True)

    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.OPEN)
    closed_on = models.DateField(_("closed on"), null=True)
    close_reason = models.CharField(_("reason"), max_length=24, choices=CloseReason.choices, blank=True)
    outcome_unproved = models.BooleanField(default=False)

    stage_number = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, choices=State.choices, default=State.NOT_ENTERED)
    completed_stage = models.PositiveSmallIntegerField(default=0)
    rate_percent = models.PositiveSmallIntegerField(default=0)
    buyer_stage = models.PositiveSmallIntegerField(default=0)
    lag = models.SmallIntegerField(null=True)
    lag_verdict = models.CharField(max_length=16, choices=LagVerdict.choices, default=LagVerdict.UNKNOWN)
    settled_through = models.PositiveSmallIntegerField(default=0)
    purchase_method = models.CharField(
        _("purchase method"), max_length=16, choices=PurchaseMethod.choices, default=PurchaseMethod.UNKNOWN
    )
    word_0 = models.BigIntegerField(default=0)
    word_1 = models.BigIntegerField(default=0)
    word_2 = models.BigIntegerField(default=0)
    word_3 = models.BigIntegerField(default=0)
    word_4 = models.BigIntegerField(default=0)
    gate_met = models.PositiveSmallIntegerField(default=0)
    gate_required = models.PositiveSmallIntegerField(default=0)
    waived_count = models.PositiveSmallIntegerField(default=0)
    expired_count = models.PositiveSmallIntegerField(default=0)
    reassess_on = models.DateField(null=True)
    stage_since = models.DateField(null=True)
    last_evidence_on = models.DateField(null=True)
    risk = models.CharField(_("risk"), max_length=5, choices=Risk.choices, default="", blank=True)
    review_on = models.DateField(null=True)
    gate_mark = models.CharField(max_length=4, choices=GateMark.choices, default="", blank=True)

    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged_from")
    claimed_stage = models.PositiveSmallIntegerField(null=True)
    claimed_label = models.CharField(max_length=60, blank=True)
    external_source = models.CharField(max_length=60, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    opened_on = models.DateField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="opportunities_deal_has_name"),
            models.CheckConstraint(
                condition=Q(amount_minor__isnull=True) | Q(amount_minor__gte=0),
                name="opportunities_deal_amount_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.OPEN, closed_on__isnull=True)
                | (~Q(outcome=Outcome.OPEN) & Q(closed_on__isnull=False)),
                name="opportunities_deal_closed_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(stage_number__range=(0, 8), buyer_stage__range=(0, 8), completed_stage__range=(0, 8)),
                name="opportunities_deal_stages_in_range",
            ),
            models.CheckConstraint(
                condition=Q(claimed_stage__isnull=True) | Q(claimed_stage__range=(0, 8)),
                name="opportunities_deal_claim_in_range",
            ),
            models.UniqueConstraint(
                fields=["external_source", "external_id"],
                condition=~Q(external_id=""),
                name="opportunities_deal_external_id",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                name="opportunities_deal_not_merged_into_itself",
            ),
            models.CheckConstraint(condition=Q(risk__in=["", *Risk.values]), name="opportunities_deal_risk_known"),
            models.CheckConstraint(
                condition=Q(gate_mark__in=["", *GateMark.values]), name="opportunities_deal_gate_mark_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "outcome", "stage_number"], name="opportunities_owner_stage"),
            models.Index(fields=["outcome", "stage_number", "amount_minor"], name="opportunities_lane"),
            models.Index(fields=["outcome", "amount_minor"], name="opportunities_outcome_amount"),
            models.Index(fields=["outcome", "expected_close_on"], name="opportunities_outcome_close"),
            models.Index(fields=["outcome", "lag"], name="opportunities_outcome_lag"),
            models.Index(fields=["reassess_on"], name="opportunities_reassess"),
            models.Index(fields=["outcome", "risk"], name="opportunities_outcome_risk"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def amount(self) -> Money | None:
        """The expected contract amount, where known."""
        return None if self.amount_minor is None else Money(self.amount_minor, self.currency)

    @property
    def words(self) -> Words:
        """Items that count for position, as words of the compiled playbook."""
        return tuple(getattr(self, f"word_{n}") for n in range(MAX_WORDS))

    @property
    def is_open(self) -> bool:
        """Whether the deal is neither closed nor went into another one."""
        return self.outcome == Outcome.OPEN and self.merged_into_id is None

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether the owner is within the scope, or the person is on the deal's team."""
        if owner_in_scope(self.owner, actor, scope):
            return True
        return scope is not Scope.NONE and self.team.filter(user_id=actor.pk).exists()


class DealRole(models.TextChoices):
    """What a colleague does on a deal."""

    SALES = "SALES", _("sales")
    PRESALES = "PRESALES", _("presales")
    BID = "BID", _("bid")
    COMMERCIAL = "COMMERCIAL", _("commercial")
    LEGAL = "LEGAL", _("legal")
    FINANCE = "FINANCE", _("finance")
    DELIVERY = "DELIVERY", _("delivery")
    EXPERT = "EXPERT", _("expert")
    SPONSOR = "SPONSOR", _("sponsor")


class TeamMember(models.Model):
    """A colleague on a deal; they see it and work on it within their role."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deal_memberships")
    role = models.CharField(_("role on the deal"), max_length=12, choices=DealRole.choices)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opportunity", "user"], name="opportunities_team_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["user", "opportunity"], name="opportunities_team_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.opportunity_id}"


class ParticipantRole(models.TextChoices):
    """What a company is in a project."""

    END_USER = "END_USER", _("end user")
    DESIGN_INSTITUTE = "DESIGN_INSTITUTE", _("design institute")
    INTEGRATOR = "INTEGRATOR", _("integrator")
    AGENT = "AGENT", _("agent")
    TENDER_AGENCY = "TENDER_AGENCY", _("tender agency")
    GENERAL_CONTRACTOR = "GENERAL_CONTRACTOR", _("general contractor")
    OTHER = "OTHER", _("other")


class Participant(models.Model):
    """A company that takes part in the project, besides the customer we sell to."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="participants")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(_("part in the project"), max_length=20, choices=ParticipantRole.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["opportunity", "customer", "role"], name="opportunities_participant_once_per_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} in {self.opportunity_id}"
