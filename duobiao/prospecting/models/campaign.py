"""Campaigns: what we do to find customers, what it costs, how it is planned; seminars with their agenda."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import User
from duobiao.identity.policy import Scope, owner_in_scope, scope_of
from duobiao.kernel.money import Money
from duobiao.kernel.refs import new_ref
from duobiao.prospecting.models.choices import Way

LONG = 2000
MOST_PEOPLE = 1_000_000
LONGEST_MINUTES = 1440


def campaign_ref() -> str:
    """Make the reference of a campaign."""
    return new_ref("M")


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Campaigns are the company's: who sees leads at all sees which campaigns there are."""

    def visible_to(self, user: User) -> "CampaignQuerySet":
        """Keep all for who may see leads, none for others."""
        return self.none() if scope_of(user, "prospecting.view") is Scope.NONE else self


class Campaign(models.Model):
    """One campaign by one of the eight ways.

    Attributes:
        pioneer_booth: Of an exhibition, the booth for those who look for what is new: what technology is shown.
        late_cases, late_value, late_customers: The booth for those who follow: cases, value, list of customers.
    """

    kind = "campaign"

    ref = models.CharField(max_length=16, unique=True, default=campaign_ref)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=120)
    way = models.CharField(_("way"), max_length=12, choices=Way.choices)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="campaigns", verbose_name=_("owner"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(pgettext_lazy("campaign", "last day"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    goal = models.TextField(_("what it is to bring"), max_length=LONG, blank=True)
    cost_minor = models.BigIntegerField(_("cost"), default=0)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    attendees_expected = models.PositiveIntegerField(
        _("attendees expected"), null=True, blank=True, validators=[MaxValueValidator(MOST_PEOPLE)]
    )
    attendees = models.PositiveIntegerField(
        _("attendees"), null=True, blank=True, validators=[MaxValueValidator(MOST_PEOPLE)]
    )
    pioneer_booth = models.TextField(_("pioneers: technology shown"), max_length=LONG, blank=True)
    late_cases = models.TextField(_("followers: cases"), max_length=LONG, blank=True)
    late_value = models.TextField(_("followers: value"), max_length=LONG, blank=True)
    late_customers = models.TextField(_("followers: list of customers"), max_length=LONG, blank=True)
    notes = models.TextField(_("what we learnt"), max_length=LONG, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="prospecting_campaign_has_name"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="prospecting_campaign_ends_after"),
            models.CheckConstraint(condition=Q(cost_minor__gte=0), name="prospecting_campaign_cost_not_negative"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="prospecting_campaign_way_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["starts_on", "id"], name="prospecting_campaign_starts")]

    def __str__(self) -> str:
        return self.name

    @property
    def cost(self) -> Money:
        """What it cost, or is to cost."""
        return Money(self.cost_minor, self.currency)

    @property
    def has_booths(self) -> bool:
        """Whether it is planned with two booths."""
        return self.way == Way.EXHIBITION

    @property
    def has_agenda(self) -> bool:
        """Whether it has an agenda."""
        return self.way == Way.SEMINAR

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether its owner is within the scope of a person."""
        return owner_in_scope(self.owner, actor, scope)


class AgendaItem(models.Model):
    """One point of a seminar.

    Attributes:
        problem: The business problem of the guests that it is about; "" is promotion.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="agenda")
    number = models.PositiveSmallIntegerField()
    topic = models.CharField(_("topic"), max_length=200)
    problem = models.CharField(_("business problem of the guests"), max_length=300, blank=True)
    speaker = models.CharField(_("speaker"), max_length=80, blank=True)
    minutes = models.PositiveSmallIntegerField(
        pgettext_lazy("agenda", "minutes"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MINUTES)],
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "number"], name="prospecting_agenda_number_once"),
            models.CheckConstraint(condition=~Q(topic=""), name="prospecting_agenda_has_topic"),
        ]

    def __str__(self) -> str:
        return self.topic
