"""Duplicates over the API: proposed pairs, facts side by side, merging, undoing."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from duobiao.duplicates.actions.search_queued import queue_search
from duobiao.duplicates.actions.settle_pair import dismiss_pair, merge_records
from duobiao.duplicates.actions.undo_merge import undo_merge
from duobiao.duplicates.models import Merge, PairState
from duobiao.duplicates.queries.found import get_merge, get_pair, kinds_of, pairs_seen, recent_merges, shown, two_seen
from duobiao.duplicates.registry import DuplicateKind
from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import NotFound
from duobiao.web.api import PageQuery, page_of

router = Router(tags=["duplicates"])
Ref = Annotated[str, Field(min_length=1, max_length=40)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class PairQuery(PageQuery):
    """Which pairs."""

    kind: str = Field("customer", max_length=40, description="`customer`, `contact`, `lead`, `opportunity`, `rival`.")
    state: PairState = PairState.OPEN


class PairOut(Schema):
    """Two records that may be the same one."""

    ref: str
    kind: str
    first: str
    second: str
    score: float = Field(description="0 to 1; from 0.7 on a pair is proposed.")
    reasons: list[str]
    state: PairState
    found_at: datetime


class PairPageOut(Schema):
    """A page of pairs, the likeliest first."""

    items: list[PairOut]
    next: str | None


class FactOut(Schema):
    """One fact of two records."""

    name: str
    label: str
    first: str
    second: str


class RecordsMergeIn(StrictSchema):
    """Which record is kept, which goes, and which facts come from the one that goes."""

    kind: Ref
    keeper: Ref
    other: Ref
    take: list[Annotated[str, Field(max_length=60)]] = Field([], max_length=100)
    keeper_version: Version
    other_version: Version


class SearchIn(StrictSchema):
    """Which kind to search."""

    kind: Ref


class MergeOut(Schema):
    """A merge, undone or not."""

    ref: str
    kind: str
    keeper: str
    other: str
    merged_at: datetime
    merged_by: str
    undo_until: datetime
    undone_at: datetime | None


class UndoneOut(MergeOut):
    """An undone merge, with what stays as it was changed since."""

    kept_facts: list[str]
    kept_rows: int


@router.get("/duplicates", response=PairPageOut, operation_id="list_duplicates", summary="List likely duplicates")
def list_duplicates(request: HttpRequest, query: Query[PairQuery]) -> dict[str, Any]:
    """List the pairs of one kind both of whose records you may see."""
    actor = actor_of(request)
    kind = _kind(request, query.kind)
    page = page_of(pairs_seen(kind, actor, state=query.state), page=query, sort="-score")
    rows = [row.pair for row in shown(kind, page.items, actor)]
    names = ("ref", "first", "second", "reasons", "state", "found_at")
    items = [{**{n: getattr(row, n) for n in names}, "kind": kind.key, "score": row.score / 1000} for row in rows]
    return {"items": items, "next": page.next}


@router.get(
    "/duplicates/{kind}/{first}/{second}",
    response=list[FactOut],
    operation_id="compare_records",
    summary="Compare two records",
)
def compare_records(request: HttpRequest, kind: str, first: str, second: str) -> list[dict[str, Any]]:
    """Show the facts of two records side by side."""
    how, one, other = two_seen(kind=kind, first=first, second=second, user=actor_of(request))
    return [
        {"name": row.name, "label": str(row.label), "first": row.first, "second": row.second}
        for row in how.choices(one, other)
    ]


@router.post(
    "/duplicates/{ref}/dismiss", response={204: None}, operation_id="dismiss_duplicate", summary="Say they are two"
)
def post_dismiss(request: HttpRequest, ref: str) -> Status[None]:
    """Say that two records are not the same one; they are not proposed again."""
    actor = actor_of(request)
    pair, kind, records = get_pair(ref=ref, user=actor)
    dismiss_pair(pair=pair, kind=kind, records=records, actor=actor, now=timezone.now())
    return Status(204, None)


@router.post("/merges", response={201: MergeOut}, operation_id="merge_records", summary="Merge two records")
def post_merge(request: HttpRequest, payload: RecordsMergeIn) -> Status[dict[str, Any]]:
    """Make one record out of two; facts of the keeper win but for those named, its gaps are filled."""
    actor = actor_of(request)
    kind, keeper, other = two_seen(kind=payload.kind, first=payload.keeper, second=payload.other, user=actor)
    made = merge_records(
        kind=kind,
        keeper=keeper,
        other=other,
        take=payload.take,
        versions=(payload.keeper_version, payload.other_version),
        actor=actor,
        now=timezone.now(),
    )
    return Status(201, _out(made))


@router.get("/merges", response=list[MergeOut], operation_id="list_merges", summary="List merges")
def list_merges(request: HttpRequest, kind: str = "customer") -> list[dict[str, Any]]:
    """List the merges of one kind of the last 30 days that you could have made, newest first, at most 100."""
    how = _kind(request, kind)
    return [_out(row.merge) for row in recent_merges(how, actor_of(request), now=timezone.now())]


@router.post("/merges/{ref}/undo", response=UndoneOut, operation_id="undo_merge", summary="Undo a merge")
def post_undo(request: HttpRequest, ref: str) -> dict[str, Any]:
    """Part both records; what was changed since the merge stays as it is."""
    actor = actor_of(request)
    merge = get_merge(ref=ref, user=actor)
    undone = undo_merge(merge=merge, actor=actor, now=timezone.now())
    merge.refresh_from_db()
    return {**_out(merge), "kept_facts": undone.facts, "kept_rows": undone.rows}


@router.post(
    "/duplicates/search", response={202: None}, operation_id="search_duplicates", summary="Search for duplicates now"
)
def post_search(request: HttpRequest, payload: SearchIn) -> Status[None]:
    """Look for duplicates of one kind now instead of tonight, unless that runs already; the list shows what is found."""
    kind = _kind(request, payload.kind)
    require(actor_of(request), kind.verb)
    queue_search(kind)
    return Status(202, None)


def _kind(request: HttpRequest, key: str) -> DuplicateKind:
    found = next((kind for kind in kinds_of(actor_of(request)) if kind.key == key), None)
    if found is None:
        raise NotFound(_("There is no such kind of entry."))
    return found


def _out(merge: Merge) -> dict[str, Any]:
    names = ("ref", "keeper", "other", "merged_at", "undo_until", "undone_at")
    shown_by = {name: getattr(merge, name) for name in names}
    return {**shown_by, "kind": merge.record_kind, "merged_by": merge.merged_by.ref}
