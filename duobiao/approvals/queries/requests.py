"""Lists of requests, as one person sees them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch
from django.utils.translation import get_language

from duobiao.approvals import registry
from duobiao.approvals.models import ApprovalRequest, ApprovalRequestQuerySet, RequestState, StepVisit, Task
from duobiao.identity.models import User
from duobiao.kernel.money import Money
from duobiao.web.texts import in_language

MINE = ("waiting", "asked", "decided", "all")


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request in a list.

    Attributes:
        step: Name of the step it stands at, "" once it is settled.
        waits_for: Names of those asked now.
        for_whom: The person in whose place the reader is asked, "" for themselves.
        due_on: Last day of the step.
    """

    ref: str
    url: str
    icon: str
    kind: str
    headline: str
    title: str
    amount: Money | None
    asked_by: str
    asked_at: datetime
    state: str
    state_words: str
    step: str
    waits_for: list[str]
    for_whom: str
    due_on: date | None


def find_request(user: User, ref: str) -> ApprovalRequest | None:
    """Return a request the person may see."""
    rows = ApprovalRequest.objects.visible_to(user).filter(ref=ref)
    return rows.select_related("owner", "asked_by", "chain").first()


def requests_of(user: User, mine: str) -> ApprovalRequestQuerySet:
    """Return requests the person may see.

    Args:
        mine: ``waiting`` for me, ``asked`` by me, ``decided`` by me, or ``all`` in my reach.
    """
    rows = ApprovalRequest.objects.visible_to(user)
    if mine == "waiting":
        return rows.waiting_for(user)
    if mine == "asked":
        return rows.filter(asked_by=user)
    return rows.decided_by(user) if mine == "decided" else rows


def with_present_step(rows: ApprovalRequestQuerySet) -> ApprovalRequestQuerySet:
    """Read with each request the step it stands at and who is asked there; three queries for any number."""
    tasks = Task.objects.filter(ended_at=None).select_related("user", "behalf_of").order_by("pk")
    visits = StepVisit.objects.filter(left_at=None).prefetch_related(Prefetch("tasks", tasks, to_attr="open_tasks"))
    return rows.select_related("asked_by").prefetch_related(Prefetch("visits", visits, to_attr="present"))


def rows_for(requests: Iterable[ApprovalRequest], reader: User) -> list[RequestRow]:
    """Word requests that were read by ``with_present_step``."""
    return [_row(request, reader) for request in requests if registry.find_kind(request.matter) is not None]


def waiting_rows(user: User, *, limit: int) -> list[RequestRow]:
    """Return what waits for a person, oldest first."""
    found = ApprovalRequest.objects.filter(state=RequestState.OPEN).waiting_for(user)
    return rows_for(with_present_step(found.order_by("asked_at", "pk"))[:limit], user)


def _row(request: ApprovalRequest, reader: User) -> RequestRow:
    kind = registry.kind_of(request.matter)
    visits: Sequence[StepVisit] = getattr(request, "present", [])
    tasks: Sequence[Task] = getattr(visits[0], "open_tasks", []) if visits else []
    mine = next((task for task in tasks if task.user_id == reader.pk), None)
    return RequestRow(
        ref=request.ref,
        url=f"/approvals/{request.ref}/",
        icon=kind.icon,
        kind=str(kind.title),
        headline=kind.headline(request.facts),
        title=request.title,
        amount=request.amount,
        asked_by=str(request.asked_by),
        asked_at=request.asked_at,
        state=request.state,
        state_words=str(RequestState(request.state).label),
        step=in_language(visits[0].step["name"], get_language()) if visits else "",
        waits_for=[str(task.user) for task in tasks],
        for_whom=str(mine.behalf_of) if mine is not None and mine.behalf_of is not None else "",
        due_on=visits[0].due_on if visits else None,
    )
