"""Needs of a deal, as a tree, with what was verified, who wants them, how they were ranked."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.models import Contact
from duobiao.engagement.models import NeedKind
from duobiao.identity.models import User
from duobiao.kernel.money import Money
from duobiao.kernel.refs import new_ref
from duobiao.needs.domain.priorities import Fit, Priority, pain_score, yearly_minor
from duobiao.needs.domain.proving import NeedFacts
from duobiao.needs.domain.steps import LAST_VERIFY
from duobiao.needs.models.choices import CostPer, NeedFit, NeedLayer, NeedLevel, NeedPriority, Voice
from duobiao.needs.models.scoped import OfDeal
from duobiao.opportunities.models import Channel, Opportunity

LONG, SHORT = 2000, 300
RATING = Q(severity__isnull=True) | Q(severity__range=(1, 5))


def need_ref() -> str:
    """Make the reference of a need."""
    return new_ref("ND")


class Need(OfDeal):
    """One need of the customer.

    Attributes:
        parent: The need it explains; None at the root.
        words: What the customer said or showed: their own sentence, or their figures. Without it, or without
            who said it or the record it was taken from, the need is assumed.
        said_on: Day of these words; set exactly when they are.
        source_kind, source_ref: The record they were taken from: a call, a visit; "" without one.
        owner_contact: Whose need it is at the customer.
        forecast_years: 3 to 5: how many years ahead ``forecast`` looks.
        inaction_minor: What it costs the customer to do nothing, per ``inaction_per``.
        fit: How the solution answers it, in words by ``fit_note``.
        round: Of verification; an accepted change of a confirmed need begins another one.
        verified_step: How many of the four steps of this round are done.
    """

    kind = "need"

    ref = models.CharField(max_length=16, unique=True, default=need_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="needs")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    position = models.PositiveIntegerField(default=0)
    text = models.CharField(_("need"), max_length=SHORT)
    level = models.CharField(_("level"), max_length=10, choices=NeedLevel.choices)
    layer = models.CharField(_("layer"), max_length=10, choices=NeedLayer.choices)
    need_kind = models.CharField(_("explicit or hidden"), max_length=10, choices=NeedKind.choices, blank=True)
    words = models.TextField(_("the customer's words or figures"), max_length=LONG, blank=True)
    said_by = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("said by")
    )
    said_on = models.DateField(_("said on"), null=True, blank=True)
    channel = models.CharField(_("said through"), max_length=10, choices=Channel.choices, blank=True)
    source_kind = models.CharField(max_length=40, blank=True)
    source_ref = models.CharField(max_length=60, blank=True)
    owner_contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("whose need it is")
    )
    impact = models.TextField(_("effect"), max_length=LONG, blank=True)
    wanted_by = models.CharField(_("wanted by"), max_length=120, blank=True)
    forecast = models.TextField(_("in 3 to 5 years"), max_length=LONG, blank=True)
    forecast_years = models.PositiveSmallIntegerField(_("years ahead"), null=True, blank=True)
    severity = models.PositiveSmallIntegerField(_("severity"), null=True, blank=True)
    urgency = models.PositiveSmallIntegerField(_("urgency"), null=True, blank=True)
    inaction_minor = models.BigIntegerField(_("cost of doing nothing"), null=True)
    inaction_currency = models.CharField(max_length=3, blank=True)
    inaction_per = models.CharField(_("per"), max_length=8, choices=CostPer.choices, blank=True)
    priority = models.CharField(_("priority"), max_length=2, choices=NeedPriority.choices, blank=True)
    fit = models.CharField(_("answer of the solution"), max_length=10, choices=NeedFit.choices, default=NeedFit.UNKNOWN)
    fit_note = models.TextField(_("how it is met"), max_length=LONG, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    verified_step = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="needs_need_says_what"),
            models.CheckConstraint(
                condition=Q(words="", said_on__isnull=True, said_by__isnull=True, channel="")
                | (~Q(words="") & Q(said_on__isnull=False)),
                name="needs_need_words_have_a_day",
            ),
            models.CheckConstraint(
                condition=Q(source_kind="", source_ref="") | (~Q(source_kind="") & ~Q(source_ref="")),
                name="needs_need_source_whole",
            ),
            models.CheckConstraint(condition=RATING, name="needs_need_severity_in_range"),
            models.CheckConstraint(
                condition=Q(urgency__isnull=True) | Q(urgency__range=(1, 5)), name="needs_need_urgency_in_range"
            ),
            models.CheckConstraint(
                condition=Q(inaction_minor__isnull=True, inaction_currency="", inaction_per="")
                | (Q(inaction_minor__gte=0) & ~Q(inaction_currency="") & ~Q(inaction_per="")),
                name="needs_need_inaction_whole",
            ),
            models.CheckConstraint(
                condition=Q(forecast="", forecast_years__isnull=True)
                | (~Q(forecast="") & Q(forecast_years__range=(3, 5))),
                name="needs_need_forecast_whole",
            ),
            models.CheckConstraint(condition=Q(verified_step__range=(0, 4)), name="needs_need_step_in_range"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="needs_need_removed_by_somebody",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["opportunity", "removed_at"], name="needs_need_of_deal")]

    def __str__(self) -> str:
        return self.text

    @property
    def is_assumed(self) -> bool:
        """Whether nothing of the customer's own stands behind it: we defined it for them.

        Words count with who said them, or with the call or visit they were taken from.
        """
        return not self.words or (self.said_by_id is None and not self.source_ref)

    @property
    def is_confirmed(self) -> bool:
        """Whether all four steps are done: it changes by a change request alone."""
        return self.verified_step == LAST_VERIFY

    @property
    def pain(self) -> int | None:
        """Severity × urgency, 1 to 25."""
        return pain_score(self.severity, self.urgency)

    @property
    def inaction(self) -> Money | None:
        """What it costs to do nothing, per ``inaction_per``."""
        return None if self.inaction_minor is None else Money(self.inaction_minor, self.inaction_currency)

    @property
    def inaction_yearly(self) -> Money | None:
        """What it costs to do nothing in the first year."""
        amount = yearly_minor(self.inaction_minor, self.inaction_per)
        return None if amount is None else Money(amount, self.inaction_currency)

    def facts(self) -> NeedFacts:
        """Return what the need is judged by."""
        return NeedFacts(
            text=self.text,
            words=self.words,
            said_on=self.said_on,
            effect=self.impact or ("" if self.inaction_minor is None else str(self.inaction_minor)),
            wanted_by=self.wanted_by,
            forecast=self.forecast,
            forecast_years=self.forecast_years,
            priority=Priority(self.priority) if self.priority else None,
            fit=Fit(self.fit),
            steps=self.verified_step,
            sourced=not self.is_assumed,
        )


class PriorityChange(models.Model):
    """A need was ranked anew."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="rankings")
    before = models.CharField(max_length=2, choices=NeedPriority.choices, blank=True)
    after = models.CharField(max_length=2, choices=NeedPriority.choices)
    reason = models.CharField(_("reason"), max_length=SHORT, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(before=models.F("after")), name="needs_ranking_changes_something"),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Verification(models.Model):
    """One step of verification done.

    Attributes:
        step: 1 restated, 2 pain confirmed, 3 benefit sorted out, 4 consensus.
        note: Step 1: the need as we read it back; 2: what hurts, in figures; 3: the benefit with its measure; 4: what
            the customer agreed to, in their words.
        kpi: Measure of the benefit with its value before and after; step 3 alone.
        confirmation_ref: The buyer's confirmation that did step 4; "" where somebody reports it.
    """

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="verifications")
    round = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField()
    note = models.TextField(_("what shows it"), max_length=LONG)
    kpi = models.CharField(_("measure of the benefit"), max_length=SHORT, blank=True)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, blank=True)
    confirmation_ref = models.CharField(max_length=16, blank=True)
    done_on = models.DateField(_("day"))
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["need", "round", "step"], name="needs_verification_step_once"),
            models.CheckConstraint(condition=Q(step__range=(1, 4)), name="needs_verification_step_in_range"),
            models.CheckConstraint(condition=~Q(note=""), name="needs_verification_shows_something"),
            models.CheckConstraint(condition=~Q(step=3) | ~Q(kpi=""), name="needs_verification_benefit_is_measured"),
            models.CheckConstraint(
                condition=~Q(step=4) | Q(contact__isnull=False), name="needs_verification_agreed_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} {self.round}.{self.step}"


class NeedVoice(models.Model):
    """How one person of the customer stands to a need."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="voices")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    voice = models.CharField(pgettext_lazy("need", "stance"), max_length=8, choices=Voice.choices)
    note = models.CharField(_("what they said"), max_length=SHORT, blank=True)
    noted_on = models.DateField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["need", "contact"], name="needs_voice_once_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.voice}"
