"""Who reports to whom, who influences whom, and what is planned with each person."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models import DealTask, Opportunity
from duobiao.stakeholders.models.person import ChainLevel, DealPerson


def link_ref() -> str:
    """Make the reference of a link."""
    return new_ref("LK")


class LinkKind(models.TextChoices):
    """What a link is."""

    FORMAL = "FORMAL", _("reports to")
    INFORMAL = "INFORMAL", _("influences")


class Tie(models.TextChoices):
    """What an informal link rests on."""

    TRUST = "TRUST", pgettext_lazy("link", "trust")
    MENTOR = "MENTOR", pgettext_lazy("link", "mentor")
    SCHOOLMATE = "SCHOOLMATE", pgettext_lazy("link", "schoolmates")
    FACTION = "FACTION", pgettext_lazy("link", "same circle")
    RIVAL = "RIVAL", pgettext_lazy("link", "speaks for a rival")
    CONFLICT = "CONFLICT", pgettext_lazy("link", "conflict")
    OTHER = "OTHER", pgettext_lazy("link", "other")


class InfluenceLink(models.Model):
    """One line between two people of a chain.

    Attributes:
        source, target: Formal: ``source`` reports to ``target``. Informal: ``source`` influences ``target``.
        tie: What an informal link rests on; "" for a formal one. A conflict carries no influence.
        strength_tenths: 5 to 20; a formal link counts 10.
        since: Day from which it is known; ``until``: first day on which it no longer holds.
    """

    kind = "influence_link"

    ref = models.CharField(max_length=16, unique=True, default=link_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="influence_links")
    source = models.ForeignKey(DealPerson, on_delete=models.CASCADE, related_name="links_out", verbose_name=_("from"))
    target = models.ForeignKey(DealPerson, on_delete=models.CASCADE, related_name="links_in", verbose_name=_("to"))
    link_kind = models.CharField(_("what"), max_length=8, choices=LinkKind.choices)
    tie = models.CharField(_("rests on"), max_length=10, choices=Tie.choices, blank=True)
    strength_tenths = models.PositiveSmallIntegerField(default=10)
    label = models.CharField(_("in a few words"), max_length=40, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(source=F("target")), name="stakeholders_link_between_two"),
            models.CheckConstraint(condition=Q(strength_tenths__range=(5, 20)), name="stakeholders_link_strength"),
            models.CheckConstraint(
                condition=Q(link_kind="FORMAL", tie="", strength_tenths=10) | (Q(link_kind="INFORMAL") & ~Q(tie="")),
                name="stakeholders_link_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["source", "target", "link_kind", "tie"],
                condition=Q(until__isnull=True),
                name="stakeholders_link_once_of_a_tie",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["opportunity", "until"], name="stakeholders_link_of_deal")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.link_kind} {self.target_id}"


class InfluenceAction(models.Model):
    """What is done to win somebody; the task says who, by when, and how it stands.

    Attributes:
        tier: On which level it works: executive dialogue, professional exchange, support at the base.
    """

    person = models.ForeignKey(DealPerson, on_delete=models.CASCADE, related_name="actions")
    tier = models.CharField(_("tier"), max_length=8, choices=ChainLevel.choices)
    aim = models.CharField(_("what it is to achieve"), max_length=200, blank=True)
    task = models.OneToOneField(DealTask, on_delete=models.CASCADE, related_name="influence_action")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(tier__in=["TOP", "MIDDLE", "BASE"]), name="stakeholders_action_tier")
        ]

    def __str__(self) -> str:
        return f"{self.tier} {self.task_id}"


class ChainFigures(models.Model):
    """How the chain of a deal stood when it was last measured; lists and suggestions read it.

    Attributes:
        support_permille: Net support index × 1000; None where no stance is known.
        covered_percent: Covered cells ÷ cells required; None without people.
        gaps: Codes of what is missing: ``NO_DECIDER``, ``NOBODY_SPOKEN_TO``, ``SINGLE_THREAD``, ``FADED``, ``NO_COACH``, ``UNCOVERED``.
        names: Whom a gap is about, by its code.
    """

    opportunity = models.OneToOneField(Opportunity, on_delete=models.CASCADE, related_name="chain_figures")
    people = models.PositiveSmallIntegerField(default=0)
    support_permille = models.SmallIntegerField(null=True)
    covered_percent = models.PositiveSmallIntegerField(null=True)
    top_person = models.ForeignKey(DealPerson, null=True, on_delete=models.SET_NULL, related_name="+")
    top_permille = models.PositiveSmallIntegerField(null=True)
    gaps: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    names: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)
    measured_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(support_permille__isnull=True) | Q(support_permille__range=(-1000, 1000)),
                name="stakeholders_figures_support",
            )
        ]

    def __str__(self) -> str:
        return f"{self.opportunity_id} {self.support_permille}"
