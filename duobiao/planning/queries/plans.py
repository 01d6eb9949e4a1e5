"""Plans as lists, pages and approvers see them: what was reached, what falls in which month."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from duobiao.approvals.models import ApprovalRequest
from duobiao.customers.models import Customer
from duobiao.identity.models import User
from duobiao.kernel.money import Money
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.models import Opportunity, Outcome
from duobiao.planning.domain.plans import percent_reached
from duobiao.planning.events import MEASURES
from duobiao.planning.models import AccountPlan, BudgetPhase, Measure, PlanDate, PlanGoal, PlanState
from duobiao.planning.models.plan import ACCOUNT_PLAN
from duobiao.web.formats import money

Facts = Mapping[str, Any]
Reach = Callable[[Customer, date, date], int]
"""Takes a customer, the first and the last day; returns how many of its people were spoken to."""
RUNNING = (PlanState.DRAFT, PlanState.WAITING, PlanState.APPROVED)
DUE_SHOWN = 8
MOST_DEALS = 100
_reaches: list[Reach] = []


def register_reach(reach: Reach) -> None:
    """Let a capability above say how many people of a customer were spoken to; once, at start."""
    if reach not in _reaches:
        _reaches.append(reach)


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal with what was reached.

    Attributes:
        target, reached: Money, a number, or words; ``reached`` None while nothing is known.
        percent: Of the target, None where it cannot be counted.
        counted: It is counted from the records.
    """

    goal: PlanGoal
    target: Money | int | str
    reached: Money | int | str | None
    percent: int | None
    counted: bool


@dataclass(frozen=True, slots=True)
class DateLine:
    """A milestone or review; ``late`` where its day has passed."""

    row: PlanDate
    late: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """What the records say of a customer in a year, as far as the reader may see; amounts in the plan's currency."""

    won_minor: int
    won_deals: int
    new_deals: int
    open_minor: int
    people: int


def plans_matching(
    user: User, *, year: int | None = None, state: str = "", mine: bool = False
) -> QuerySet[AccountPlan]:
    """Return the plans the person may see, unordered.

    Args:
        mine: Those of the person's own customers only.
    """
    rows = AccountPlan.objects.visible_to(user).select_related("customer__owner")
    if year is not None:
        rows = rows.filter(year=year)
    if state:
        rows = rows.filter(state=state)
    return rows.filter(customer__owner=user) if mine else rows


