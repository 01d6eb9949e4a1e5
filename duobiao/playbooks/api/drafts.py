"""Drafts: clone or import a playbook, edit it as one document, publish or discard it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from pydantic import StrictBool

from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import NotFound
from duobiao.playbooks.actions.attach_note import attach_note
from duobiao.playbooks.actions.end_draft import discard_draft, publish_draft
from duobiao.playbooks.actions.open_draft import clone_playbook, import_playbook
from duobiao.playbooks.actions.save_draft import save_draft
from duobiao.playbooks.api.common import YAML_BODY, document_of, draft_of_ref, version_of, yaml_response
from duobiao.playbooks.api.improvements import ImprovementOut
from duobiao.playbooks.api.versions import PlaybookLine, ProblemOut, line_of
from duobiao.playbooks.domain.shape import in_order
from duobiao.playbooks.models import PlaybookDraft
from duobiao.playbooks.queries import get_note
from duobiao.playbooks.queries.drafts import all_problems, open_drafts, problem_rows

router = Router()


class PlaybookCloneIn(StrictSchema):
    """Of which playbook the clone becomes a version."""

    key: str = Field("", max_length=60, description="Empty: of the same playbook. Else a key that is not used yet.")


class PlaybookDraftIn(StrictSchema):
    """The whole document of a draft, as the JSON Schema of playbooks says; it may be incomplete."""

    version: int = Field(ge=1, description="The version of the draft that you read.")
    document: dict[str, Any]


class PlaybookDraftVersionIn(StrictSchema):
    """Which version of a draft you read."""

    version: int = Field(ge=1)


class PlaybookNoteIn(StrictSchema):
    """An accepted improvement that the draft takes up, or lets go again."""

    note: str = Field(max_length=40)
    attached: StrictBool


class PlaybookDraftLine(Schema):
    """A draft in a list."""

    ref: str
    key: str
    base: str | None
    version: int
    changed_at: datetime
    changed_by: str

    @staticmethod
    def values_of(draft: PlaybookDraft) -> dict[str, Any]:
        """Return the fields of a draft with its people."""
        return {
            "ref": draft.ref,
            "key": draft.key,
            "base": draft.base.ref if draft.base is not None else None,
            "version": draft.version,
            "changed_at": draft.changed_at,
            "changed_by": draft.changed_by.ref,
        }


class PlaybookDraftOut(PlaybookDraftLine):
    """A draft with its document and all that keeps it from being published."""

    status: str
    published: str | None
    document: dict[str, Any]
    problems: list[ProblemOut]
    notes: list[str]

    @classmethod
    def of(cls, ref: str) -> "PlaybookDraftOut":
        """Build from what is stored now."""
        draft = draft_of_ref(ref)
        _playbook, problems = all_problems(draft) if draft.is_open else (None, [])
        status = "OPEN" if draft.is_open else "PUBLISHED" if draft.published is not None else "DISCARDED"
        return cls(
            **cls.values_of(draft),
            status=status,
            published=draft.published.ref if draft.published is not None else None,
            document=in_order(draft.document),
            problems=[ProblemOut(**row) for row in problem_rows(draft.document, problems)],
            notes=list(draft.notes.order_by("created_at", "pk").values_list("ref", flat=True)),
        )


@router.post(
    "/playbooks/import",
    response={201: PlaybookDraftOut},
    operation_id="import_playbook",
    summary="Import a playbook as a draft",
    openapi_extra=YAML_BODY,
)
def post_import(request: HttpRequest) -> Status[PlaybookDraftOut]:
    """Open a draft from a YAML document of at most 1 MB; it may be incomplete, and its key says of which playbook."""
    draft = import_playbook(source=document_of(request), actor=actor_of(request), now=timezone.now())
    return Status(201, PlaybookDraftOut.of(draft.ref))


@router.post(
    "/playbooks/{key}/{version}/clone",
    response={201: PlaybookDraftOut},
    operation_id="clone_playbook",
    summary="Clone a playbook version into a draft",
)
def post_clone(request: HttpRequest, key: str, version: int, payload: PlaybookCloneIn) -> Status[PlaybookDraftOut]:
    """Open a draft with everything a version asks for."""
    playbook = version_of(key, version)
    draft = clone_playbook(
        playbook=playbook, key=payload.key or playbook.key, actor=actor_of(request), now=timezone.now()
    )
    return Status(201, PlaybookDraftOut.of(draft.ref))


@router.get(
    "/playbooks/drafts", response=list[PlaybookDraftLine], operation_id="list_playbook_drafts", summary="List drafts"
)
def list_playbook_drafts(request: HttpRequest) -> list[PlaybookDraftLine]:
    """List the drafts that are worked on."""
    require(actor_of(request), "playbooks.edit")
    return [PlaybookDraftLine(**PlaybookDraftLine.values_of(draft)) for draft in open_drafts()]


@router.get(
    "/playbooks/drafts/{ref}", response=PlaybookDraftOut, operation_id="get_playbook_draft", summary="Read a draft"
)
def get_playbook_draft(request: HttpRequest, ref: str) -> PlaybookDraftOut:
    """Read a draft with its document and all that is wrong with it."""
    require(actor_of(request), "playbooks.edit")
    return PlaybookDraftOut.of(ref)


@router.put(
    "/playbooks/drafts/{ref}", response=PlaybookDraftOut, operation_id="save_playbook_draft", summary="Save a draft"
)
def put_playbook_draft(request: HttpRequest, ref: str, payload: PlaybookDraftIn) -> PlaybookDraftOut:
    """Replace the document of a draft; refused if somebody else saved since you read it."""
    save_draft(
        draft=draft_of_ref(ref),
        version=payload.version,
        document=payload.document,
        actor=actor_of(request),
        now=timezone.now(),
    )
    return PlaybookDraftOut.of(ref)


@router.post(
    "/playbooks/drafts/{ref}/publish",
    response={201: PlaybookLine},
    operation_id="publish_playbook",
    summary="Publish a draft",
)
def post_publish(request: HttpRequest, ref: str, payload: PlaybookDraftVersionIn) -> Status[PlaybookLine]:
    """Make a draft the next version; new deals are opened by it. Refused with every problem it still has."""
    published = publish_draft(
        draft=draft_of_ref(ref), version=payload.version, actor=actor_of(request), now=timezone.now()
    )
    return Status(201, line_of(published))


@router.post(
    "/playbooks/drafts/{ref}/discard",
    response=PlaybookDraftOut,
    operation_id="discard_playbook_draft",
    summary="Discard a draft",
)
def post_discard(request: HttpRequest, ref: str, payload: PlaybookDraftVersionIn) -> PlaybookDraftOut:
    """Give a draft up; its improvement notes wait for another."""
    discard_draft(draft=draft_of_ref(ref), version=payload.version, actor=actor_of(request), now=timezone.now())
    return PlaybookDraftOut.of(ref)


@router.get(
    "/playbooks/drafts/{ref}/export",
    operation_id="export_playbook_draft",
    summary="Export a draft as YAML",
)
def export_playbook_draft(request: HttpRequest, ref: str) -> HttpResponse:
    """Read a draft as YAML."""
    require(actor_of(request), "playbooks.edit")
    draft = draft_of_ref(ref)
    return yaml_response(draft.document, f"{draft.key}.draft.yaml")


@router.post(
    "/playbooks/drafts/{ref}/notes",
    response=ImprovementOut,
    operation_id="attach_improvement",
    summary="Take an improvement up in a draft",
)
def post_note(request: HttpRequest, ref: str, payload: PlaybookNoteIn) -> ImprovementOut:
    """Put an accepted improvement note to a draft, or take it away again."""
    draft, actor = draft_of_ref(ref), actor_of(request)
    require(actor, "playbooks.edit")
    note = get_note(payload.note)
    if note is None:
        raise NotFound(_("There is no such record."))
    attach_note(draft=draft, note=note, attached=payload.attached, actor=actor, now=timezone.now())
    return ImprovementOut.of(get_note(note.ref) or note)
