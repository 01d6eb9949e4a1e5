"""The wide part of the customer form: seven dimensions, kept apart from the table that lists read."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models.customer import Customer


class IndustryMaturity(models.TextChoices):
    """Whether the customer's industry is young."""

    EMERGING = "EMERGING", _("emerging")
    MATURE = "MATURE", _("mature")


class LifecycleStage(models.TextChoices):
    """Where the customer's company stands in its life."""

    START_UP = "START_UP", _("starting up")
    GROWTH = "GROWTH", _("growing")
    MATURITY = "MATURITY", _("at maturity")
    DECLINE = "DECLINE", _("declining")


class Scale(models.TextChoices):
    """How far the customer's business reaches."""

    LOCAL = "LOCAL", _("local")
    REGIONAL = "REGIONAL", _("regional")
    NATIONAL = "NATIONAL", _("national")
    MULTINATIONAL = "MULTINATIONAL", _("multinational")


class IndustryPosition(models.TextChoices):
    """The customer's standing among its competitors."""

    LEADER = "LEADER", _("industry leader")
    FIRST_TIER = "FIRST_TIER", _("first tier")
    MIDDLE = "MIDDLE", _("middle field")
    NICHE = "NICHE", _("strong in a niche")
    NEWCOMER = "NEWCOMER", _("newcomer")


class Profitability(models.TextChoices):
    """What the customer earns."""

    STRONG = "STRONG", _("strong profit")
    STEADY = "STEADY", _("steady profit")
    THIN = "THIN", _("thin profit")
    LOSS = "LOSS", _("loss")


class InvestmentTrend(models.TextChoices):
    """What the customer does with its investments."""

    EXPANDING = "EXPANDING", _("expanding")
    STEADY = "STEADY", _("steady")
    SHRINKING = "SHRINKING", _("shrinking")
    FROZEN = "FROZEN", _("frozen")


class CreditStanding(models.TextChoices):
    """How reliably the customer pays and keeps its word."""

    EXCELLENT = "EXCELLENT", _("excellent")
    GOOD = "GOOD", _("good")
    FAIR = "FAIR", _("fair")
    POOR = "POOR", _("poor")


class ProjectImportance(models.TextChoices):
    """How much weight the customer gives to the project."""

    TOP = "TOP", _("top priority of the company")
    HIGH = "HIGH", _("important")
    NORMAL = "NORMAL", _("normal")
    LOW = "LOW", _("low")


class Relationship(models.TextChoices):
    """How we and the customer stand to each other."""

    NONE = "NONE", _("no contact yet")
    ACQUAINTED = "ACQUAINTED", _("acquainted")
    SUPPLIER = "SUPPLIER", _("have worked together")
    PARTNER = "PARTNER", _("long-term partner")
    STRAINED = "STRAINED", _("strained")


class CustomerProfile(models.Model):
    """What is known about one customer, by dimension; an empty value means not known."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="profile", primary_key=True)

    industry_maturity = models.CharField(
        _("industry maturity"), max_length=10, blank=True, choices=IndustryMaturity.choices
    )
    industry_margin_percent = models.DecimalField(
        _("average margin of the industry (%)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(-100), MaxValueValidator(100)],
    )
    competitors = models.TextField(_("main competitors"), max_length=2000, blank=True)

    founded_year = models.PositiveSmallIntegerField(
        _("founded in"), null=True, blank=True, validators=[MinValueValidator(1500), MaxValueValidator(2100)]
    )
    lifecycle_stage = models.CharField(_("stage of life"), max_length=10, blank=True, choices=LifecycleStage.choices)

    scale = models.CharField(_("scale"), max_length=15, blank=True, choices=Scale.choices)
    branch_count = models.PositiveIntegerField(_("branches"), null=True, blank=True)
    employee_count = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    industry_position = models.CharField(
        _("standing in the industry"), max_length=12, blank=True, choices=IndustryPosition.choices
    )
    industry_position_note = models.TextField(_("standing, in words"), max_length=1000, blank=True)

    organisation_chart = models.TextField(_("organisation chart"), max_length=2000, blank=True)
    departments = models.TextField(_("departments"), max_length=2000, blank=True)
    power_structure = models.TextField(_("power structure"), max_length=2000, blank=True)
    key_deciders = models.TextField(_("key deciders"), max_length=2000, blank=True)

    short_term_goals = models.TextField(_("short-term goals"), max_length=2000, blank=True)
    long_term_goals = models.TextField(_("long-term goals"), max_length=2000, blank=True)

    annual_revenue_minor = models.BigIntegerField(_("annual revenue"), null=True, blank=True)
    annual_revenue_currency = models.CharField(max_length=3, blank=True)
    profitability = models.CharField(_("profitability"), max_length=10, blank=True, choices=Profitability.choices)
    profitability_note = models.TextField(_("profitability, in words"), max_length=1000, blank=True)
    technical_strength = models.TextField(_("technical strength"), max_length=2000, blank=True)
    suppliers = models.TextField(_("suppliers"), max_length=2000, blank=True)
    business_scope = models.TextField(_("business scope"), max_length=2000, blank=True)
    product_range = models.TextField(_("product range"), max_length=2000, blank=True)
    pressing_problem = models.TextField(_("most pressing problem"), max_length=2000, blank=True)

    dealings = models.TextField(_("business done together"), max_length=2000, blank=True)
    relationship = models.CharField(_("relationship"), max_length=12, blank=True, choices=Relationship.choices)
    relationship_note = models.TextField(_("relationship, in words"), max_length=1000, blank=True)
    investment_trend = models.CharField(_("investment"), max_length=10, blank=True, choices=InvestmentTrend.choices)
    investment_note = models.TextField(_("investment, in words"), max_length=1000, blank=True)
    credit_standing = models.CharField(_("credit standing"), max_length=10, blank=True, choices=CreditStanding.choices)
    credit_note = models.TextField(_("credit standing, in words"), max_length=1000, blank=True)
    project_scale = models.TextField(_("size of the project"), max_length=1000, blank=True)
    project_value = models.TextField(_("value of the project to the customer"), max_length=2000, blank=True)
    project_importance = models.CharField(
        _("weight given to the project"), max_length=10, blank=True, choices=ProjectImportance.choices
    )
    project_importance_note = models.TextField(_("weight, in words"), max_length=1000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(annual_revenue_minor__isnull=True) | ~models.Q(annual_revenue_currency=""),
                name="customers_profile_revenue_has_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"profile of {self.customer_id}"
