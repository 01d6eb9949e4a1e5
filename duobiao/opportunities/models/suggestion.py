"""Suggestions: what was on the list of a deal's next actions, what became of it, what a person decided about it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.choices import DismissReason, SuggestionChoice, SuggestionKind
from duobiao.opportunities.models.deal import Opportunity


def suggestion_ref() -> str:
    """Make the reference of a suggestion."""
    return new_ref("H")


class Suggestion(models.Model):
    """One thing that was suggested on a deal, from the day it came onto the list.

    Attributes:
        key: Names the suggestion on its deal: its kind, and the item it is about where it is about one.
        items: Keys of the items it supplies, or the rule of the risk it answers; ``evidence`` what would show it.
        person: Owner of the deal when it was suggested.
        facts: Digest of what it was judged by; a decision holds while it is the same.
        arrived_on: Day on which a record showed it, ``after_days`` days after it was suggested; ``gone_on`` the day it
            left the list without one.
    """

    kind = "suggestion"

    ref = models.CharField(max_length=16, unique=True, default=suggestion_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="suggestions")
    key = models.CharField(max_length=80)
    what = models.CharField(max_length=10, choices=SuggestionKind.choices)
    items: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    evidence: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    facts = models.CharField(max_length=16, blank=True)
    choice = models.CharField(max_length=10, choices=SuggestionChoice.choices, blank=True)
    until = models.DateField(_("until"), null=True)
    reason = models.CharField(_("reason"), max_length=16, choices=DismissReason.choices, blank=True)
    note = models.CharField(_("in words"), max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    arrived_on = models.DateField(null=True)
    gone_on = models.DateField(null=True)
    after_days = models.PositiveIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["opportunity", "key"],
                condition=Q(arrived_on__isnull=True, gone_on__isnull=True),
                name="opportunities_suggestion_once",
            ),
            models.CheckConstraint(
                condition=Q(choice__in=["", *SuggestionChoice.values]), name="opportunities_suggestion_choice_known"
            ),
            models.CheckConstraint(
                condition=~Q(choice="SNOOZED") | Q(until__isnull=False), name="opportunities_snoozed_until_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(choice="DISMISSED") | ~Q(reason=""), name="opportunities_dismissed_with_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["first_on", "what"], name="opportunities_suggested_on"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_live(self) -> bool:
        """Whether it neither arrived nor went."""
        return self.arrived_on is None and self.gone_on is None
