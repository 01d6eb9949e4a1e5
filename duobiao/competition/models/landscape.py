"""The rivals of one deal: class and position, scores, barriers, whom they reach, what they did, what we do about it."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.competition.models.choices import BarrierKind, Bidding, Depth, MoveKind, Position, RivalClass, Trend
from duobiao.competition.models.rival import Rival
from duobiao.customers.models import Contact, Function
from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.opportunities.models import DealTask, Opportunity


def landscape_ref() -> str:
    """Make the reference of a landscape."""
    return new_ref("LC")


def deal_rival_ref() -> str:
    """Make the reference of a rival on a deal."""
    return new_ref("DR")


def barrier_ref() -> str:
    """Make the reference of a barrier."""
    return new_ref("BA")


def reach_ref() -> str:
    """Make the reference of a contact of a rival."""
    return new_ref("RE")


def move_ref() -> str:
    """Make the reference of a move of a rival."""
    return new_ref("RM")


class Landscape(models.Model):
    """What holds for all rivals of a deal; the source of what their records prove.

    Attributes:
        weights: Own weights of the dimensions in percent; empty: the usual ones.
        gap_hundredths: Weighted gap to the strongest rival in hundredths of a grade, negative where it is ahead; None
            while nothing can be compared. Derived by ``actions.landscape.settle``.
    """

    kind = "competition_landscape"

    ref = models.CharField(max_length=16, unique=True, default=landscape_ref)
    opportunity = models.OneToOneField(Opportunity, on_delete=models.CASCADE, related_name="landscape")
    weights: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict)
    gap_hundredths = models.SmallIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(gap_hundredths__isnull=True) | Q(gap_hundredths__range=(-400, 400)),
                name="competition_gap_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class DealRival(models.Model):
    """A rival on a deal.

    Attributes:
        share_percent: Its share of what this customer buys of our kind.
        offers: What it offers here; ``focus`` what it plays on.
        bid_basis: Public facts on which the estimate of its bidding rests.
        gap_hundredths: Our weighted gap to it, as of the latest scores; negative where it is ahead.
        left_on: Day on which it left the race; None while it is in it.
    """

    kind = "deal_rival"

    ref = models.CharField(max_length=16, unique=True, default=deal_rival_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="rivals")
    rival = models.ForeignKey(Rival, on_delete=models.PROTECT, related_name="places")
    rival_class = models.CharField(_("class"), max_length=9, choices=RivalClass.choices, default=RivalClass.DIRECT)
    position = models.CharField(
        _("position in the race"), max_length=7, choices=Position.choices, default=Position.UNKNOWN
    )
    share_percent = models.PositiveSmallIntegerField(
        _("share at this customer in percent"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    trend = models.CharField(_("trend of its share"), max_length=7, choices=Trend.choices, default=Trend.UNKNOWN)
    offers = models.TextField(_("what it offers"), max_length=1000, blank=True)
    focus = models.CharField(_("what it plays on"), max_length=300, blank=True)
    bidding = models.CharField(_("will it bid"), max_length=8, choices=Bidding.choices, default=Bidding.UNKNOWN)
    bid_basis = models.CharField(_("public facts it rests on"), max_length=300, blank=True)
    source = models.CharField(pgettext_lazy("of knowledge", "source"), max_length=300, blank=True)
    noted_on = models.DateField(_("as of"))
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    left_on = models.DateField(_("left the race on"), null=True)
    left_reason = models.CharField(_("why it left"), max_length=300, blank=True)
    gap_hundredths = models.SmallIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opportunity", "rival"], name="competition_rival_once_on_a_deal"),
            models.CheckConstraint(
                condition=Q(share_percent__isnull=True) | Q(share_percent__range=(0, 100)),
                name="competition_share_in_range",
            ),
            models.CheckConstraint(
                condition=Q(bidding=Bidding.UNKNOWN) | ~Q(bid_basis=""), name="competition_estimate_has_basis"
            ),
        ]

    def __str__(self) -> str:
        return str(self.rival)


class RivalScore(models.Model):
    """One score on one dimension: ours where it hangs on the landscape, theirs where it hangs on a rival.

    Never changed; the latest day holds, of one day the one written last.
    """

    landscape = models.ForeignKey(Landscape, null=True, on_delete=models.CASCADE, related_name="scores")
    deal_rival = models.ForeignKey(DealRival, null=True, on_delete=models.CASCADE, related_name="scores")
    dimension = models.CharField(_("dimension"), max_length=20)
    score = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    on = models.DateField(_("as of"))
    source = models.CharField(pgettext_lazy("of knowledge", "source"), max_length=300)
    at = models.DateTimeField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(score__range=(1, 5)), name="competition_score_in_range"),
            models.CheckConstraint(
                condition=Q(landscape__isnull=True, deal_rival__isnull=False)
                | Q(landscape__isnull=False, deal_rival__isnull=True),
                name="competition_score_of_one_side",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.score}"


class Barrier(models.Model):
    """What keeps us out while a rival sits there, and where it can be broken."""

    kind = "competition_barrier"

    ref = models.CharField(max_length=16, unique=True, default=barrier_ref)
    deal_rival = models.ForeignKey(DealRival, on_delete=models.CASCADE, related_name="barriers")
    sort = models.CharField(_("kind of barrier"), max_length=16, choices=BarrierKind.choices)
    text = models.CharField(_("what keeps us out"), max_length=500)
    strength = models.PositiveSmallIntegerField(_("strength"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    break_point = models.CharField(_("where it breaks"), max_length=500, blank=True)
    source = models.CharField(pgettext_lazy("of knowledge", "source"), max_length=300)
    noted_on = models.DateField(_("as of"))
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(strength__range=(1, 5)), name="competition_barrier_strength_in_range"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(source=""), name="competition_barrier_is_sourced"),
        ]

    def __str__(self) -> str:
        return self.text


class Reach(models.Model):
    """Whom at the customer a rival reaches: a person, or a department where nobody is known by name."""

    kind = "rival_reach"

    ref = models.CharField(max_length=16, unique=True, default=reach_ref)
    deal_rival = models.ForeignKey(DealRival, on_delete=models.CASCADE, related_name="reaches")
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    function = models.CharField(_("department"), max_length=12, choices=Function.choices)
    depth = models.PositiveSmallIntegerField(_("how far"), choices=Depth.choices)
    source = models.CharField(pgettext_lazy("of knowledge", "source"), max_length=300)
    noted_on = models.DateField(_("as of"))
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deal_rival", "contact"], condition=Q(contact__isnull=False), name="competition_reach_once"
            ),
            models.UniqueConstraint(
                fields=["deal_rival", "function"],
                condition=Q(contact__isnull=True),
                name="competition_department_reach_once",
            ),
            models.CheckConstraint(condition=Q(depth__range=(1, 3)), name="competition_reach_depth_in_range"),
        ]

    def __str__(self) -> str:
        return str(self.contact or self.get_function_display())


class RivalMove(models.Model):
    """Something a rival did on a deal; each counts for the signal that rivals are more active."""

    kind = "rival_move"

    ref = models.CharField(max_length=16, unique=True, default=move_ref)
    deal_rival = models.ForeignKey(DealRival, on_delete=models.CASCADE, related_name="moves")
    sort = models.CharField(_("what it did"), max_length=10, choices=MoveKind.choices)
    text = models.CharField(_("in words"), max_length=500)
    source = models.CharField(pgettext_lazy("of knowledge", "source"), max_length=300)
    happened_on = models.DateField(_("day"))
    noted_at = models.DateTimeField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdraw_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text="") & ~Q(source=""), name="competition_move_is_sourced"),
        ]
        indexes: ClassVar = [models.Index(fields=["deal_rival", "happened_on"], name="competition_moves_by_day")]

    def __str__(self) -> str:
        return self.text


class CounterAction(models.Model):
    """A task against a rival: to break a barrier, or to close a gap."""

    deal_rival = models.ForeignKey(DealRival, on_delete=models.CASCADE, related_name="counters")
    barrier = models.ForeignKey(Barrier, null=True, on_delete=models.CASCADE, related_name="counters")
    task = models.OneToOneField(DealTask, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.task_id} against {self.deal_rival_id}"


class PursuitFigures(models.Model):
    """What pursuing a deal costs and what is left of it; for its place in the investment matrix."""

    kind = "pursuit_figures"

    opportunity = models.OneToOneField(Opportunity, on_delete=models.CASCADE, related_name="pursuit")
    margin_percent = models.PositiveSmallIntegerField(
        _("expected margin in percent"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    cost_minor = models.BigIntegerField(_("cost of pursuing it"), null=True, blank=True)
    note = models.CharField(_("how it was reckoned"), max_length=300, blank=True)
    on = models.DateField(_("as of"))
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(margin_percent__isnull=True) | Q(margin_percent__range=(0, 100)),
                name="competition_margin_in_range",
            ),
            models.CheckConstraint(
                condition=Q(cost_minor__isnull=True) | Q(cost_minor__gte=0), name="competition_cost_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity_id}"


class Judgement(models.Model):
    """What a person judges a criterion of the matrix to be, with the reason; the latest holds. Never changed."""

    kind = "investment_judgement"

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="judgements")
    criterion = models.CharField(_("criterion"), max_length=20)
    value = models.PositiveSmallIntegerField(null=True, validators=[MaxValueValidator(100)])
    why = models.CharField(_("reason"), max_length=300)
    on = models.DateField(_("as of"))
    at = models.DateTimeField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__range=(0, 100)), name="competition_judgement_in_range"
            ),
            models.CheckConstraint(condition=~Q(why=""), name="competition_judgement_has_reason"),
        ]
        indexes: ClassVar = [models.Index(fields=["opportunity", "criterion", "on"], name="competition_judgements")]

    def __str__(self) -> str:
        return f"{self.criterion} {self.value}"

    def as_words(self) -> dict[str, Any]:
        """Return what the audit keeps of it."""
        return {"criterion": self.criterion, "value": self.value, "why": self.why, "on": self.on.isoformat()}
