"""Registration (报备): who protects which project of which end customer, until when; what it clashes with."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.approvals.models import Task
from duobiao.identity.models import User
from duobiao.identity.policy import Scope, owned_q, owner_in_scope
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models import Opportunity

REGISTRATION = "registration"


def registration_ref() -> str:
    """Make the reference of a registration."""
    return new_ref("B")


class RegistrationState(models.TextChoices):
    """How a registration stands; one past its last day protects nothing, also before the daily job says so."""

    PENDING = "PENDING", pgettext_lazy("registration", "to be arbitrated")
    ACTIVE = "ACTIVE", pgettext_lazy("registration", "protected")
    REFUSED = "REFUSED", pgettext_lazy("registration", "refused")
    LOST = "LOST", pgettext_lazy("registration", "given to another one")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("registration", "withdrawn")
    EXPIRED = "EXPIRED", pgettext_lazy("registration", "expired")


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Registrations; reads on behalf of a person start at ``visible_to``."""

    def visible_to(self, user: User) -> "RegistrationQuerySet":
        """Keep those within the person's scope, and those they are asked to arbitrate."""
        asked = Task.objects.filter(user=user, visit__request__matter=REGISTRATION)
        return self.filter(owned_q(user, "prospecting.view") | Q(ref__in=asked.values("visit__request__subject_ref")))

    def standing(self, on: date) -> "RegistrationQuerySet":
        """Keep those that protect something on a day, and those that wait for a decision."""
        active = Q(state=RegistrationState.ACTIVE, protected_until__gte=on)
        return self.filter(active | Q(state=RegistrationState.PENDING))


class Registration(models.Model):
    """One registration.

    Attributes:
        normal_name, normal_project, normal_site: Without case, width, blanks and legal form; compared.
        agent: The company that works the project for us; "" for ourselves.
        evidence: What shows that we were there first: dates, people, papers.
        extensions: How often protection was extended.
    """

    kind = "registration"

    ref = models.CharField(max_length=16, unique=True, default=registration_ref)
    customer_name = models.CharField(_("end customer"), max_length=120)
    normal_name = models.CharField(max_length=120, db_index=True)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    domain = models.CharField(_("domain"), max_length=120, blank=True)
    project = models.CharField(_("project"), max_length=160)
    normal_project = models.CharField(max_length=160)
    site = models.CharField(_("site"), max_length=160, blank=True)
    normal_site = models.CharField(max_length=160, blank=True)
    agent = models.CharField(_("agent"), max_length=120, blank=True)
    evidence = models.TextField(_("what shows that we were first"), max_length=2000, blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("owner"))
    state = models.CharField(_("state"), max_length=10, choices=RegistrationState.choices)
    registered_on = models.DateField(_("registered on"))
    protected_until = models.DateField(_("protected until"), null=True)
    extensions = models.PositiveSmallIntegerField(default=0)
    warned_on = models.DateField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("reason"), max_length=500, blank=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(customer_name="") & ~Q(project=""), name="prospecting_registration_says_what"
            ),
            models.CheckConstraint(
                condition=~Q(state=RegistrationState.ACTIVE) | Q(protected_until__isnull=False),
                name="prospecting_registration_active_until",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RegistrationState.values), name="prospecting_registration_state_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "state"], name="prospecting_registration_owner"),
            models.Index(fields=["state", "protected_until"], name="prospecting_registration_until"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_name} {self.project}"

    def protects(self, on: date) -> bool:
        """Whether it protects the project on a day."""
        return (
            self.state == RegistrationState.ACTIVE and self.protected_until is not None and self.protected_until >= on
        )

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether its owner is within the scope of a person."""
        return owner_in_scope(self.owner, actor, scope)


class Clash(models.Model):
    """What a registration clashed with when it was made: another one, or an open deal of somebody else.

    Attributes:
        reasons: Signs by which the company is the same, then ``project`` or ``site``.
    """

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="clashes")
    other = models.ForeignKey(Registration, null=True, on_delete=models.CASCADE, related_name="+")
    opportunity = models.ForeignKey(Opportunity, null=True, on_delete=models.CASCADE, related_name="+")
    reasons: models.JSONField[list[str], list[str]] = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(other__isnull=False, opportunity__isnull=True)
                | Q(other__isnull=True, opportunity__isnull=False),
                name="prospecting_clash_with_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} with {self.other_id or self.opportunity_id}"


class RegistrationFigures(models.Model):
    """A company's own figures of registrations, in place of the shipped ones; one row."""

    protected_days = models.PositiveSmallIntegerField(_("days of protection"))
    extension_days = models.PositiveSmallIntegerField(_("days an extension adds"))
    most_extensions = models.PositiveSmallIntegerField(_("extensions of one registration"))
    warn_days = models.PositiveSmallIntegerField(_("days before the end with a warning"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="prospecting_figures_single_row"),
            models.CheckConstraint(
                condition=Q(protected_days__gte=1, extension_days__gte=1, warn_days__lt=models.F("protected_days")),
                name="prospecting_figures_make_sense",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.protected_days} + {self.most_extensions} × {self.extension_days}"
