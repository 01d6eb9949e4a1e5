"""Assessments: a customer scored by the criteria of a scheme, and where it stands by each scheme."""

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models

from duobiao.customers.models.customer import Customer
from duobiao.identity.models import User
from duobiao.identity.policy import Scope
from duobiao.kernel.refs import new_ref


def assessment_ref() -> str:
    """Make the reference of an assessment."""
    return new_ref("CA")


class SchemeVersion(models.Model):
    """A scheme as it was at one time; never changed once written, the highest version is in force.

    Attributes:
        document: As ``domain.schemes.read_scheme`` takes it.
        published_by: None where it is what was shipped.
    """

    key = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    document: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="customers_scheme_version_once"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="customers_scheme_version_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class Assessment(models.Model):
    """A customer assessed on one day; a later one replaces it, nothing is written over.

    Attributes:
        scheme: Key of the scheme; ``version`` is the one it was made with.
        score_hundredths: 0–10,000: the score of 100 points in hundredths.
        class_key: "" where the scheme has no classes.
        meets_criteria: Whether the score reached the line of the scheme; None where it draws none.
    """

    kind = "customer_assessment"

    ref = models.CharField(max_length=16, unique=True, default=assessment_ref)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="assessments")
    scheme = models.CharField(max_length=40)
    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="assessments")
    assessed_on = models.DateField()
    score_hundredths = models.PositiveSmallIntegerField()
    class_key = models.CharField(max_length=40, blank=True)
    meets_criteria = models.BooleanField(null=True)
    note = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(score_hundredths__range=(0, 10000)), name="customers_assessment_score_in_range"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "scheme", "assessed_on"], name="customers_assessment_history"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} of {self.customer_id} on {self.assessed_on}"

    @property
    def score(self) -> Decimal:
        """The score of 100 points."""
        return Decimal(self.score_hundredths) / 100

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether its customer is within the scope."""
        return self.customer.in_scope(actor, scope)


class CriterionScore(models.Model):
    """The score for one criterion, with what it rests on."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")
    criterion = models.CharField(max_length=40)
    score = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="customers_score_once_per_criterion"),
            models.CheckConstraint(condition=models.Q(score__range=(0, 100)), name="customers_score_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.score}"


class Standing(models.Model):
    """Where a customer stands by one scheme: its latest assessment, kept beside the customer for lists and filters."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="standings")
    scheme = models.CharField(max_length=40)
    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, related_name="standing")
    score_hundredths = models.PositiveSmallIntegerField()
    class_key = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "scheme"], name="customers_standing_once_per_scheme"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["scheme", "class_key", "customer"], name="customers_standing_class"),
            models.Index(fields=["scheme", "score_hundredths", "id"], name="customers_standing_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.scheme} {self.class_key}"

    @property
    def score(self) -> Decimal:
        """The score of 100 points."""
        return Decimal(self.score_hundredths) / 100
