"""The telephone call (电话记录表)."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact, Customer
from duobiao.engagement.domain.appointment import Appointment
from duobiao.engagement.domain.calls import PHONE, CallFacts
from duobiao.engagement.models.choices import Attitude, CallResult, NeedKind
from duobiao.identity.models import User
from duobiao.identity.policy import Scope
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models import Opportunity

LONG = 2000
SHORT = 300


def utc_text(moment: datetime) -> str:
    """Spell a moment the same, whatever zone it was typed in."""
    return moment.astimezone(UTC).isoformat(timespec="minutes")


def local_text(moment: datetime, zone: str) -> str:
    """Spell a moment as people at its place read it."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def call_ref() -> str:
    """Make the reference of a call."""
    return new_ref("Q")


class CallQuerySet(models.QuerySet["Call"]):
    """Calls; who sees the deal sees its calls, without a deal who sees the customer."""

    def live(self) -> "CallQuerySet":
        """Leave out what was logged wrongly and withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def within_reach(self, user: User) -> "CallQuerySet":
        """Keep what the person may see, withdrawn calls included."""
        deals = Opportunity.objects.visible_to(user).values("pk")
        customers = Customer.objects.within_reach(user).values("pk")
        return self.filter(Q(opportunity__in=deals) | Q(opportunity__isnull=True, customer__in=customers))

    def visible_to(self, user: User) -> "CallQuerySet":
        """Keep the live calls the person may see."""
        return self.live().within_reach(user)


class Call(models.Model):
    """One telephone conversation, or the attempt at one.

    Attributes:
        called_on: Day of the call where the caller sat.
        was_handler: Whether the contact was the 经手人 or above at that time; None: unknown.
        opened_with_consent: The contact agreed to talk before we began (开场共识).
        interest: 1 refuses, 2 polite, 3 curious, 4 will think it over, 5 presses; None: not noted.
        pitched: We pitched a product; the other three rules of a call stand beside it.
        entry: The entry of a calling list it was made from.
        is_a_class: The contact's company is a latent customer (A class); None: undecided.
    """

    kind = "call"

    ref = models.CharField(max_length=16, unique=True, default=call_ref)
    opportunity = models.ForeignKey(
        Opportunity, null=True, blank=True, on_delete=models.PROTECT, related_name="calls", verbose_name=_("deal")
    )
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="calls", verbose_name=_("customer"))
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="calls", verbose_name=_("contact"))
    caller = models.ForeignKey(User, on_delete=models.PROTECT, related_name="calls", verbose_name=_("caller"))
    entry = models.ForeignKey("engagement.CallListEntry", null=True, on_delete=models.PROTECT, related_name="calls")
    started_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    called_on = models.DateField(_("day"))
    result = models.CharField(_("result"), max_length=10, choices=CallResult.choices, default=CallResult.SPOKE)
    purposes = models.JSONField(_("purposes"), default=list, blank=True)
    was_handler = models.BooleanField(_("was the handler (经手人)"), null=True, blank=True)
    introduced_us = models.BooleanField(_("said who we are"), default=False)

    opened_with_consent = models.BooleanField(_("agreed to talk"), null=True, blank=True)
    problem = models.TextField(_("What is the problem?"), max_length=LONG, blank=True)
    problem_since = models.CharField(_("How long has it lasted?"), max_length=SHORT, blank=True)
    tried = models.CharField(_("What has been tried?"), max_length=SHORT, blank=True)
    tried_result = models.CharField(_("With what result?"), max_length=SHORT, blank=True)
    need_kind = models.CharField(_("this need is"), max_length=10, choices=NeedKind.choices, blank=True)
    interest = models.PositiveSmallIntegerField(_("interest"), null=True, blank=True)
    attitude = models.CharField(_("attitude"), max_length=10, choices=Attitude.choices, blank=True)

    reason_given = models.BooleanField(_("a reason to meet was given"), default=False)
    pitched = models.BooleanField(_("a product was pitched"), default=False)
    let_customer_find = models.BooleanField(_("the customer found the need itself"), default=False)
    benefit_shown = models.BooleanField(_("the benefit for the customer was clear"), default=False)

    meeting_at = models.DateTimeField(_("meeting"), null=True, blank=True)
    meeting_place = models.CharField(_("place"), max_length=200, blank=True)
    meeting_topic = models.CharField(_("topic"), max_length=200, blank=True)
    meeting_people = models.CharField(_("others"), max_length=SHORT, blank=True)
    meeting_contacts = models.ManyToManyField(Contact, related_name="+", blank=True)
    meeting_preparation = models.TextField(_("to prepare"), max_length=LONG, blank=True)

    next_step = models.CharField(_("next step"), max_length=SHORT, blank=True)
    is_a_class = models.BooleanField(_("A class"), null=True, blank=True)
    notes = models.TextField(_("notes"), max_length=4000, blank=True)

    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = models.CharField(max_length=SHORT, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CallQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(interest__isnull=True) | Q(interest__range=(1, 5)), name="engagement_call_interest_in_range"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="engagement_call_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(meeting_at__isnull=True) | Q(meeting_at__gt=F("started_at")),
                name="engagement_call_meeting_comes_later",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="engagement_call_withdrawn_with_reason",
            ),
            models.CheckConstraint(condition=Q(result__in=CallResult.values), name="engagement_call_result_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["opportunity", "started_at"], name="engagement_call_of_deal"),
            models.Index(fields=["customer", "started_at"], name="engagement_call_of_customer"),
            models.Index(fields=["contact", "started_at"], name="engagement_call_of_contact"),
            models.Index(fields=["caller", "started_at"], name="engagement_call_of_caller"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.called_on}"

    @property
    def is_live(self) -> bool:
        """Whether it was not withdrawn."""
        return self.withdrawn_at is None

    @property
    def minutes(self) -> int | None:
        """Duration in whole minutes, rounded up; None while unknown."""
        if self.ended_at is None:
            return None
        return -((self.started_at - self.ended_at) // timedelta(minutes=1))

    @property
    def words(self) -> str:
        """What the customer said, in one text."""
        return " / ".join(
            text for text in (self.problem, self.problem_since, self.tried, self.tried_result) if text.strip()
        )

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether the deal, or without one the customer, is within the scope."""
        return (self.opportunity or self.customer).in_scope(actor, scope)

    def facts(self, *, zone: str) -> CallFacts:
        """Return what the call is judged by.

        Args:
            zone: The company's: the day of the meeting is reckoned there, whoever looks.
        """
        return CallFacts(
            on=self.called_on,
            spoke=self.result == CallResult.SPOKE,
            person=self.contact_id,
            handler=self.was_handler,
            post=" · ".join(filter(None, [self.contact.department, self.contact.position])),
            interest=self.interest,
            willing=None if not self.attitude else self.attitude == Attitude.POSITIVE,
            pitched=self.pitched,
            words=self.words,
            appointment=self._appointment(zone),
            place_or_topic_only=self.meeting_at is None and bool(self.meeting_place or self.meeting_topic),
        )

    def _appointment(self, zone: str) -> Appointment | None:
        if self.meeting_at is None:
            return None
        return Appointment(
            agreed_on=self.called_on,
            day=local_day(self.meeting_at, zone),
            at=utc_text(self.meeting_at),
            said=local_text(self.meeting_at, zone),
            place=self.meeting_place,
            topic=self.meeting_topic,
            with_handler=self.was_handler,
            person=self.contact_id,
            channel=PHONE,
        )
