"""Sheets: what stands for an industry, a customer or a deal, entry by entry, and the actions that came of it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Customer
from duobiao.identity.models import User
from duobiao.identity.policy import Scope
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models import DealTask, Opportunity


def industry_ref() -> str:
    """Make the reference of an industry."""
    return new_ref("IN")


def sheet_ref() -> str:
    """Make the reference of a sheet."""
    return new_ref("AS")


def entry_ref() -> str:
    """Make the reference of an entry."""
    return new_ref("AE")


class Industry(models.Model):
    """An industry of which sheets are kept; its customers are those whose industry has exactly this name."""

    kind = "industry"

    ref = models.CharField(max_length=16, unique=True, default=industry_ref)
    name = models.CharField(_("industry"), max_length=60, unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="planning_industry_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether somebody's reach covers it: industries belong to the company."""
        del actor
        return scope is Scope.ALL


class Sheet(models.Model):
    """One sheet of one subject; there is at most one of a kind."""

    kind = "analysis_sheet"

    ref = models.CharField(max_length=16, unique=True, default=sheet_ref)
    definition = models.CharField(max_length=40)
    industry = models.ForeignKey(Industry, null=True, on_delete=models.PROTECT, related_name="sheets")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="sheets")
    opportunity = models.ForeignKey(Opportunity, null=True, on_delete=models.CASCADE, related_name="sheets")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    touched_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(industry__isnull=False, customer__isnull=True, opportunity__isnull=True)
                | Q(industry__isnull=True, customer__isnull=False, opportunity__isnull=True)
                | Q(industry__isnull=True, customer__isnull=True, opportunity__isnull=False),
                name="planning_sheet_about_one_thing",
            ),
            models.UniqueConstraint(fields=["industry", "definition"], name="planning_sheet_once_per_industry"),
            models.UniqueConstraint(fields=["customer", "definition"], name="planning_sheet_once_per_customer"),
            models.UniqueConstraint(fields=["opportunity", "definition"], name="planning_sheet_once_per_deal"),
        ]

    def __str__(self) -> str:
        return f"{self.definition} {self.ref}"


class SheetEntry(models.Model):
    """One statement on a sheet.

    Attributes:
        definition_version: Version of the kind of sheet it was written with.
        values: By key of the field, as its definition has them.
        overrides: The entry above that it changes or strikes out; None for one of its own.
        struck: What stands above does not hold here; ``text`` says why.
        noted_on: Day the statement is of.
        evidence_kind, evidence_ref: What shows it: a file, a proof, a fact, any record; "" without.
        source: Where it was read or who said it, in words.
    """

    kind = "analysis_entry"

    ref = models.CharField(max_length=16, unique=True, default=entry_ref)
    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="entries")
    definition_version = models.PositiveSmallIntegerField(default=1)
    section = models.CharField(max_length=40)
    text = models.CharField(_("statement"), max_length=500)
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    overrides = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="differing")
    struck = models.BooleanField(default=False)
    noted_on = models.DateField(_("day"))
    source = models.CharField(_("source"), max_length=300, blank=True)
    evidence_kind = models.CharField(max_length=40, blank=True)
    evidence_ref = models.CharField(max_length=60, blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text="") & ~Q(section=""), name="planning_entry_says_what"),
            models.CheckConstraint(
                condition=Q(struck=False) | Q(overrides__isnull=False), name="planning_entry_strikes_something"
            ),
            models.CheckConstraint(
                condition=Q(evidence_kind="", evidence_ref="") | (~Q(evidence_kind="") & ~Q(evidence_ref="")),
                name="planning_entry_evidence_whole",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="planning_entry_removed_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["sheet", "overrides"],
                condition=Q(removed_at__isnull=True),
                name="planning_entry_differs_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["sheet", "removed_at", "section"], name="planning_entry_of_sheet"),
        ]

    def __str__(self) -> str:
        return self.text


class SheetAction(models.Model):
    """What is done because two entries were set against each other; the task says who, by when, and how it stands.

    Attributes:
        pair: ``SO``, ``WO``, ``ST``, ``WT``.
        inner, outer: The two entries, for instance a strength and an opportunity.
    """

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="actions")
    pair = models.CharField(max_length=40)
    inner = models.ForeignKey(SheetEntry, on_delete=models.PROTECT, related_name="+")
    outer = models.ForeignKey(SheetEntry, on_delete=models.PROTECT, related_name="+")
    task = models.OneToOneField(DealTask, on_delete=models.CASCADE, related_name="sheet_action")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(pair=""), name="planning_action_of_a_pair"),
            models.CheckConstraint(condition=~Q(inner=models.F("outer")), name="planning_action_of_two_entries"),
        ]

    def __str__(self) -> str:
        return f"{self.pair} {self.task_id}"
