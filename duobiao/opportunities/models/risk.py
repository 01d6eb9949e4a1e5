"""Risks of a deal: its signals, what was reported, whom we spoke to, and a company's own figures."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact
from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models.choices import Risk
from duobiao.opportunities.models.deal import Opportunity

LEVELS = (Risk.RED, Risk.AMBER)


def report_ref() -> str:
    """Make the reference of a risk report."""
    return new_ref("X")


class RiskSignal(models.Model):
    """A risk an open deal has now; written by ``judge_signals`` and by nothing else.

    Attributes:
        rule: Key of the rule, see ``data/signals.yaml``.
        reasons: Codes and figures of ``domain.signals.Reason``, worded where they are read.
        since: Day from which on it has been at this level.
        source_kind: Kind of the record behind it, empty where it is no single one; ``source_ref`` its reference.
    """

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="signals")
    rule = models.CharField(max_length=40)
    level = models.CharField(max_length=5, choices=[(level.value, level.label) for level in LEVELS])
    reasons: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    since = models.DateField()
    source_kind = models.CharField(max_length=40, blank=True)
    source_ref = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opportunity", "rule"], name="opportunities_signal_once_per_rule"),
            models.CheckConstraint(condition=Q(level__in=LEVELS), name="opportunities_signal_level_known"),
            models.CheckConstraint(condition=~Q(rule=""), name="opportunities_signal_has_rule"),
        ]
        indexes: ClassVar = [models.Index(fields=["level", "since"], name="opportunities_signal_level")]

    def __str__(self) -> str:
        return f"{self.rule} {self.level}"


class RiskReport(models.Model):
    """Something that speaks of a risk: reported by a person, or read from a record of a capability.

    Attributes:
        code: What a record showed (``CONTACT_TRASHED`` …); empty for what a person reported.
        seen: What was seen, in words; for records the name it is about.
        said_by: Who said so.
        reported_by: Who reported it, or whose change was read.
    """

    kind = "risk_report"

    ref = models.CharField(max_length=16, unique=True, default=report_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="risk_reports")
    rule = models.CharField(_("signal"), max_length=40)
    code = models.CharField(max_length=24, blank=True)
    happened_on = models.DateField(_("day"))
    seen = models.TextField(_("what was seen"), max_length=1000)
    said_by = models.CharField(_("who said so"), max_length=120, blank=True)
    source_kind = models.CharField(max_length=40, blank=True)
    source_ref = models.CharField(max_length=40, blank=True)
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    retracted_at = models.DateTimeField(null=True)
    retracted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    retract_reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(seen=""), name="opportunities_risk_report_says_what"),
            models.CheckConstraint(condition=~Q(rule=""), name="opportunities_risk_report_has_rule"),
            models.CheckConstraint(
                condition=Q(retracted_at__isnull=True, retract_reason="")
                | (Q(retracted_at__isnull=False) & ~Q(retract_reason="")),
                name="opportunities_risk_report_retracted_with_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["opportunity", "happened_on"], name="opportunities_report_deal"),
            models.Index(fields=["source_ref"], name="opportunities_report_source"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} on {self.happened_on}"

    @property
    def is_live(self) -> bool:
        """Whether it was not retracted."""
        return self.retracted_at is None


class Conversation(models.Model):
    """Somebody of the customer was spoken to on a day; written by the capabilities that log calls and visits."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="conversations")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    source_kind = models.CharField(max_length=40)
    source_ref = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["opportunity", "source_ref", "contact"], name="opportunities_conversation_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["opportunity", "on"], name="opportunities_spoken_deal"),
            models.Index(fields=["source_ref"], name="opportunities_spoken_source"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} on {self.on}"


class RiskFigures(models.Model):
    """A company's own figures for one rule, in place of the shipped ones."""

    rule = models.CharField(max_length=40, unique=True)
    figures: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(rule=""), name="opportunities_figures_have_rule"),
        ]

    def __str__(self) -> str:
        return self.rule
