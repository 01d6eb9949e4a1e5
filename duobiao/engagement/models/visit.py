"""The visit: its plan, its record, and each time it was moved."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact, Customer
from duobiao.engagement.domain.appointment import Appointment
from duobiao.engagement.domain.visits import VisitFacts
from duobiao.engagement.models.call import LONG, SHORT, Call, local_text, utc_text
from duobiao.engagement.models.choices import VisitStatus
from duobiao.identity.models import User
from duobiao.identity.policy import Scope
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import new_ref
from duobiao.knowledge.models import ReferenceCase, TechnologyOverview
from duobiao.opportunities.models import Channel, Opportunity


def visit_ref() -> str:
    """Make the reference of a visit."""
    return new_ref("Z")


class VisitQuerySet(models.QuerySet["Visit"]):
    """Visits; who sees the deal sees its visits, without a deal who sees the customer."""

    def visible_to(self, user: User) -> "VisitQuerySet":
        """Keep the visits the person may see."""
        deals = Opportunity.objects.visible_to(user).values("pk")
        customers = Customer.objects.within_reach(user).values("pk")
        return self.filter(Q(opportunity__in=deals) | Q(opportunity__isnull=True, customer__in=customers))

    def planned(self) -> "VisitQuerySet":
        """Keep what is still to come or to be recorded."""
        return self.filter(held_on__isnull=True, cancelled_at__isnull=True)

    def held(self) -> "VisitQuerySet":
        """Keep what took place."""
        return self.filter(held_on__isnull=False, cancelled_at__isnull=True)


class Visit(models.Model):
    """A visit to a customer.

    Attributes:
        call: The call in which it was agreed.
        host: Who of ours leads it.
        agreed_with: Who at the customer agreed; None: nobody has yet. ``agreed_with_handler`` as known at that time.
        agreed_on: Day of the agreement.
        packed_cases, packed_overviews: What of the library is taken along.
        survey_aims: What the visit is to find out, see ``data/survey.yaml``.
        preparation, our_promises: One thing a line.
        handler_met: The 经手人 or higher who took part, as known when it was recorded.
        requested_by: Who asked us for an initial solution, in the words of ``request_quote``.
    """

    kind = "visit"

    ref = models.CharField(max_length=16, unique=True, default=visit_ref)
    opportunity = models.ForeignKey(
        Opportunity, null=True, blank=True, on_delete=models.PROTECT, related_name="visits", verbose_name=_("deal")
    )
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="visits", verbose_name=_("customer"))
    call = models.OneToOneField(Call, null=True, on_delete=models.PROTECT, related_name="visit")
    host = models.ForeignKey(User, on_delete=models.PROTECT, related_name="visits", verbose_name=_("led by"))
    planned_at = models.DateTimeField(_("time"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    topic = models.CharField(_("topic"), max_length=200, blank=True)
    purposes = models.JSONField(_("purposes"), default=list, blank=True)
    survey_aims = models.JSONField(_("aims of the survey"), default=list, blank=True)
    packed_cases = models.ManyToManyField(ReferenceCase, related_name="+", blank=True)
    packed_overviews = models.ManyToManyField(TechnologyOverview, related_name="+", blank=True)
    our_people = models.ManyToManyField(User, related_name="+", blank=True)
    contacts = models.ManyToManyField(Contact, related_name="+", blank=True)
    other_people = models.CharField(_("others"), max_length=SHORT, blank=True)
    preparation = models.TextField(_("to prepare"), max_length=LONG, blank=True)
    agreed_with = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("agreed with")
    )
    agreed_with_handler = models.BooleanField(null=True)
    agreed_on = models.DateField(_("agreed on"), null=True)
    agreed_channel = models.CharField(_("agreed by"), max_length=10, choices=Channel.choices, blank=True)

    held_on = models.DateField(_("held on"), null=True)
    face_to_face = models.BooleanField(_("face to face"), default=True)
    met = models.ManyToManyField(Contact, related_name="met_on_visits", blank=True)
    met_others = models.CharField(_("others who took part"), max_length=SHORT, blank=True)
    handler_met = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    purposes_met = models.JSONField(_("purposes met"), default=list, blank=True)
    strengths = models.JSONField(_("introduced"), default=list, blank=True)
    reaction = models.TextField(_("how they took it"), max_length=LONG, blank=True)
    cases = models.CharField(_("cases used"), max_length=SHORT, blank=True)
    trends = models.CharField(_("trends of the industry"), max_length=SHORT, blank=True)
    draft_title = models.CharField(_("draft handed over"), max_length=200, blank=True)
    draft_version = models.CharField(_("version"), max_length=40, blank=True)

    found_handler = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("the real handler")
    )
    handler_facts = models.TextField(_("what shows it"), max_length=LONG, blank=True)
    problem = models.TextField(_("problem"), max_length=LONG, blank=True)
    impact = models.TextField(_("effect"), max_length=LONG, blank=True)
    wanted_by = models.CharField(_("wanted by"), max_length=120, blank=True)
    budget_range = models.CharField(_("budget range"), max_length=120, blank=True)
    budget_source = models.CharField(_("source of funds"), max_length=120, blank=True)
    purchase_process = models.TextField(_("purchase process"), max_length=LONG, blank=True)
    roles = models.TextField(_("roles and duties"), max_length=LONG, blank=True)
    project_lead = models.CharField(_("project lead"), max_length=120, blank=True)
    decision_maker = models.CharField(_("decision maker"), max_length=120, blank=True)
    rivals = models.TextField(_("rivals"), max_length=LONG, blank=True)
    confirmed_by = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_channel = models.CharField(_("confirmed through"), max_length=10, choices=Channel.choices, blank=True)
    confirmed_quote = models.TextField(_("in these words"), max_length=LONG, blank=True)

    requested_by = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    requested_on = models.DateField(_("asked on"), null=True, blank=True)
    request_channel = models.CharField(_("asked through"), max_length=10, choices=Channel.choices, blank=True)
    request_quote = models.TextField(_("the customer's words"), max_length=LONG, blank=True)
    solution_scope = models.TextField(_("what the solution covers"), max_length=LONG, blank=True)
    solution_due_on = models.DateField(_("to be submitted on"), null=True, blank=True)
    our_promises = models.TextField(_("what we promised"), max_length=LONG, blank=True)
    next_step = models.CharField(_("next step"), max_length=SHORT, blank=True)
    summary = models.TextField(_("in short"), max_length=4000, blank=True)

    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    cancel_reason = models.CharField(max_length=SHORT, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(held_on__isnull=True, recorded_at__isnull=True, recorded_by__isnull=True)
                | Q(held_on__isnull=False, recorded_at__isnull=False, recorded_by__isnull=False),
                name="engagement_visit_recorded_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True, cancel_reason="")
                | (Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancel_reason="")),
                name="engagement_visit_cancelled_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(agreed_with__isnull=True, agreed_on__isnull=True)
                | Q(agreed_with__isnull=False, agreed_on__isnull=False),
                name="engagement_visit_agreed_on_a_day",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["opportunity", "planned_at"], name="engagement_visit_of_deal"),
            models.Index(fields=["customer", "planned_at"], name="engagement_visit_of_customer"),
            models.Index(fields=["host", "planned_at"], name="engagement_visit_of_host"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.planned_at:%Y-%m-%d}"

    @property
    def status(self) -> VisitStatus:
        """What has become of it."""
        if self.cancelled_at is not None:
            return VisitStatus.CANCELLED
        return VisitStatus.PLANNED if self.held_on is None else VisitStatus.HELD

    @property
    def draft(self) -> str:
        """The draft handed over, with its version."""
        return " ".join(filter(None, [self.draft_title, self.draft_version])) if self.draft_title else ""

    def in_scope(self, actor: User, scope: Scope) -> bool:
        """Say whether the deal, or without one the customer, is within the scope."""
        return (self.opportunity or self.customer).in_scope(actor, scope)

    def facts(self, *, zone: str) -> VisitFacts:
        """Return what the visit is judged by; reads no row.

        Args:
            zone: The company's: the day of the meeting is reckoned there, whoever looks.
        """
        return VisitFacts(
            appointment=self._appointment(zone),
            cancelled=self.cancelled_at is not None,
            held_on=self.held_on,
            face_to_face=self.face_to_face,
            handler=self.handler_met_id,
            strengths=frozenset(self.strengths),
            cases=self.cases,
            trends=self.trends,
            draft=self.draft,
            found_handler=self.found_handler_id,
            handler_facts=self.handler_facts,
            problem=self.problem,
            impact=self.impact,
            wanted_by=self.wanted_by,
            budget_range=self.budget_range,
            budget_source=self.budget_source,
            process=self.purchase_process,
            roles=self.roles,
            project_lead=self.project_lead,
            decision_maker=self.decision_maker,
            rivals=self.rivals,
            confirmed_by=self.confirmed_by_id,
            confirmed_channel=self.confirmed_channel,
            confirmed_quote=self.confirmed_quote,
            requested_by=self.requested_by_id,
            requested_on=self.requested_on,
            request_channel=self.request_channel,
            request_quote=self.request_quote,
            scope=self.solution_scope,
            due_on=self.solution_due_on,
        )

    def _appointment(self, zone: str) -> Appointment:
        day = local_day(self.planned_at, zone)
        return Appointment(
            agreed_on=self.agreed_on or day,
            day=day,
            at=utc_text(self.planned_at),
            said=local_text(self.planned_at, zone),
            place=self.place,
            topic=self.topic,
            with_handler=self.agreed_with_handler,
            person=self.agreed_with_id,
            channel=self.agreed_channel,
        )


class VisitMove(models.Model):
    """The visit got another time or place, with the reason."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="moves")
    before_at = models.DateTimeField()
    after_at = models.DateTimeField()
    before_place = models.CharField(max_length=200, blank=True)
    after_place = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=SHORT)
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="engagement_move_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.before_at:%Y-%m-%d} → {self.after_at:%Y-%m-%d}"