def get_plan(*, ref: str, user: User) -> AccountPlan:
    """Return a plan the person may see.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    rows = AccountPlan.objects.visible_to(user).select_related(
        "customer__owner__unit", "created_by", "settled_by", "closed_by"
    )
    found = rows.filter(ref=ref).first()
    if found is None:
        raise NotFound(_("There is no such plan, or you may not see it."))
    return found


def goal_lines(plan: AccountPlan, user: User) -> list[GoalLine]:
    """Return the goals with what was reached; two queries, and those of who counts the people reached."""
    goals = list(plan.goals.order_by("created_at", "pk"))
    measures = {Measure(goal.measure) for goal in goals}
    counted = counted_of(plan, user, people=Measure.PEOPLE_REACHED in measures) if goals else None
    return [_goal_line(goal, plan.currency, counted) for goal in goals]


def counted_of(plan: AccountPlan, user: User, *, people: bool) -> Counted:
    """Return what the records say of the customer in the year of a plan.

    Args:
        people: Whether the people reached are asked for.
    """
    first, last = date(plan.year, 1, 1), date(plan.year, 12, 31)
    won = Q(outcome=Outcome.WON, closed_on__range=(first, last))
    own, going = Q(currency=plan.currency), Q(outcome=Outcome.OPEN)
    rows = Opportunity.objects.visible_to(user).filter(customer=plan.customer)
    found = rows.aggregate(
        won=Sum("amount_minor", filter=won & own),
        won_deals=Count("pk", filter=won),
        new_deals=Count("pk", filter=Q(opened_on__range=(first, last))),
        going=Sum("amount_minor", filter=going & own),
    )
    reached = sum(reach(plan.customer, first, last) for reach in _reaches) if people else 0
    return Counted(found["won"] or 0, found["won_deals"], found["new_deals"], found["going"] or 0, reached)


def _goal_line(goal: PlanGoal, currency: str, counted: Counted | None) -> GoalLine:
    reached = _counted(goal, counted)
    if goal.target_minor is not None:
        money = None if reached is None else Money(reached, currency)
        percent = percent_reached(goal.target_minor, reached)
        return GoalLine(goal, Money(goal.target_minor, currency), money, percent, counted=True)
    if goal.target_count is not None:
        own = goal.measure == Measure.COUNT
        held = goal.reached_count if own else reached
        return GoalLine(goal, goal.target_count, held, percent_reached(goal.target_count, held), counted=not own)
    return GoalLine(goal, goal.target_words, goal.reached_words or None, None, counted=False)


def _counted(goal: PlanGoal, counted: Counted | None) -> int | None:
    if counted is None:
        return None
    return {
        Measure.WON_AMOUNT: counted.won_minor,
        Measure.PIPELINE: counted.open_minor,
        Measure.WON_DEALS: counted.won_deals,
        Measure.NEW_DEALS: counted.new_deals,
        Measure.PEOPLE_REACHED: counted.people,
    }.get(Measure(goal.measure))


def date_lines(plan: AccountPlan, *, on: date) -> list[DateLine]:
    """Return the milestones and reviews, the earliest due first; one query."""
    rows = plan.dates.select_related("owner", "done_by").order_by("due_on", "pk")
    return _lines(rows, on)


def due_dates(user: User, *, on: date, until: date, team: bool) -> tuple[list[DateLine], int]:
    """Return the milestones and reviews a person is to see to until a day, the earliest first, and how many there are.

    One query, a second one only where there are more than are shown.

    Args:
        team: Those of all plans the person may see, not only their own.
    """
    rows = PlanDate.objects.filter(done_on=None, due_on__lte=until, plan__state__in=RUNNING)
    rows = rows.filter(plan__in=AccountPlan.objects.visible_to(user)) if team else rows.filter(owner=user)
    found = list(rows.select_related("owner", "plan__customer").order_by("due_on", "pk")[: DUE_SHOWN + 1])
    return _lines(found[:DUE_SHOWN], on), rows.count() if len(found) > DUE_SHOWN else len(found)


def dates_between(user: User, first: date, last: date, *, own: bool) -> QuerySet[PlanDate]:
    """Return the milestones and reviews of running plans that are due from one day to another, the earliest first.

    Args:
        own: Those the person is to see to; otherwise those of all plans they may see.
    """
    rows = PlanDate.objects.filter(done_on=None, due_on__range=(first, last), plan__state__in=RUNNING)
    rows = rows.filter(owner=user) if own else rows.filter(plan__in=AccountPlan.objects.visible_to(user))
    return rows.select_related("owner", "plan__customer").order_by("due_on", "pk")


def _lines(rows: Iterable[PlanDate], on: date) -> list[DateLine]:
    return [DateLine(row, row.is_open and row.due_on < on) for row in rows]


def deals_of(plan: AccountPlan, user: User) -> list[Opportunity]:
    """Return the deals of a plan that the person may see, open ones first; one query."""
    rows = Opportunity.objects.visible_to(user).filter(plans__plan=plan).select_related("owner")
    return sorted(rows.order_by("expected_close_on", "name", "pk"), key=lambda deal: not deal.is_open)


def deals_offered(plan: AccountPlan, user: User) -> list[Opportunity]:
    """Return the deals of the customer that may serve a plan: open, closed in its year, or chosen before."""
    first, last = date(plan.year, 1, 1), date(plan.year, 12, 31)
    rows = Opportunity.objects.visible_to(user).filter(customer=plan.customer)
    wanted = Q(outcome=Outcome.OPEN) | Q(closed_on__range=(first, last)) | Q(plans__plan=plan)
    return list(rows.filter(wanted).distinct().order_by("-opened_on", "pk")[:MOST_DEALS])


def budget_of(customer: Customer) -> list[BudgetPhase]:
    """Return the budget cycle of a customer in the order of a year."""
    rows = customer.budget_phases.select_related("set_by")
    return sorted(rows.order_by("pk"), key=lambda row: (row.first_month, row.pk))


def request_of(plan: AccountPlan) -> ApprovalRequest | None:
    """Return the newest request for approval of a plan."""
    rows = ApprovalRequest.objects.filter(matter=ACCOUNT_PLAN, subject_ref=plan.ref)
    return rows.order_by("-asked_at", "-pk").first()


def plans_of(customer: Customer) -> list[AccountPlan]:
    """Return the plans of a customer, the latest year first, with how many goals and open dates they have; one query."""
    rows = with_counts(AccountPlan.objects.filter(customer=customer))
    return list(rows.order_by("-year", "-created_at", "pk")[:10])


def with_counts(rows: QuerySet[AccountPlan]) -> QuerySet[AccountPlan]:
    """Add how many goals and open dates plans have, and the next day on which one is due."""
    going = Q(dates__done_on=None)
    return rows.annotate(
        goal_count=Count("goals", distinct=True),
        open_dates=Count("dates", filter=going, distinct=True),
        next_on=Min("dates__due_on", filter=going),
    )


def plans_seen_by(user: User) -> QuerySet[Any, Any]:
    """Return the references of plans whose requests a person may see."""
    return AccountPlan.objects.visible_to(user).values("ref")


def plan_headline(facts: Facts) -> str:
    """Say what is to be approved."""
    return _("Plan of %(year)s for %(customer)s") % {
        "year": facts.get("year", ""),
        "customer": facts.get("customer", ""),
    }


def describe_plan(facts: Facts) -> Sequence[tuple[str, str]]:
    """Return the facts of a plan as label and value."""
    return [
        (_("Customer"), str(facts.get("customer", ""))),
        (_("Year"), str(facts.get("year", ""))),
        (_("Aim"), str(facts.get("aim", "")) or "–"),
        (
            pgettext("account plan", "Goals"),
            _(", ").join(_goal_words(goal) for goal in facts.get("goals", [])),
        ),
    ]


def _goal_words(goal: Facts) -> str:
    """Word a goal as it was asked for: its name and its target."""
    name = str(MEASURES.get(goal["name"], goal["name"]))
    target = money(goal["minor"], goal["currency"]) if goal["minor"] is not None else str(goal["target"])
    return f"{name} {target}"
