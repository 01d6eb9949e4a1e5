"""Rivals as the company knows them, and their battle cards."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.competition.models.choices import Section
from duobiao.identity.models import User
from duobiao.identity.policy import Scope
from duobiao.kernel.refs import new_ref


def rival_ref() -> str:
    """Make the reference of a rival."""
    return new_ref("RV")


def statement_ref() -> str:
    """Make the reference of a statement of a battle card."""
    return new_ref("BS")


class RivalQuerySet(models.QuerySet["Rival"]):
    """Rivals, narrowed by what became of their entries."""

    def live(self) -> "RivalQuerySet":
        """Return rivals that stand for themselves: those that did not go into another entry."""
        return self.filter(merged_into__isnull=True)


class Rival(models.Model):
    """A company that competes with us; known once, shared by all deals.

    Attributes:
        is_active: Whether it can still be put on deals.
        merged_into: The rival it went into as its duplicate; its names, card and places on deals are there.
        card_on: Day of the oldest statement that stands on its battle card; None while the card is empty.
    """

    kind = "rival"

    ref = models.CharField(max_length=16, unique=True, default=rival_ref)
    name = models.CharField(_("name of the company"), max_length=120)
    site = models.URLField(_("web site"), max_length=200, blank=True)
    region = models.CharField(_("region it is strong in"), max_length=120, blank=True)
    industries = models.CharField(_("industries"), max_length=200, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    is_active = models.BooleanField(_("still a rival"), default=True)
    card_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged_from")
    version = models.PositiveIntegerField(default=1)

    objects = RivalQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="competition_rival_has_name"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="competition_rival_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether somebody's reach covers it: rivals belong to the company."""
        del actor
        return scope is Scope.ALL


class RivalName(models.Model):
    """A name a rival goes by; its own and every alias, so that no two rivals share one.

    Attributes:
        key: The name without width, case, punctuation, place and legal form.
    """

    rival = models.ForeignKey(Rival, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120, unique=True)
    is_main = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rival"], condition=Q(is_main=True), name="competition_one_main_name"),
            models.CheckConstraint(condition=~Q(key=""), name="competition_name_has_key"),
        ]

    def __str__(self) -> str:
        return self.name


class CardStatement(models.Model):
    """One statement of a battle card.

    Attributes:
        answer: What we say to it; needed for what the rival says about us.
        proof: What shows it: a case, a figure, a test.
        source: Who said it or where it stands.
    """

    kind = "battle_card_statement"

    ref = models.CharField(max_length=16, unique=True, default=statement_ref)
    rival = models.ForeignKey(Rival, on_delete=models.CASCADE, related_name="statements")
    section = models.CharField(_("section"), max_length=8, choices=Section.choices)
    text = models.CharField(_("statement"), max_length=500)
    answer = models.CharField(_("our answer"), max_length=500, blank=True)
    proof = models.CharField(_("what shows it"), max_length=300, blank=True)
    source = models.CharField(pgettext_lazy("of knowledge", "source"), max_length=300)
    noted_on = models.DateField(_("as of"))
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text="") & ~Q(source=""), name="competition_statement_is_sourced"),
            models.CheckConstraint(condition=Q(section__in=Section.values), name="competition_statement_section_known"),
            models.CheckConstraint(
                condition=~Q(section=Section.CLAIM) | ~Q(answer=""), name="competition_claim_has_answer"
            ),
        ]

    def __str__(self) -> str:
        return self.text
