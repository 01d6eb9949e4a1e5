"""The reference case and the technology overview."""

from typing import ClassVar, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.models.profile import Scale
from duobiao.documents.models import Document
from duobiao.identity.models import User
from duobiao.identity.policy import Scope, owner_in_scope, scope_of
from duobiao.kernel.refs import new_ref

LONG = 2000
Row = TypeVar("Row", bound=models.Model)


def case_ref() -> str:
    """Make the reference of a case."""
    return new_ref("RC")


def overview_ref() -> str:
    """Make the reference of an overview."""
    return new_ref("TO")


class LibraryQuerySet(models.QuerySet[Row]):
    """The library is the company's: who may see it at all sees all of it."""

    def visible_to(self, user: User) -> "LibraryQuerySet[Row]":
        """Keep all for who may see the library, none for others."""
        return self.none() if scope_of(user, "knowledge.view") is Scope.NONE else self

    def offered(self) -> "LibraryQuerySet[Row]":
        """Leave out what is no longer offered."""
        return self.filter(archived_at__isnull=True)


class ReferenceCase(models.Model):
    """What we did for a customer, and how they may be named.

    Attributes:
        client: The real name, for us alone; ``named_as`` is what may be said outside.
        challenges: One challenge a line.
        witness: Who may be asked, and on what terms.
    """

    kind = "reference_case"

    ref = models.CharField(max_length=16, unique=True, default=case_ref)
    title = models.CharField(_("title"), max_length=160)
    client = models.CharField(_("customer (for us alone)"), max_length=120, blank=True)
    named_as = models.CharField(_("named outside as"), max_length=120)
    industry = models.CharField(_("industry"), max_length=60)
    size = models.CharField(pgettext_lazy("company", "size"), max_length=15, blank=True, choices=Scale.choices)
    challenges = models.TextField(_("challenges, one a line"), max_length=LONG)
    work = models.TextField(_("what we did"), max_length=LONG, blank=True)
    result = models.TextField(_("result, with figures"), max_length=LONG)
    finished_on = models.DateField(_("finished on"), null=True, blank=True)
    witness = models.CharField(_("who may be asked"), max_length=200, blank=True)
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("kept by"))
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = LibraryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(named_as="") & ~Q(industry="") & ~Q(challenges="") & ~Q(result=""),
                name="knowledge_case_says_what_matters",
            ),
            models.CheckConstraint(condition=Q(size="") | Q(size__in=Scale.values), name="knowledge_case_size_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["industry", "id"], name="knowledge_case_industry")]

    def __str__(self) -> str:
        return self.title

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether who keeps it is within the scope."""
        return owner_in_scope(self.owner, actor, scope)


class TechnologyOverview(models.Model):
    """Where the technology of an industry stands and goes, for a seller to tell.

    Attributes:
        industries: One industry a line.
        points: What to say, one point a line.
        source: Who says so; ``as_of`` the day it was true.
    """

    kind = "technology_overview"

    ref = models.CharField(max_length=16, unique=True, default=overview_ref)
    title = models.CharField(_("title"), max_length=160)
    industries = models.TextField(_("industries, one a line"), max_length=600)
    points = models.TextField(pgettext_lazy("overview", "what to say, one point a line"), max_length=LONG)
    source = models.CharField(_("source"), max_length=200)
    as_of = models.DateField(pgettext_lazy("overview", "as of"))
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("kept by"))
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = LibraryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(industries="") & ~Q(points="") & ~Q(source=""),
                name="knowledge_overview_says_what_matters",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether who keeps it is within the scope."""
        return owner_in_scope(self.owner, actor, scope)
