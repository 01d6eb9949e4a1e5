"""The API of search."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.search.queries import find

router = Router(tags=["search"])


class SearchQuery(Schema):
    """What to look for."""

    q: str = Field(max_length=200, description="Words as typed; two Chinese characters suffice.")
    kind: str = Field("", max_length=40, description="Only records of this kind: opportunity, customer or contact.")
    limit: int = Field(20, ge=1, le=100)


class HitOut(Schema):
    """One record found."""

    kind: str
    ref: str
    title: str
    subtitle: str
    url: str
    touched_at: datetime


@router.get("/search", response=list[HitOut], operation_id="find_records", summary="Find records")
def find_records(request: HttpRequest, wanted: Query[SearchQuery]) -> list[HitOut]:
    """Find customers, contacts and deals you may see, best first."""
    require(actor_of(request), "search.find")
    kinds = [wanted.kind] if wanted.kind else None
    hits = find(user=actor_of(request), text=wanted.q, limit=wanted.limit, kinds=kinds)
    return [HitOut.model_validate(hit, from_attributes=True) for hit in hits]
