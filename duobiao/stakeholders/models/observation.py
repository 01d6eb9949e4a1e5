"""What was observed of a person: every judgement with who said it, when, and how sure; nothing is overwritten."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import RelationCell
from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models import Channel, Opportunity
from duobiao.stakeholders.models.person import DealPerson


def observation_ref() -> str:
    """Make the reference of an observation."""
    return new_ref("OB")


def relation_ref() -> str:
    """Make the reference of a record of a relation."""
    return new_ref("RR")


class Topic(models.TextChoices):
    """What is observed of a person."""

    STANCE = "STANCE", _("stance")
    INFLUENCE = "INFLUENCE", _("influence")
    ACCESS = "ACCESS", _("access")
    MODE = "MODE", _("response mode")
    DESIRE = "DESIRE", _("desire for change")
    MOTIVATION = "MOTIVATION", _("own motive")
    SWAY = "SWAY", _("pressure of others")


class Origin(models.TextChoices):
    """Where a word comes from that nobody and no occasion is named for; kept as a code, told in the reader's language."""

    OWN = "OWN", _("our own impression")
    CARD = "CARD", _("card of the contact")


class CellState(models.IntegerChoices):
    """How far a cell of the relationship matrix is won."""

    NONE = 0, _("not reached, or lost again")
    TOUCHED = 1, _("touched")
    ACCEPTED = 2, _("accepted")


class _OnPersonQuerySet(models.QuerySet["Observation"]):
    """Rows about people; who sees a deal sees them."""

    def visible_to(self, user: User) -> "_OnPersonQuerySet":
        """Keep those on deals the person may see."""
        return self.filter(person__opportunity__in=Opportunity.objects.visible_to(user))


class Observation(models.Model):
    """One judgement of one person.

    Attributes:
        value: Stance −2 to 2, influence 1 to 5, access 0 to 3, mode 1 to 4, desire and motive 0 to 10, pressure of
            others −10 to 10.
        source: Who said it, or where it was seen, as it was written.
        origin: Where neither is named: our own impression, or the card of the contact.
        told_by: The person of the chain who said it, where it is one.
        confidence_percent: On the day it was observed, 1 to 100; it halves with time.
        from_card: Found on the card of the contact when the person was put on the chain; the day is that of the card.
    """

    kind = "observation"

    ref = models.CharField(max_length=16, unique=True, default=observation_ref)
    person = models.ForeignKey(DealPerson, on_delete=models.CASCADE, related_name="observations")
    topic = models.CharField(_("what"), max_length=12, choices=Topic.choices)
    value = models.SmallIntegerField()
    source = models.CharField(_("who said it, or where it was seen"), max_length=120)
    origin = models.CharField(max_length=4, choices=Origin.choices, blank=True)
    told_by = models.ForeignKey(DealPerson, null=True, on_delete=models.PROTECT, related_name="told")
    quote = models.TextField(_("their words"), max_length=2000, blank=True)
    confidence_percent = models.PositiveSmallIntegerField()
    observed_on = models.DateField(_("day"))
    from_card = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    retracted_at = models.DateTimeField(null=True)
    retracted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    retract_reason = models.CharField(max_length=500, blank=True)

    objects = _OnPersonQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(topic="STANCE", value__range=(-2, 2))
                | Q(topic="INFLUENCE", value__range=(1, 5))
                | Q(topic="ACCESS", value__range=(0, 3))
                | Q(topic="MODE", value__range=(1, 4))
                | Q(topic__in=["DESIRE", "MOTIVATION"], value__range=(0, 10))
                | Q(topic="SWAY", value__range=(-10, 10)),
                name="stakeholders_observation_in_range",
            ),
            models.CheckConstraint(
                condition=Q(confidence_percent__range=(1, 100)), name="stakeholders_observation_confidence"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="stakeholders_observation_has_source"),
            models.CheckConstraint(
                condition=Q(retracted_at__isnull=True, retracted_by__isnull=True)
                | Q(retracted_at__isnull=False, retracted_by__isnull=False),
                name="stakeholders_observation_retracted_by",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "topic", "observed_on"], name="stakeholders_observation_of"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.value}"

    @property
    def source_words(self) -> str:
        """Where it comes from, in the reader's language where it is kept as a code."""
        return str(Origin(self.origin).label) if self.origin else self.source

    @property
    def voice(self) -> str:
        """Whose word it is: two of one voice replace each other, those of different voices may contradict each other."""
        if self.told_by_id is not None:
            return f"person {self.told_by_id}"
        if self.origin == Origin.CARD:
            return Origin.CARD
        return f"user {self.recorded_by_id} {self.origin or self.source.strip().casefold()}"


class RelationRecord(models.Model):
    """What shows how far we came with a person in one cell of the matrix.

    Attributes:
        words: What was said or done; a cell is never ticked without.
        channel: How the person said it, where they did.
    """

    kind = "relation_record"

    ref = models.CharField(max_length=16, unique=True, default=relation_ref)
    person = models.ForeignKey(DealPerson, on_delete=models.CASCADE, related_name="relations")
    cell = models.CharField(_("cell"), max_length=24, choices=RelationCell.choices)
    state = models.PositiveSmallIntegerField(_("how far"), choices=CellState.choices)
    words = models.TextField(_("what shows it"), max_length=1000)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, blank=True)
    happened_on = models.DateField(_("day"))
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    retracted_at = models.DateTimeField(null=True)
    retracted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    retract_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(words=""), name="stakeholders_relation_is_shown"),
            models.CheckConstraint(condition=Q(state__in=[0, 1, 2]), name="stakeholders_relation_state_known"),
            models.CheckConstraint(condition=Q(cell__in=RelationCell.values), name="stakeholders_relation_cell_known"),
            models.CheckConstraint(
                condition=Q(retracted_at__isnull=True, retracted_by__isnull=True)
                | Q(retracted_at__isnull=False, retracted_by__isnull=False),
                name="stakeholders_relation_retracted_by",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "cell", "happened_on"], name="stakeholders_relation_of")]

    def __str__(self) -> str:
        return f"{self.cell} {self.state}"
