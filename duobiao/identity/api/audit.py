"""The audit: what happened, by whom."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from duobiao.identity import policy
from duobiao.identity.api.schemas import EntriesOut
from duobiao.identity.api_support import DEFAULT_LIMIT, LONGEST_CURSOR, MAX_LIMIT
from duobiao.identity.http import actor_of
from duobiao.identity.queries import AuditFilter, audit_page

router = Router()


class AuditQuery(Schema):
    """Which entries."""

    actor: str = Field("", max_length=16, description="Reference of the person who acted.")
    event: str = Field("", max_length=80)
    subject: str = Field("", max_length=40, description="Reference of the record.")
    cursor: str = Field("", max_length=LONGEST_CURSOR)
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)


@router.get("/audit", response=EntriesOut, operation_id="list_audit", summary="List audit entries")
def list_audit(request: HttpRequest, query: Query[AuditQuery]) -> dict[str, Any]:
    """Newest first."""
    actor = actor_of(request)
    policy.require(actor, "timeline.audit")
    wanted = AuditFilter(actor_ref=query.actor, event=query.event, subject_ref=query.subject)
    rows, following = audit_page(wanted, cursor=query.cursor, limit=query.limit)
    items = [
        {
            **{name: getattr(row, name) for name in ("chain", "sequence", "at", "event", "title", "detail", "actor")},
            "actor_ref": row.actor_ref,
            "subject_kind": row.subject.kind,
            "subject_ref": row.subject.ref,
            "erased": row.erased,
        }
        for row in rows
    ]
    return {"items": items, "next": following}
