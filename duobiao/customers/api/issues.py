"""Issues of customers over the API."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from duobiao.customers.actions.solve_issues import edit_issue, raise_issue, solve_issue
from duobiao.customers.api.schemas import RefText, Text, Version
from duobiao.customers.models import Contact, Issue, Severity
from duobiao.customers.queries.customers import get_customer
from duobiao.customers.queries.issues import issues_seen
from duobiao.identity.api_support import Page, PageOut, PageQuery, StrictSchema, found_or_404, page_of, user_by_ref
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.models import User
from duobiao.kernel.days import local_day
from duobiao.kernel.refusals import Invalid

router = Router()
Title = Annotated[str, Field(min_length=1, max_length=200)]


class IssueIn(StrictSchema):
    """An issue to note."""

    title: Title
    detail: Text = ""
    severity: Severity = Severity.NORMAL
    owner: RefText | None = Field(None, description="Who solves it; the owner of the customer, if left out.")
    contact: RefText | None = Field(None, description="Who of the customer raised it.")


class IssuePatch(StrictSchema):
    """What to change of an open issue."""

    version: Version
    title: Title | None = None
    detail: Text | None = None
    severity: Severity | None = None
    owner: RefText | None = None
    contact: RefText | None = None


class SolutionIn(StrictSchema):
    """What solved an issue."""

    solution: Text


class IssuesQuery(PageQuery):
    """Which issues."""

    customer: str = Field("", max_length=16)
    mine: bool = Field(False, description="Only those you are to solve.")
    solved: bool = False
    overdue: bool = False


class IssueOut(Schema):
    """An issue."""

    ref: str
    customer: str
    title: str
    detail: str
    severity: Severity
    owner: str
    contact: str | None
    raised_on: date
    due_on: date
    late: bool
    escalated_at: datetime | None
    solution: str
    solved_at: datetime | None
    version: int


@router.get("/issues", response=PageOut[IssueOut], operation_id="list_issues", summary="List issues")
def list_issues(request: HttpRequest, query: Query[IssuesQuery]) -> dict[str, Any]:
    """List the issues of customers you may see, the earliest due first."""
    rows = issues_seen(actor_of(request), mine=query.mine, solved=query.solved)
    if query.customer:
        rows = rows.filter(customer__ref=query.customer)
    on = _today(request)
    page: Page[Issue] = page_of(rows.filter(due_on__lt=on) if query.overdue else rows, page=query, sort="due_on")
    return {"items": [_out(row, on) for row in page.items], "next": page.next}


@router.post("/customers/{ref}/issues", response={201: IssueOut}, operation_id="raise_issue", summary="Note an issue")
def post_issue(request: HttpRequest, ref: str, payload: IssueIn) -> Status[dict[str, Any]]:
    """Note an issue; its severity decides by when it is to be solved."""
    actor = actor_of(request)
    values = _values(payload.model_dump(exclude_none=True), actor)
    made = raise_issue(customer=get_customer(ref=ref, user=actor), values=values, actor=actor, now=timezone.now())
    return Status(201, _out(made, _today(request)))


@router.get("/issues/{ref}", response=IssueOut, operation_id="get_issue", summary="Read an issue")
def read_issue(request: HttpRequest, ref: str) -> dict[str, Any]:
    """Read an issue."""
    return _out(_issue(request, ref), _today(request))


@router.patch("/issues/{ref}", response=IssueOut, operation_id="edit_issue", summary="Change an issue")
def patch_issue(request: HttpRequest, ref: str, payload: IssuePatch) -> dict[str, Any]:
    """Change what the body names."""
    actor = actor_of(request)
    values = _values(payload.model_dump(exclude_unset=True, exclude={"version"}), actor)
    held = edit_issue(
        issue=_issue(request, ref), version=payload.version, values=values, actor=actor, now=timezone.now()
    )
    return _out(held, _today(request))


@router.post("/issues/{ref}/solve", response=IssueOut, operation_id="solve_issue", summary="Solve an issue")
def post_solution(request: HttpRequest, ref: str, payload: SolutionIn) -> dict[str, Any]:
    """Note what solved an issue; it stays as it was from then on."""
    held = solve_issue(
        issue=_issue(request, ref), solution=payload.solution, actor=actor_of(request), now=timezone.now()
    )
    return _out(held, _today(request))


def _issue(request: HttpRequest, ref: str) -> Issue:
    rows = Issue.objects.visible_to(actor_of(request)).select_related("customer__owner", "owner", "contact")
    return found_or_404(rows.filter(ref=ref).first())


def _today(request: HttpRequest) -> date:
    return local_day(timezone.now(), company_of(request).time_zone)


def _values(values: dict[str, Any], actor: User) -> dict[str, Any]:
    if values.get("owner"):
        values["owner"] = user_by_ref(actor, values["owner"], field="owner")
    if values.get("contact"):
        found = Contact.objects.visible_to(actor).filter(ref=values["contact"]).first()
        if found is None:
            raise Invalid(_("There is no such contact."), fields={"contact": _("not found")})
        values["contact"] = found
    return values


def _out(issue: Issue, on: date) -> dict[str, Any]:
    names = (
        "ref",
        "title",
        "detail",
        "severity",
        "raised_on",
        "due_on",
        "escalated_at",
        "solution",
        "solved_at",
        "version",
    )
    return {
        **{name: getattr(issue, name) for name in names},
        "customer": issue.customer.ref,
        "owner": issue.owner.ref,
        "contact": issue.contact.ref if issue.contact is not None else None,
        "late": issue.is_open and issue.due_on < on,
    }
