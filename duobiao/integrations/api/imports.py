"""API of imports: begin one, ask how far it is."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.integrations.actions.create_import import VERB, create_import
from duobiao.integrations.actions.start_import import start_import
from duobiao.integrations.models import ImportFault, ImportRun
from duobiao.integrations.queries.fault_words import word_row
from duobiao.integrations.queries.mappings import shipped_mappings
from duobiao.web.api import PageOut, PageQuery, found_or_404, page_of
from duobiao.web.uploads import refuse_too_large

router = Router(tags=["imports"])


class ImportOut(Schema):
    """An import."""

    ref: str
    source: str
    state: str
    dry_run: bool
    percent: int
    rows_total: int
    rows_done: int
    totals: list[dict[str, Any]]
    failure: str
    created_at: datetime
    finished_at: datetime | None


@router.post("/imports", response={201: ImportOut}, operation_id="start_import", summary="Import files")
def post_import(
    request: HttpRequest,
    files: File[list[UploadedFile] | None] = None,
    mapping: Form[str] = "",
    dry_run: Form[bool] = False,
) -> Status[ImportRun]:
    """Upload files and a mapping (its text, or the name of a shipped one) and start the import as a background job."""
    policy.require(actor_of(request), VERB)
    refuse_too_large(request)
    actor, now = actor_of(request), timezone.now()
    text = shipped_mappings().get(mapping, mapping)
    with transaction.atomic():  # what cannot be started is not kept
        run = create_import(files=files or [], mapping=text, actor=actor, now=now)
        started = start_import(run=run, dry_run=dry_run, actor=actor, now=now)
    return Status(201, started)


class FaultOut(Schema):
    """A row or a cell that was refused."""

    file: str
    line: int
    column: str
    field: str = Field(alias="target_field")
    code: str
    message: str
    cells: dict[str, str] = Field(description="The row as it stood, by heading.")

    @staticmethod
    def resolve_message(fault: ImportFault) -> str:
        """Say what is wrong and what to do."""
        return word_row(fault.code, fault.params)


@router.get("/imports", response=PageOut[ImportOut], operation_id="list_imports", summary="List imports")
def list_imports(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """List the imports, newest first."""
    policy.require(actor_of(request), VERB)
    found = page_of(ImportRun.objects.all(), page=page, sort="-created_at")
    return {"items": found.items, "next": found.next}


@router.get(
    "/imports/{ref}/errors",
    response=PageOut[FaultOut],
    operation_id="list_import_errors",
    summary="Read the refused rows of an import",
)
def list_import_errors(request: HttpRequest, ref: str, page: Query[PageQuery]) -> dict[str, Any]:
    """List every refused row: where it stood, what is wrong, and how it read."""
    policy.require(actor_of(request), VERB)
    run = found_or_404(ImportRun.objects.filter(ref=ref).first())
    found = page_of(run.faults.all(), page=page)
    return {"items": found.items, "next": found.next}


@router.get("/imports/{ref}", response=ImportOut, operation_id="get_import", summary="How far an import is")
def get_import(request: HttpRequest, ref: str) -> ImportRun:
    """Return an import with its counts."""
    policy.require(actor_of(request), VERB)
    return found_or_404(ImportRun.objects.filter(ref=ref).first())
