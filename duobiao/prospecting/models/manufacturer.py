"""Manufacturers whose products we sell: our projects registered with them (原厂报备), their letters (授权书)."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import User
from duobiao.identity.policy import Scope, owner_in_scope, scope_of
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models import Opportunity
from duobiao.prospecting.domain.upstream import LIVE


def upstream_ref() -> str:
    """Make the reference of a registration with a manufacturer."""
    return new_ref("UR")


def letter_ref() -> str:
    """Make the reference of an authorisation letter."""
    return new_ref("AL")


class Manufacturer(models.Model):
    """A company whose products we sell; known to the whole company, unlike customers.

    Attributes:
        normal_name: Without case, width, blanks and legal form; one entry each.
    """

    name = models.CharField(_("manufacturer"), max_length=120)
    normal_name = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(normal_name=""), name="prospecting_manufacturer_has_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UpstreamState(models.TextChoices):
    """How far a registration with a manufacturer is."""

    PREPARING = "PREPARING", pgettext_lazy("upstream", "in preparation")
    SUBMITTED = "SUBMITTED", pgettext_lazy("upstream", "submitted")
    GRANTED = "GRANTED", pgettext_lazy("upstream", "granted")
    REFUSED = "REFUSED", pgettext_lazy("upstream", "refused")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("upstream", "withdrawn")
    EXPIRED = "EXPIRED", pgettext_lazy("upstream", "expired")


class UpstreamQuerySet(models.QuerySet["Upstream"]):
    """Registrations with manufacturers; who sees the deal sees them."""

    def visible_to(self, user: User) -> "UpstreamQuerySet":
        """Keep those of deals the person may see."""
        return self.filter(opportunity__in=Opportunity.objects.visible_to(user).values("pk"))

    def live(self) -> "UpstreamQuerySet":
        """Keep those that wait or protect."""
        return self.filter(state__in=LIVE)


class Upstream(models.Model):
    """One deal registered with one manufacturer.

    Attributes:
        number: Under which the manufacturer keeps it.
        discount_level: What the manufacturer grants, in its own words.
        state, since_on: Of the newest step.
        protected_until: Last protected day; only what is granted has one that counts.
        extensions: How often the protection was extended.
        warned_days: The nearest distance to the last day of which somebody was told.
    """

    kind = "upstream_registration"

    ref = models.CharField(max_length=16, unique=True, default=upstream_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="upstream")
    manufacturer = models.ForeignKey(
        Manufacturer, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("manufacturer")
    )
    products = models.CharField(_("products"), max_length=300)
    number = models.CharField(_("number at the manufacturer"), max_length=60, blank=True)
    discount_level = models.CharField(_("discount level"), max_length=60, blank=True)
    responsible = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="upstream", verbose_name=_("who sees to it")
    )
    remarks = models.TextField(_("remarks"), max_length=2000, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=UpstreamState.choices)
    since_on = models.DateField(_("since"))
    protected_until = models.DateField(_("protected until"), null=True, blank=True)
    extensions = models.PositiveSmallIntegerField(default=0)
    warned_days = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = UpstreamQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["opportunity", "manufacturer"], name="prospecting_upstream_once_per_manufacturer"
            ),
            models.CheckConstraint(condition=~Q(products=""), name="prospecting_upstream_says_products"),
            models.CheckConstraint(condition=Q(state__in=UpstreamState.values), name="prospecting_upstream_known"),
            models.CheckConstraint(
                condition=~Q(state=UpstreamState.GRANTED) | Q(protected_until__isnull=False),
                name="prospecting_upstream_granted_until",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "protected_until"], name="prospecting_upstream_until"),
            models.Index(fields=["responsible", "protected_until"], name="prospecting_upstream_person"),
        ]

    def __str__(self) -> str:
        return f"{self.manufacturer} · {self.opportunity}"

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether the deal is within the scope, or the person sees to it."""
        return (scope is not Scope.NONE and self.responsible_id == actor.pk) or self.opportunity.in_scope(actor, scope)


class UpstreamMove(models.Model):
    """How a registration came to a state: who noted it, when, of which day, until when it protects from then on."""

    upstream = models.ForeignKey(Upstream, on_delete=models.CASCADE, related_name="moves")
    state = models.CharField(max_length=9, choices=UpstreamState.choices)
    happened_on = models.DateField()
    protected_until = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=UpstreamState.values), name="prospecting_upstream_move_known"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.happened_on}"


class LetterQuerySet(models.QuerySet["Letter"]):
    """Authorisation letters."""

    def visible_to(self, user: User) -> "LetterQuerySet":
        """Keep those for deals the person may see; general ones are for everybody who sees leads."""
        if scope_of(user, "prospecting.view") is Scope.NONE:
            return self.none()
        return self.filter(Q(opportunity=None) | Q(opportunity__in=Opportunity.objects.visible_to(user).values("pk")))

    def holding(self, on: date) -> "LetterQuerySet":
        """Keep those that hold on a day; first and last day count."""
        return self.filter(ended_at__isnull=True, valid_from__lte=on, valid_until__gte=on)


class Letter(models.Model):
    """A letter by which a manufacturer authorises us.

    Attributes:
        opportunity: The deal it is for; None for a general one.
        covers: Products, region, or what else it says.
        ended_at: When somebody noted that it no longer counts before its last day, with ``ended_why``.
    """

    kind = "authorisation_letter"

    ref = models.CharField(max_length=16, unique=True, default=letter_ref)
    manufacturer = models.ForeignKey(
        Manufacturer, on_delete=models.PROTECT, related_name="letters", verbose_name=_("manufacturer")
    )
    opportunity = models.ForeignKey(Opportunity, null=True, on_delete=models.PROTECT, related_name="letters")
    number = models.CharField(_("number of the letter"), max_length=60, blank=True)
    covers = models.CharField(_("what it covers"), max_length=300)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    responsible = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="letters", verbose_name=_("who sees to it")
    )
    remarks = models.TextField(_("remarks"), max_length=2000, blank=True)
    warned_days = models.PositiveSmallIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_why = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(covers=""), name="prospecting_letter_says_what"),
            models.CheckConstraint(
                condition=Q(valid_until__gte=models.F("valid_from")), name="prospecting_letter_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_why="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_why=""),
                name="prospecting_letter_ended_for_a_reason",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["valid_until"], name="prospecting_letter_until")]

    def __str__(self) -> str:
        return f"{self.manufacturer} · {self.opportunity or self.covers}"

    def holds(self, on: date) -> bool:
        """Whether it counts on a day."""
        return self.ended_at is None and self.valid_from <= on <= self.valid_until

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether who sees to it, or its deal, is within the scope."""
        if owner_in_scope(self.responsible, actor, scope):
            return True
        return self.opportunity is not None and self.opportunity.in_scope(actor, scope)
