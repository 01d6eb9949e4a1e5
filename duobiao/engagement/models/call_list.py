"""The calling list: whom to call one after the other, and what became of each."""

from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.models import Contact, Customer, Objection
from duobiao.engagement.models.choices import CallOutcome, ListSource
from duobiao.identity.models import User
from duobiao.identity.policy import Scope, owned_q, owner_in_scope
from duobiao.kernel.refs import new_ref
from duobiao.prospecting.models import Lead


def list_ref() -> str:
    """Make the reference of a calling list."""
    return new_ref("QL")


def entry_ref() -> str:
    """Make the reference of an entry."""
    return new_ref("QE")


class CallListQuerySet(models.QuerySet["CallList"]):
    """Calling lists; whose calls a person sees, their lists too."""

    def visible_to(self, user: User) -> "CallListQuerySet":
        """Keep the lists of people within the person's reach, and those they made for others."""
        return self.filter(owned_q(user, "customers.view") | Q(created_by=user))

    def open(self) -> "CallListQuerySet":
        """Keep the lists that are worked on."""
        return self.filter(closed_at__isnull=True)


class CallList(models.Model):
    """People to call, made once from a filter.

    Attributes:
        owner: Who calls.
        about: The filter in words, as it was chosen.
        purposes: What its calls are for, see ``CallPurpose``.
    """

    kind = "call_list"

    ref = models.CharField(max_length=16, unique=True, default=list_ref)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=120)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="call_lists", verbose_name=_("who calls"))
    source = models.CharField(_("made from"), max_length=10, choices=ListSource.choices)
    about = models.CharField(max_length=300, blank=True)
    purposes = models.JSONField(_("purposes"), default=list, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = CallListQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="engagement_list_has_name"),
            models.CheckConstraint(condition=Q(source__in=ListSource.values), name="engagement_list_source_known"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="engagement_list_closed_by_somebody",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["owner", "closed_at", "created_at"], name="engagement_list_of_owner")]

    def __str__(self) -> str:
        return self.name

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether who calls is within the scope."""
        return owner_in_scope(self.owner, actor, scope)


def _objection() -> Exists:
    standing = Objection.objects.filter(lifted_at__isnull=True)
    return Exists(standing.filter(Q(contact=OuterRef("contact")) | Q(contact=OuterRef("lead__contact"))))


class CallListEntryQuerySet(models.QuerySet["CallListEntry"]):
    """Entries of lists; whom a person may not see any more is left out."""

    def visible_to(self, user: User) -> "CallListEntryQuerySet":
        """Keep the entries of lists, customers and leads the person may see."""
        customers = Customer.objects.visible_to(user).values("pk")
        leads = Lead.objects.visible_to(user).values("pk")
        rows = self.filter(list__in=CallList.objects.visible_to(user).values("pk"))
        return rows.filter(Q(customer__in=customers) | Q(customer__isnull=True, lead__in=leads))

    def with_objections(self) -> "CallListEntryQuerySet":
        """Let entries know whether their people want no calls at present, see ``CallListEntry.objecting``."""
        return self.annotate(wants_no_calls=_objection())

    def may_be_called(self) -> "CallListEntryQuerySet":
        """Keep those still to be called, without people who want no calls at present."""
        return self.waiting().filter(~_objection())

    def waiting(self) -> "CallListEntryQuerySet":
        """Keep those still to be called."""
        return self.filter(settled_at__isnull=True)


class CallListEntry(models.Model):
    """One person to call: a contact, or a lead that is no customer yet.

    Attributes:
        number: Order in which the list was made; ``place`` the order in which it is called, later after no answer.
        customer, contact: None while the lead is no customer.
        outcome: Of the last attempt; "" before the first. ``tries`` counts the attempts.
        call_back_at: When the person asked to be called; not offered before.
        settled_at: No further call is needed.
    """

    kind = "call_list_entry"

    ref = models.CharField(max_length=16, unique=True, default=entry_ref)
    list = models.ForeignKey(CallList, on_delete=models.CASCADE, related_name="entries")
    number = models.PositiveIntegerField()
    place = models.PositiveIntegerField()
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey(Lead, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=14, choices=CallOutcome.choices, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(pgettext_lazy("call", "remark"), max_length=300, blank=True)
    call_back_at = models.DateTimeField(_("call back"), null=True)
    reminded_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    last_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = CallListEntryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["list", "number"], name="engagement_entry_number_once"),
            models.CheckConstraint(
                condition=Q(contact__isnull=False, customer__isnull=False) | Q(lead__isnull=False),
                name="engagement_entry_calls_somebody",
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(outcome__in=CallOutcome.values), name="engagement_entry_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | ~Q(outcome=""), name="engagement_entry_settled_by_outcome"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["list", "settled_at", "place"], name="engagement_entry_next"),
            models.Index(fields=["call_back_at"], name="engagement_entry_call_back"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Who is called: the person, or the company where no person is known."""
        if self.contact is not None:
            return self.contact.name
        return (self.lead.contact_name or self.lead.company) if self.lead is not None else ""

    @property
    def company(self) -> str:
        """The company of the person."""
        if self.customer is not None:
            return self.customer.label
        return self.lead.company if self.lead is not None else ""

    @property
    def objecting(self) -> bool:
        """Whether they want no calls at present; known where ``with_objections`` looked."""
        return bool(getattr(self, "wants_no_calls", False))

    @property
    def phone(self) -> str:
        """The number to dial, as it is kept; "" where none is known, or where they do not want to be called."""
        if self.objecting:
            return ""
        parts: list[str] = []
        if self.contact is not None:
            parts += [self.contact.mobile, self.contact.phone]
        if self.customer is not None:
            parts.append(self.customer.phone)
        if self.contact is None and self.lead is not None:
            parts += [self.lead.mobile, self.lead.phone]
        return next((part for part in parts if part), "")
