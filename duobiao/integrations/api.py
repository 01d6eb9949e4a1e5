"""API of imports: begin one, ask how far it is."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.integrations.actions.create_import import VERB, create_import
from duobiao.integrations.actions.start_import import start_import
from duobiao.integrations.models import ImportRun
from duobiao.integrations.queries.mappings import shipped_mappings
from duobiao.web.api import found_or_404
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


@router.get("/imports/{ref}", response=ImportOut, operation_id="get_import", summary="How far an import is")
def get_import(request: HttpRequest, ref: str) -> ImportRun:
    """Return an import with its counts."""
    policy.require(actor_of(request), VERB)
    return found_or_404(ImportRun.objects.filter(ref=ref).first())
