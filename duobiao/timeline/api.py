"""The API of the timeline: the own bell, comments on records."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import NotFound
from duobiao.timeline import registry
from duobiao.timeline.actions.add_comment import add_comment
from duobiao.timeline.actions.mark_read import mark_read
from duobiao.timeline.models import Notification
from duobiao.timeline.people import signed_in
from duobiao.timeline.queries import CommentRow, comments_for, notice_of
from duobiao.web.api import PageOut, PageQuery, StrictSchema, page_of

router = Router(tags=["timeline"])


class NoticeOut(Schema):
    """One line of the bell."""

    ref: str
    at: datetime
    title: str
    detail: str
    url: str
    read: bool


class ReadIn(StrictSchema):
    """What to mark as read."""

    ref: str | None = Field(None, max_length=16, description="One line; null: all.")


class ReadOut(Schema):
    """How many lines were unread."""

    read: int


class SubjectQuery(Schema):
    """Which record."""

    kind: str = Field(max_length=40)
    ref: str = Field(max_length=40)


class CommentIn(StrictSchema):
    """A comment to add; ``@name`` mentions people who may see the record."""

    kind: str = Field(max_length=40)
    ref: str = Field(max_length=40)
    body: str = Field(min_length=1, max_length=4000)


class CommentOut(Schema):
    """A comment."""

    ref: str
    at: datetime
    author: str
    author_ref: str
    body: str
    mentions: list[str] = Field(description="Names as written after the @.")


@router.get("/notifications", response=PageOut[NoticeOut], operation_id="list_notifications", summary="Read my bell")
def list_notifications(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """Newest first."""
    rows = Notification.objects.filter(user_id=signed_in(request).pk)
    page = page_of(rows, page=query, sort="-at")
    return {"items": [notice_of(row) for row in page.items], "next": page.next}


@router.post("/notifications/read", response=ReadOut, operation_id="mark_read", summary="Mark lines as read")
def post_read(request: HttpRequest, payload: ReadIn) -> dict[str, int]:
    """One line, or all."""
    return {"read": mark_read(actor=signed_in(request), now=timezone.now(), ref=payload.ref)}


@router.get("/comments", response=list[CommentOut], operation_id="list_comments", summary="Read comments")
def list_comments(request: HttpRequest, query: Query[SubjectQuery]) -> list[dict[str, Any]]:
    """Oldest first."""
    subject = Ref(query.kind, query.ref)
    known = registry.subject_of(subject)
    if known is None or known.find(signed_in(request), subject.ref) is None:
        raise NotFound(_("There is no such record."))
    return [_out(row) for row in comments_for(subject)]


@router.post("/comments", response={201: CommentOut}, operation_id="add_comment", summary="Comment on a record")
def post_comment(request: HttpRequest, payload: CommentIn) -> Status[Any]:
    """Those mentioned find it in their bell."""
    subject = Ref(payload.kind, payload.ref)
    comment = add_comment(subject=subject, body=payload.body, actor=signed_in(request), now=timezone.now())
    row = next(row for row in reversed(comments_for(subject)) if row.ref == comment.ref)
    return Status(201, _out(row))


def _out(row: CommentRow) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "at": row.at,
        "author": row.author,
        "author_ref": row.author_ref,
        "body": "".join(piece.text for piece in row.pieces),
        "mentions": [piece.text.removeprefix("@") for piece in row.pieces if piece.mention],
    }
