"""Gate reviews as lists and pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import get_language

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.opportunities.models import DealTask, Opportunity
from duobiao.playbooks.queries import text_of
from duobiao.reviews.models import Attendee, Condition, Decision, GateReview, ReviewState
from duobiao.reviews.models.review import OPEN_STATES
from duobiao.reviews.queries.checklist import Checklist, freeze, read_checklist
from duobiao.reviews.queries.gates import form_of, gate_title

MINE = ("upcoming", "waiting", "all")
SHOWN = 50


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One review in a list.

    Attributes:
        late: It should have been held, and nobody has recorded it.
        left: Conditions that are open.
    """

    review: GateReview
    title: str
    deal: str
    deal_url: str
    url: str
    late: bool
    left: int


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """One condition as people see it.

    Attributes:
        state: ``open``, ``overdue``, ``done`` or ``dropped`` as its task is; ``pending`` until the decision is approved.
        days: Days left, negative once it is overdue.
        moved: The task has another owner or another day than was decided.
    """

    condition: Condition
    state: str
    days: int
    moved: bool
    may_finish: bool


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """A question with its reply."""

    key: str
    title: str
    origin: str
    reply: str
    note: str


def reviews_of(deal: Opportunity, *, on: date) -> list[ReviewLine]:
    """Return the reviews of a deal: open ones first, then the newest; two queries."""
    rows = _read(GateReview.objects.filter(opportunity=deal))
    lines = review_lines(rows, on=on)
    moment = {line.review.pk: line.review.settled_at or line.review.planned_at for line in lines}
    newest = sorted(lines, key=lambda line: moment[line.review.pk], reverse=True)
    return sorted(newest, key=lambda line: not line.review.is_open)


def open_reviews_of(deal: Opportunity, *, on: date) -> list[ReviewLine]:
    """Return the reviews of a deal that are planned or wait for approval, the earliest first."""
    rows = GateReview.objects.filter(opportunity=deal, state__in=OPEN_STATES)
    return review_lines(_read(rows.order_by("planned_on", "pk")), on=on)


def my_reviews(user: User, mine: str, *, on: date) -> list[ReviewLine]:
    """Return reviews of a person.

    Args:
        mine: ``upcoming``: planned, where they take part or planned them; ``waiting``: for approval, in their sight;
            ``all`` in their sight, the newest first.
    """
    rows = GateReview.objects.visible_to(user)
    if mine == "upcoming":
        part = Q(pk__in=Attendee.objects.filter(user=user).values("review_id")) | Q(planned_by=user)
        rows = rows.upcoming().filter(part | Q(opportunity__owner=user)).order_by("planned_on", "pk")
    elif mine == "waiting":
        rows = rows.filter(state=ReviewState.SUBMITTED).order_by("submitted_at", "pk")
    else:
        rows = rows.order_by("-planned_at", "-pk")
    return review_lines(_read(rows)[:SHOWN], on=on)


def planned_today(user: User, on: date) -> list[ReviewLine]:
    """Return what is planned for a day, or should have been held before, where a person takes part."""
    part = GateReview.objects.upcoming().filter(attendees__user=user, planned_on__lte=on)
    return review_lines(_read(part.order_by("planned_on", "pk")), on=on)


def review_lines(rows: Iterable[GateReview], *, on: date) -> list[ReviewLine]:
    """Word reviews that were read by ``_read``."""
    return [
        ReviewLine(
            review=row,
            title=gate_title(row.gate),
            deal=row.opportunity.name,
            deal_url=f"/opportunities/{row.opportunity.ref}/",
            url=f"/gate-reviews/{row.ref}/",
            late=row.state == ReviewState.PLANNED and row.planned_on < on,
            left=getattr(row, "left", 0) if row.state == ReviewState.DECIDED else 0,
        )
        for row in rows
    ]


def conditions_of(deal: Opportunity, user: User, *, on: date) -> list[ConditionLine]:
    """Return the open conditions of a deal, the earliest due first."""
    may_task = policy.allows(user, "opportunities.task", deal)
    rows = _conditions(Condition.objects.open().filter(review__opportunity=deal))
    return [_condition_line(row, user, on=on, may_task=may_task) for row in rows.order_by("task__due_on", "pk")]


def conditions_in(review: GateReview, user: User, *, on: date) -> list[ConditionLine]:
    """Return all conditions of a review in their order."""
    may_task = policy.allows(user, "opportunities.task", review.opportunity)
    rows = _conditions(Condition.objects.filter(review=review))
    return [_condition_line(row, user, on=on, may_task=may_task) for row in rows.order_by("number")]


def checklist_of(review: GateReview, *, on: date) -> Checklist:
    """Return the checklist: frozen once it was recorded, else as the ledger stands."""
    frozen = review.checklist if review.state not in (ReviewState.PLANNED, ReviewState.CANCELLED) else None
    return read_checklist(frozen or freeze(review.opportunity, stage=review.stage, item=review.item, on=on))


def replies_of(review: GateReview) -> list[ReplyLine]:
    """Return the questions of the control point with what was replied."""
    language, found = get_language(), []
    for question in form_of(review.gate).questions:
        held = review.replies.get(question.key, {})
        title = text_of(question.title, language)
        found.append(ReplyLine(question.key, title, question.origin, held.get("reply", ""), held.get("note", "")))
    return found


def standing_reviews(deal: Opportunity) -> list[GateReview]:
    """Return the last decided review of each control point that holds or stops the deal, stop first."""
    rows = GateReview.objects.filter(opportunity=deal, state=ReviewState.DECIDED).select_related("settled_by")
    last = {row.gate: row for row in rows.order_by("settled_at", "pk")}
    found = [row for row in last.values() if row.decision != Decision.GO]
    return sorted(found, key=lambda row: row.decision != Decision.STOP)


def find_review(user: User, ref: str) -> GateReview | None:
    """Return a review the person may see, with all that its page shows."""
    rows = GateReview.objects.visible_to(user).filter(ref=ref)
    rows = rows.select_related(
        "opportunity__owner", "opportunity__customer", "planned_by", "submitted_by", "settled_by", "corrects"
    )
    return rows.prefetch_related(Prefetch("attendees", _attendees()), "corrected_by").first()


def _condition_line(row: Condition, user: User, *, on: date, may_task: bool) -> ConditionLine:
    task = row.task
    if task is None:
        state = "dropped" if row.review.state == ReviewState.REFUSED else "pending"
        return ConditionLine(row, state, (row.due_on - on).days, moved=False, may_finish=False)
    return ConditionLine(
        row,
        _state(task, on),
        (task.due_on - on).days,
        moved=(task.owner_id, task.due_on) != (row.owner_id, row.due_on),
        may_finish=task.is_open and (may_task or task.owner_id == user.pk),
    )


def _state(task: DealTask, on: date) -> str:
    if not task.is_open:
        return "dropped" if task.dropped else "done"
    return "overdue" if task.due_on < on else "open"


def _read(rows: QuerySet[GateReview]) -> QuerySet[GateReview]:
    left = Count("conditions", filter=Q(conditions__task__isnull=False, conditions__task__done_at=None))
    return rows.select_related("opportunity", "planned_by", "settled_by").annotate(left=left)


def _conditions(rows: QuerySet[Condition]) -> QuerySet[Condition]:
    return rows.select_related("owner", "review__opportunity", "task__owner", "task__done_by")


def _attendees() -> QuerySet[Attendee]:
    return Attendee.objects.select_related("user").order_by("user__name", "pk")
