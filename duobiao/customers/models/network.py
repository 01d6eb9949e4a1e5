"""People outside the customer who can open a door: experts, executives, institutes; and who knows whom."""

from typing import ClassVar, cast

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.models.contact import Contact
from duobiao.identity.models import User
from duobiao.identity.policy import Scope, owned_q, owner_in_scope
from duobiao.kernel.refs import new_ref


def outsider_ref() -> str:
    """Make the reference of an outsider."""
    return new_ref("CO")


def acquaintance_ref() -> str:
    """Make the reference of an acquaintance."""
    return new_ref("CN")


class OutsiderKind(models.TextChoices):
    """What an outsider is to the trade."""

    EXPERT = "EXPERT", _("expert")
    EXECUTIVE = "EXECUTIVE", _("executive")
    INSTITUTE = "INSTITUTE", _("institute or association")
    OFFICIAL = "OFFICIAL", _("authority")
    PARTNER = "PARTNER", _("partner")
    OTHER = "OTHER", pgettext_lazy("outsider", "other")


STRENGTHS = (
    (1, _("1 · met once")),
    (2, _("2 · knows by name")),
    (3, _("3 · works together")),
    (4, _("4 · trusts")),
    (5, _("5 · does a favour")),
)


class OutsiderQuerySet(models.QuerySet["Outsider"]):
    """Outsiders; reads on behalf of a person start at ``visible_to``."""

    def visible_to(self, user: User) -> "OutsiderQuerySet":
        """Keep those, not taken out, of people within the person's scope."""
        return self.filter(owned_q(user, "customers.view"), removed_at__isnull=True)


class Outsider(models.Model):
    """A person, or an institute, that belongs to no customer of ours and knows people there."""

    kind = "outsider"

    ref = models.CharField(max_length=16, unique=True, default=outsider_ref)
    name = models.CharField(_("name of the person or institute"), max_length=60)
    part = models.CharField(
        _("what they are"), max_length=10, choices=OutsiderKind.choices, default=OutsiderKind.EXPERT
    )
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    position = models.CharField(_("position"), max_length=60, blank=True)
    mobile = models.CharField(_("mobile"), max_length=40, blank=True)
    notes = models.TextField(_("notes"), max_length=2000, blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="outsiders")
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = OutsiderQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="customers_outsider_has_name"),
            models.CheckConstraint(condition=Q(part__in=OutsiderKind.values), name="customers_outsider_part_known"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="customers_outsider_removed_by_somebody",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["owner", "name", "id"], name="customers_outsider_owner")]

    def __str__(self) -> str:
        return self.name

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether who keeps it is within the scope."""
        return owner_in_scope(self.owner, actor, scope)


class Acquaintance(models.Model):
    """Somebody knows somebody, and how well.

    Attributes:
        colleague, contact, outsider: Who knows; exactly one of them.
        to_contact, to_outsider: Who is known; exactly one of them.
        can_introduce: They would introduce us; ways lead only through such acquaintances.
        source: How we know.
    """

    kind = "acquaintance"

    ref = models.CharField(max_length=16, unique=True, default=acquaintance_ref)
    colleague = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="acquaintances")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="acquaintances")
    outsider = models.ForeignKey(Outsider, null=True, on_delete=models.PROTECT, related_name="acquaintances")
    to_contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="known_by")
    to_outsider = models.ForeignKey(Outsider, null=True, on_delete=models.PROTECT, related_name="known_by")
    strength = models.PositiveSmallIntegerField(
        _("how well"), choices=STRENGTHS, default=3, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    can_introduce = models.BooleanField(_("can introduce us"), default=True)
    source = models.CharField(_("how we know"), max_length=200, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(colleague__isnull=False, contact__isnull=True, outsider__isnull=True)
                | Q(colleague__isnull=True, contact__isnull=False, outsider__isnull=True)
                | Q(colleague__isnull=True, contact__isnull=True, outsider__isnull=False),
                name="customers_acquaintance_of_one",
            ),
            models.CheckConstraint(
                condition=Q(to_contact__isnull=False, to_outsider__isnull=True)
                | Q(to_contact__isnull=True, to_outsider__isnull=False),
                name="customers_acquaintance_with_one",
            ),
            models.CheckConstraint(
                condition=(Q(contact__isnull=True) | Q(to_contact__isnull=True) | ~Q(contact=models.F("to_contact")))
                & (Q(outsider__isnull=True) | Q(to_outsider__isnull=True) | ~Q(outsider=models.F("to_outsider"))),
                name="customers_acquaintance_of_two",
            ),
            models.CheckConstraint(condition=Q(strength__range=(1, 5)), name="customers_acquaintance_strength"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="customers_acquaintance_removed_by_somebody",
            ),
            *(
                models.UniqueConstraint(
                    fields=[knower, known],
                    condition=Q(removed_at__isnull=True),
                    name=f"customers_acquaintance_{knower}_{known}",
                )
                for knower in ("colleague", "contact", "outsider")
                for known in ("to_contact", "to_outsider")
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["removed_at", "can_introduce"], name="customers_acquaintance_live")]

    def __str__(self) -> str:
        return self.ref

    @property
    def known(self) -> "Contact | Outsider":
        """Who is known."""
        return cast("Contact | Outsider", self.to_contact or self.to_outsider)  # the database keeps one

    @property
    def knower(self) -> "User | Contact | Outsider":
        """Who knows."""
        return cast(
            "User | Contact | Outsider", self.colleague or self.contact or self.outsider
        )  # the database keeps one
