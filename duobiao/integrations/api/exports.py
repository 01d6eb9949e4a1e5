"""API of exports: everything the person of the token sees, as one archive."""

from datetime import datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from ninja import Query, Router, Schema, Status

from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.integrations.actions.make_export import VERB, ask_for_export, fetch_export
from duobiao.integrations.models import Export, ExportState
from duobiao.web.api import Page, PageOut, PageQuery, StrictSchema, found_or_404, page_of
from duobiao.web.downloads import file_response

router = Router(tags=["exports"])


class ExportIn(StrictSchema):
    """What the archive is to hold besides the tables."""

    with_files: bool = False


class ExportOut(Schema):
    """An export."""

    ref: str
    state: ExportState
    with_files: bool
    tables_total: int
    tables_done: int
    rows: int
    size: int
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None


@router.post("/exports", response={201: ExportOut}, operation_id="ask_for_export", summary="Export everything you see")
def post_export(request: HttpRequest, payload: ExportIn) -> Status[Export]:
    """Queue an archive with one CSV a table and a manifest; 409 while another one of yours is being made."""
    made = ask_for_export(with_files=payload.with_files, actor=actor_of(request), now=timezone.now())
    return Status(201, made)


@router.get("/exports", response=PageOut[ExportOut], operation_id="list_exports", summary="List your exports")
def list_exports(request: HttpRequest, page: Query[PageQuery]) -> Page[Export]:
    """List your exports, newest first."""
    policy.require(actor_of(request), VERB)
    return page_of(Export.objects.filter(user=actor_of(request)), page=page, sort="-created_at")


@router.get("/exports/{ref}", response=ExportOut, operation_id="get_export", summary="How far an export is")
def get_export(request: HttpRequest, ref: str) -> Export:
    """Return one of your exports."""
    return _own(request, ref)


@router.get("/exports/{ref}/file", operation_id="get_export_file", summary="Download an export")
def get_export_file(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Return the archive, until it expires."""
    export = fetch_export(export=_own(request, ref), actor=actor_of(request), now=timezone.now())
    return file_response(export.path, name=f"{export.ref}.zip")


def _own(request: HttpRequest, ref: str) -> Export:
    policy.require(actor_of(request), VERB)
    return found_or_404(Export.objects.filter(user=actor_of(request), ref=ref).first())
