"""Requests: read them, decide, bring others in, take back."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router

from duobiao.approvals.actions.add_approver import add_approver
from duobiao.approvals.actions.copy_to import copy_to
from duobiao.approvals.actions.decide import decide
from duobiao.approvals.actions.hand_on import hand_on
from duobiao.approvals.actions.send_back import resubmit, send_back
from duobiao.approvals.actions.withdraw import withdraw
from duobiao.approvals.api.schemas import (
    AddIn,
    CopyIn,
    DecideIn,
    NoteIn,
    PersonIn,
    RequestLineOut,
    RequestOut,
    SendBackIn,
)
from duobiao.approvals.models import ApprovalRequest
from duobiao.approvals.queries.requests import find_request, requests_of, rows_for, with_present_step
from duobiao.identity.api_support import PageOut, PageQuery, found_or_404, page_of, user_by_ref
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require

router = Router()
WAITING = ("true", "1")


class RequestsQuery(PageQuery):
    """Which requests."""

    mine: str = Field(
        "all", pattern="^(waiting|asked|decided|all|true|1)$", description="waiting (or true), asked, decided, all."
    )


def request_of(request: HttpRequest, ref: str) -> ApprovalRequest:
    """Find a request the person may see.

    Raises:
        NotFound: there is none of this reference that they may see.
    """
    return found_or_404(find_request(actor_of(request), ref))


def answer(request: HttpRequest, ref: str) -> RequestOut:
    """Return a request as it now stands; whoever handed the last task on may still see it."""
    return RequestOut.of(request_of(request, ref), actor_of(request))


@router.get("/approvals", response=PageOut[RequestLineOut], operation_id="list_approvals", summary="List requests")
def get_approvals(request: HttpRequest, query: Query[RequestsQuery]) -> dict[str, object]:
    """List requests for approval, newest first: all in your reach, or only yours."""
    actor = actor_of(request)
    require(actor, "approvals.view")
    mine = "waiting" if query.mine in WAITING else query.mine
    page = page_of(requests_of(actor, mine), page=query, sort="-asked_at")
    keys = [row.pk for row in page.items]
    loaded = {row.pk: row for row in with_present_step(ApprovalRequest.objects.filter(pk__in=keys))}
    held = [loaded[key] for key in keys]
    lines = zip(rows_for(held, actor), held, strict=True)
    return {"items": [RequestLineOut.of(row, found) for row, found in lines], "next": page.next}


@router.get("/approvals/{ref}", response=RequestOut, operation_id="get_approval", summary="Read a request")
def get_approval(request: HttpRequest, ref: str) -> RequestOut:
    """Read a request with its facts, its steps and who said what."""
    return answer(request, ref)


@router.post("/approvals/{ref}/decide", response=RequestOut, operation_id="decide_approval", summary="Decide")
def post_decide(request: HttpRequest, ref: str, payload: DecideIn) -> RequestOut:
    """Approve or refuse at the present step; too late answers 409."""
    decide(request=request_of(request, ref), actor=actor_of(request), now=timezone.now(), **payload.dict())
    return answer(request, ref)


@router.post("/approvals/{ref}/send-back", response=RequestOut, operation_id="send_back_approval", summary="Send back")
def post_send_back(request: HttpRequest, ref: str, payload: SendBackIn) -> RequestOut:
    """Send a request back to a step it has passed, or to who asked."""
    send_back(request=request_of(request, ref), actor=actor_of(request), now=timezone.now(), **payload.dict())
    return answer(request, ref)


@router.post("/approvals/{ref}/resubmit", response=RequestOut, operation_id="resubmit_approval", summary="Ask again")
def post_resubmit(request: HttpRequest, ref: str, payload: NoteIn) -> RequestOut:
    """Send a request in again that came back to you."""
    resubmit(request=request_of(request, ref), note=payload.note, actor=actor_of(request), now=timezone.now())
    return answer(request, ref)


@router.post("/approvals/{ref}/add", response=RequestOut, operation_id="add_approver", summary="Add an approver")
def post_add(request: HttpRequest, ref: str, payload: AddIn) -> RequestOut:
    """Add an approver before, beside or after those asked now."""
    actor = actor_of(request)
    held = request_of(request, ref)
    values = payload.dict() | {"person": user_by_ref(actor, payload.person, field="person")}
    add_approver(request=held, actor=actor, now=timezone.now(), **values)
    return answer(request, ref)


@router.post("/approvals/{ref}/delegate", response=RequestOut, operation_id="hand_on_approval", summary="Hand on")
def post_delegate(request: HttpRequest, ref: str, payload: PersonIn) -> RequestOut:
    """Let a colleague decide in your place."""
    actor = actor_of(request)
    held = request_of(request, ref)
    values = payload.dict() | {"to": user_by_ref(actor, payload.to, field="to")}
    hand_on(request=held, actor=actor, now=timezone.now(), **values)
    return answer(request, ref)


@router.post("/approvals/{ref}/copy", response=RequestOut, operation_id="copy_approval", summary="Copy to somebody")
def post_copy(request: HttpRequest, ref: str, payload: CopyIn) -> RequestOut:
    """Keep a colleague informed."""
    actor = actor_of(request)
    held = request_of(request, ref)
    copy_to(request=held, person=user_by_ref(actor, payload.person, field="person"), actor=actor, now=timezone.now())
    return answer(request, ref)


@router.post("/approvals/{ref}/withdraw", response=RequestOut, operation_id="withdraw_approval", summary="Withdraw")
def post_withdraw(request: HttpRequest, ref: str, payload: NoteIn) -> RequestOut:
    """Take your own request back."""
    withdraw(request=request_of(request, ref), note=payload.note, actor=actor_of(request), now=timezone.now())
    return answer(request, ref)
