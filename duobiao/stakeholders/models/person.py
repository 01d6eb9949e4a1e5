"""The people of a deal's decision, and what became of them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.models import Contact, Customer, Function
from duobiao.identity.models import User
from duobiao.identity.policy import Scope
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models import Opportunity

PERSONA = ("duties", "goals", "background", "concerns", "ties")
"""The five fields of a persona (角色画像)."""


def person_ref() -> str:
    """Make the reference of a person of a chain."""
    return new_ref("DP")


def change_ref() -> str:
    """Make the reference of a change of post."""
    return new_ref("PC")


class ChainRole(models.TextChoices):
    """The part a person plays in this decision."""

    UNKNOWN = "UNKNOWN", _("not yet known")
    FINAL_DECIDER = "FINAL_DECIDER", _("final decider")
    INFLUENCER = "INFLUENCER", _("key influencer")
    GATEKEEPER = "GATEKEEPER", _("gatekeeper")
    USER = "USER", _("user and implementer")


class BuyingInfluence(models.TextChoices):
    """The buying influence of the Blue Sheet (Miller Heiman)."""

    ECONOMIC = "ECONOMIC", _("economic buyer")
    USER = "USER", _("user buyer")
    TECHNICAL = "TECHNICAL", _("technical buyer")
    COACH = "COACH", pgettext_lazy("buying influence", "coach")


class RelationClass(models.TextChoices):
    """How a person is cared for."""

    DECIDER = "DECIDER", pgettext_lazy("relation class", "decider")
    INFLUENCER = "INFLUENCER", pgettext_lazy("relation class", "influencer")
    USER_REP = "USER_REP", _("user representative")
    BRIDGE = "BRIDGE", pgettext_lazy("relation class", "bridge")


class CoachGrade(models.TextChoices):
    """How far somebody inside helps us."""

    INFORMANT = "INFORMANT", _("informant: gives information")
    INSIDER = "INSIDER", _("inside supporter: information and advice")
    COACH = "COACH", _("coach: acts for us")


class ChainLevel(models.TextChoices):
    """How high somebody sits."""

    TOP = "TOP", _("deciding level")
    MIDDLE = "MIDDLE", _("managing level")
    BASE = "BASE", _("working level")
    OUTSIDE = "OUTSIDE", _("outside the customer")


class ChangeKind(models.TextChoices):
    """What happened to a person."""

    LEFT = "LEFT", _("left the company")
    MOVED = "MOVED", _("moved to another post")
    ARRIVED = "ARRIVED", _("new in the post")


class DealPersonQuerySet(models.QuerySet["DealPerson"]):
    """People of chains; who sees a deal sees its people."""

    def visible_to(self, user: User) -> "DealPersonQuerySet":
        """Keep those on deals the person may see."""
        return self.filter(opportunity__in=Opportunity.objects.visible_to(user))

    def present(self) -> "DealPersonQuerySet":
        """Keep those who were not taken off the chain."""
        return self.filter(removed_at__isnull=True)


class DealPerson(models.Model):
    """A contact in the decision about one deal.

    Attributes:
        part_source: Who or what says that they play this part; without, it is only asserted.
        department: As the coverage counts it; the function where it is empty.
        also_at: A second company of the project the person works for.
        duties, goals, background, concerns, ties: The persona (角色画像): duties and rights, own goals, profession, what
            they look at, whom they are close to.
        keeper: Our colleague who speaks to this person.
        left_on: First day on which the person is no longer there; None while they are.
        joined_on: Day since which they are on the chain, for pictures of the past.
        removed_at: When they were taken off the chain; what was observed stays.
    """

    kind = "deal_person"

    ref = models.CharField(max_length=16, unique=True, default=person_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="chain")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="chains", verbose_name=_("person"))
    role = models.CharField(
        _("part in the decision"), max_length=16, choices=ChainRole.choices, default=ChainRole.UNKNOWN
    )
    part_source = models.CharField(_("how we know their part"), max_length=200, blank=True)
    influence_type = models.CharField(_("buying influence"), max_length=10, choices=BuyingInfluence.choices, blank=True)
    relation_class = models.CharField(_("relation class"), max_length=10, choices=RelationClass.choices, blank=True)
    coach_grade = models.CharField(_("helper"), max_length=10, choices=CoachGrade.choices, blank=True)
    level = models.CharField(_("level"), max_length=8, choices=ChainLevel.choices, default=ChainLevel.MIDDLE)
    function = models.CharField(_("function"), max_length=12, choices=Function.choices, blank=True)
    department = models.CharField(_("department"), max_length=60, blank=True)
    also_at = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("also works for")
    )
    duties = models.TextField(_("duties and rights"), max_length=1000, blank=True)
    goals = models.TextField(_("own goals"), max_length=1000, blank=True)
    background = models.TextField(_("professional background"), max_length=1000, blank=True)
    concerns = models.TextField(_("what they look at"), max_length=1000, blank=True)
    ties = models.TextField(_("whom they are close to"), max_length=1000, blank=True)
    care_plan = models.TextField(_("care plan"), max_length=1000, blank=True)
    keeper = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("who speaks to them")
    )
    left_on = models.DateField(_("no longer there since"), null=True)
    joined_on = models.DateField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = DealPersonQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["opportunity", "contact"],
                condition=Q(removed_at__isnull=True),
                name="stakeholders_person_once_per_deal",
            ),
            models.UniqueConstraint(
                fields=["opportunity"],
                condition=Q(removed_at__isnull=True, left_on__isnull=True, role="FINAL_DECIDER"),
                name="stakeholders_person_one_decider",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="stakeholders_person_removed_by_somebody",
            ),
            models.CheckConstraint(condition=Q(role__in=ChainRole.values), name="stakeholders_person_role_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["opportunity", "removed_at"], name="stakeholders_person_of_deal"),
        ]

    def __str__(self) -> str:
        return str(self.contact)

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether the deal is within the scope."""
        return self.opportunity.in_scope(actor, scope)

    @property
    def source(self) -> str:
        """Name under which what this person said counts as one source."""
        return self.contact.name


class PersonnelChange(models.Model):
    """Somebody left, moved or is new: one record, with who comes next and what we do meanwhile.

    Attributes:
        successor: Who takes the place, where they are on the chain.
        backup: What we do until the relation is rebuilt.
        before: How the chain stood without this change: support and coverage, as figures.
        after: How it stands with it.
    """

    kind = "personnel_change"

    ref = models.CharField(max_length=16, unique=True, default=change_ref)
    person = models.ForeignKey(DealPerson, on_delete=models.CASCADE, related_name="changes")
    what = models.CharField(_("what happened"), max_length=8, choices=ChangeKind.choices)
    happened_on = models.DateField(_("day"))
    note = models.CharField(_("how we know"), max_length=500, blank=True)
    successor = models.ForeignKey(
        DealPerson, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("successor")
    )
    backup = models.CharField(_("back-up plan"), max_length=500, blank=True)
    before: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField(default=dict)
    after: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField(default=dict)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=models.F("person")),
                name="stakeholders_change_succeeded_by_another",
            ),
            models.CheckConstraint(condition=Q(what__in=ChangeKind.values), name="stakeholders_change_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "happened_on"], name="stakeholders_change_of_person")]

    def __str__(self) -> str:
        return f"{self.what} {self.person_id}"
