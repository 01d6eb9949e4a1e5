"""What the company made of the shipped questions and tactics: a version for each change, the latest holds."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import User
from duobiao.identity.policy import Scope, scope_of
from duobiao.kernel.refs import new_ref
from duobiao.needs.models.need import SHORT

LONGEST_HOW = 1000


def version_ref() -> str:
    """Make the reference of a version."""
    return new_ref("NV")


class LibraryKind(models.TextChoices):
    """What the library keeps."""

    SPIN = "SPIN", _("SPIN question")
    TACTIC = "TACTIC", _("Tactic against an objection")


class LibraryVersionQuerySet(models.QuerySet["LibraryVersion"]):
    """The library is the company's: who may see it at all sees all of it."""

    def visible_to(self, user: User) -> "LibraryVersionQuerySet":
        """Keep all for who may see the library, none for others."""
        return self.none() if scope_of(user, "knowledge.view") is Scope.NONE else self


class LibraryVersion(models.Model):
    """A question or tactic as it was written on a day. Never changed; the highest number of a key holds.

    Attributes:
        key: That of the shipped entry it replaces, or a new one.
        slot: Letter of the question, or type of objections.
        industry: For customers of this industry; "" for everybody. Questions alone.
        how: What to do; tactics alone.
        removed: The entry is no longer offered.
        as_shipped: The entry is again what came with the program; its text is only for reading the history.
    """

    kind = "needs_library"

    ref = models.CharField(max_length=16, unique=True, default=version_ref)
    sort = models.CharField(_("what it is"), max_length=8, choices=LibraryKind.choices)
    key = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    slot = models.CharField(_("kind"), max_length=10)
    industry = models.CharField(_("industry"), max_length=60, blank=True)
    text = models.CharField(pgettext_lazy("library", "text"), max_length=SHORT)
    how = models.TextField(_("what to do"), max_length=LONGEST_HOW, blank=True)
    removed = models.BooleanField(default=False)
    as_shipped = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = LibraryVersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sort", "key", "number"], name="needs_library_version_once"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(key=""), name="needs_library_says_something"),
            models.CheckConstraint(condition=Q(number__gte=1), name="needs_library_numbered_from_one"),
        ]

    def __str__(self) -> str:
        return self.text
