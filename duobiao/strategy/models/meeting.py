"""Review meetings (过单会): a manager and a team walk through their deals; notes, decisions, minutes."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import Unit, User
from duobiao.identity.policy import Scope, owner_in_scope
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models import Opportunity
from duobiao.strategy.models.strategy import LONG


def meeting_ref() -> str:
    """Make the reference of a review meeting."""
    return new_ref("R")


class MeetingQuerySet(models.QuerySet["ReviewMeeting"]):
    """Review meetings; reads on behalf of a person start at ``visible_to``."""

    def visible_to(self, user: User) -> "MeetingQuerySet":
        """Keep those the person leads, and those about a deal they may see; of these they see those deals only."""
        deals = MeetingDeal.objects.filter(opportunity__in=Opportunity.objects.visible_to(user).values("pk"))
        return self.filter(Q(led_by=user) | Q(pk__in=deals.values("meeting_id")))


class ReviewMeeting(models.Model):
    """One meeting over the open deals of a unit, of one seller, or of all its leader sees.

    Attributes:
        ended_at: When it ended; from then on its minutes stay as they are.
    """

    kind = "review_meeting"

    ref = models.CharField(max_length=16, unique=True, default=meeting_ref)
    title = models.CharField(_("title"), max_length=120)
    led_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("led by"))
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    person = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("seller"))
    held_on = models.DateField(_("day"))
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    summary = models.TextField(_("in short"), max_length=LONG, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="strategy_meeting_has_title"),
        ]
        indexes: ClassVar = [models.Index(fields=["opened_at"], name="strategy_meeting_opened")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.ended_at is None

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether its leader is within the scope of a person."""
        return owner_in_scope(self.led_by, actor, scope)


class MeetingDeal(models.Model):
    """One deal of a meeting.

    Attributes:
        since: Changes are shown from this moment on: the meeting before, or two weeks.
        snapshot: Where it stood and what had changed when the meeting ended, as codes and figures.
    """

    meeting = models.ForeignKey(ReviewMeeting, on_delete=models.CASCADE, related_name="deals")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    notes = models.TextField(_("notes"), max_length=LONG, blank=True)
    noted_at = models.DateTimeField(null=True)
    noted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    snapshot: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "opportunity"], name="strategy_meeting_deal_once"),
            models.UniqueConstraint(fields=["meeting", "place"], name="strategy_meeting_place_once"),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity_id} in {self.meeting_id}"
