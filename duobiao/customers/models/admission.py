"""Supplier admission (供应商准入): the registers and purchasing platforms of a customer in which we are listed."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.models.customer import Customer
from duobiao.identity.models import User
from duobiao.identity.policy import Scope
from duobiao.kernel.refs import new_ref


def admission_ref() -> str:
    """Make the reference of an admission."""
    return new_ref("CQ")


class AdmissionKind(models.TextChoices):
    """In what we are listed."""

    REGISTER = "REGISTER", _("supplier register")
    PLATFORM = "PLATFORM", _("purchasing platform")
    OTHER = "OTHER", pgettext_lazy("admission kind", "other list")


class AdmissionState(models.TextChoices):
    """How far an admission is."""

    PREPARING = "PREPARING", pgettext_lazy("admission", "in preparation")
    SUBMITTED = "SUBMITTED", pgettext_lazy("admission", "submitted")
    ADMITTED = "ADMITTED", pgettext_lazy("admission", "admitted")
    REJECTED = "REJECTED", pgettext_lazy("admission", "rejected")
    SUSPENDED = "SUSPENDED", pgettext_lazy("admission", "suspended")
    EXPIRED = "EXPIRED", pgettext_lazy("admission", "expired")


class AdmissionQuerySet(models.QuerySet["Admission"]):
    """Admissions; who sees the customer sees them."""

    def visible_to(self, user: User) -> "AdmissionQuerySet":
        """Keep those, not taken out, of customers the person may see."""
        return self.present().filter(customer__in=Customer.objects.visible_to(user))

    def present(self) -> "AdmissionQuerySet":
        """Leave out those that were taken out."""
        return self.filter(removed_at__isnull=True)

    def holding(self, on: date) -> "AdmissionQuerySet":
        """Keep those by which we are admitted on a day; the last day counts."""
        valid = models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=on)
        return self.present().filter(valid, state=AdmissionState.ADMITTED)


class Admission(models.Model):
    """One register or platform of a customer.

    Attributes:
        number: Under which we are listed there.
        login_holder: Who holds the account; never a password.
        state, since_on: Of the newest step.
        valid_from, valid_until: First and last day; None where nothing is said.
        warned_days: The nearest distance to the last day of which somebody was told, see ``domain.expiry``.
    """

    kind = "supplier_admission"

    ref = models.CharField(max_length=16, unique=True, default=admission_ref)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="admissions")
    name = models.CharField(_("register or platform"), max_length=120)
    listing = models.CharField(
        _("kind of list"), max_length=8, choices=AdmissionKind.choices, default=AdmissionKind.REGISTER
    )
    number = models.CharField(_("our number there"), max_length=60, blank=True)
    address = models.URLField(_("address of the platform"), max_length=200, blank=True)
    login_holder = models.CharField(_("who holds the account"), max_length=80, blank=True)
    responsible = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="admissions", verbose_name=_("who sees to it")
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    remarks = models.TextField(_("remarks"), max_length=2000, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=AdmissionState.choices)
    since_on = models.DateField(_("since"))
    warned_days = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = AdmissionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name=""), name="customers_admission_has_name"),
            models.CheckConstraint(
                condition=models.Q(state__in=AdmissionState.values), name="customers_admission_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_until__isnull=False, valid_until__gte=models.F("valid_from")),
                name="customers_admission_days_in_order",
            ),
            models.UniqueConstraint(
                fields=["customer", "name"],
                condition=models.Q(removed_at__isnull=True),
                name="customers_admission_once_per_list",
            ),
            models.CheckConstraint(
                condition=models.Q(removed_at__isnull=True, removed_by__isnull=True)
                | models.Q(removed_at__isnull=False, removed_by__isnull=False),
                name="customers_admission_removed_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "valid_until"], name="customers_admission_until"),
            models.Index(fields=["responsible", "valid_until"], name="customers_admission_person"),
        ]

    def __str__(self) -> str:
        return self.name

    def holds(self, on: date) -> bool:
        """Whether we are admitted by it on a day."""
        return self.state == AdmissionState.ADMITTED and (self.valid_until is None or self.valid_until >= on)

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether its customer is within the scope, or the person sees to it."""
        return (scope is not Scope.NONE and self.responsible_id == actor.pk) or self.customer.in_scope(actor, scope)


class AdmissionStep(models.Model):
    """How an admission came to a state: who noted it, when, of which day.

    Attributes:
        noted_by: None where its last day passed.
    """

    admission = models.ForeignKey(Admission, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=9, choices=AdmissionState.choices)
    happened_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=AdmissionState.values), name="customers_admission_step_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["admission", "happened_on"], name="customers_admission_steps")]

    def __str__(self) -> str:
        return f"{self.state} {self.happened_on}"
