"""Pools (公海): where leads without an owner lie, who may take from them, how many, and when they come back."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.identity.models import Role, Unit, User
from duobiao.identity.policy import Scope, scope_of, unit_ids
from duobiao.kernel.refs import new_ref
from duobiao.prospecting.domain.recycling import Recycling

MOST_OPEN = 10_000
LONGEST_DAYS = 730


def pool_ref() -> str:
    """Make the reference of a pool."""
    return new_ref("O")


class Content(models.TextChoices):
    """What lies in a pool."""

    LEADS = "LEADS", pgettext_lazy("pool", "leads")
    CUSTOMERS = "CUSTOMERS", pgettext_lazy("pool", "customers")


class PoolQuerySet(models.QuerySet["Pool"]):
    """Pools."""

    def active(self) -> "PoolQuerySet":
        """Keep those in use."""
        return self.filter(is_active=True)

    def of_leads(self) -> "PoolQuerySet":
        """Keep those in which leads lie."""
        return self.filter(content=Content.LEADS)

    def visible_to(self, user: User) -> "PoolQuerySet":
        """Keep those the person is a member of, and those for units whose leads they see; who sees all sees all."""
        scope = scope_of(user, "prospecting.view")
        if scope is Scope.NONE:
            return self.none()
        if scope is Scope.ALL:
            return self
        led = unit_ids(user, scope) if scope in (Scope.UNIT, Scope.SUBTREE) else []
        rows = PoolMember.objects.filter(unit_id__in=led)
        return self.filter(Q(pk__in=rows.values("pool_id")) | Q(pk__in=Pool.objects.of_member(user).values("pk")))

    def of_member(self, user: User) -> "PoolQuerySet":
        """Keep those the person is a member of by unit and role; a unit counts with those below it."""
        units = Q(unit=None) | Q(unit_id__in=units_above(user))
        rows = PoolMember.objects.filter(units, Q(role="") | Q(role=user.role))
        return self.filter(pk__in=rows.values("pool_id"))


class Pool(models.Model):
    """A pool of leads, or of customers.

    Attributes:
        content: What lies in it; stays as it was made.
        keeper: Who owns customers while they lie free; only pools of customers have one.
        deal_stage: A customer with an open deal in this stage of ours or a later one does not come back.
        contract_days: Days after a won deal during which its customer does not come back.
        most_open: Leads or customers of this pool one person may hold at a time; None for any number.
        most_per_day: Leads of this pool one person may take in a day; None for any number.
        recycle_days: Days without work after which a lead comes back; None for never.
        warn_days: Days before that on which its owner is warned.
    """

    kind = "pool"

    ref = models.CharField(max_length=16, unique=True, default=pool_ref)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=80, unique=True)
    description = models.CharField(_("what belongs here"), max_length=300, blank=True)
    most_open = models.PositiveSmallIntegerField(
        _("how many a person may hold"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_OPEN)],
    )
    most_per_day = models.PositiveSmallIntegerField(
        _("how many a person may take a day"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_OPEN)],
    )
    recycle_days = models.PositiveSmallIntegerField(
        _("days without work until it comes back"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_DAYS)],
    )
    warn_days = models.PositiveSmallIntegerField(
        _("days before that with a warning"), default=3, validators=[MaxValueValidator(LONGEST_DAYS)]
    )
    content = models.CharField(_("what lies in it"), max_length=9, choices=Content.choices, default=Content.LEADS)
    keeper = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("keeper")
    )
    deal_stage = models.PositiveSmallIntegerField(
        _("stage of an open project from which on a customer stays"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(8)],
    )
    contract_days = models.PositiveSmallIntegerField(
        _("days a customer stays after a project was won"), default=365, validators=[MaxValueValidator(3650)]
    )
    is_active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = PoolQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="prospecting_pool_has_name"),
            models.CheckConstraint(
                condition=Q(recycle_days__isnull=True)
                | Q(recycle_days__isnull=False, warn_days__lt=models.F("recycle_days")),
                name="prospecting_pool_warns_before",
            ),
            models.CheckConstraint(condition=Q(content__in=Content.values), name="prospecting_pool_content_known"),
            models.CheckConstraint(
                condition=Q(content=Content.LEADS, keeper__isnull=True)
                | Q(content=Content.CUSTOMERS, keeper__isnull=False),
                name="prospecting_pool_of_customers_kept",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def recycling(self) -> Recycling | None:
        """The rule by which leads come back; None for never."""
        return None if self.recycle_days is None else Recycling(self.recycle_days, self.warn_days)


class PoolMember(models.Model):
    """Who may take from a pool: people of a unit and those below it, of a role, or both; neither is everybody."""

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="members")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pool", "unit", "role"], condition=Q(unit__isnull=False), name="prospecting_pool_member_once"
            ),
            models.UniqueConstraint(
                fields=["pool", "role"], condition=Q(unit__isnull=True), name="prospecting_pool_role_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit or ''} {self.get_role_display()}".strip()


def units_above(user: User) -> list[int]:
    """Return the ids of a person's unit and of all above it."""
    parents = dict(Unit.objects.values_list("pk", "parent_id"))
    line: list[int] = []
    unit_id = user.unit_id
    while unit_id is not None and unit_id not in line:
        line.append(unit_id)
        unit_id = parents.get(unit_id)
    return line
