"""Improvement notes: what the next version of a playbook should do better."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import NotFound
from duobiao.playbooks.actions.decide_improvement import decide_improvement
from duobiao.playbooks.actions.note_improvement import MOST_FIGURES, Figure, note_improvement
from duobiao.playbooks.api.common import require_view, version_of
from duobiao.playbooks.models import ImprovementNote
from duobiao.playbooks.queries import get_note, notes_of

router = Router()


class FigureIn(StrictSchema):
    """A figure that led to a note, in words."""

    figure: str = Field(max_length=160)
    value: str = Field(max_length=160)
    url: str = Field("", max_length=500, description="Page that shows it, from the root.")


class ImprovementIn(StrictSchema):
    """An improvement to be considered in the next version."""

    title: str = Field(max_length=120)
    text: str = Field("", max_length=4000)
    evidence: list[FigureIn] = Field(default_factory=list, max_length=MOST_FIGURES)


class ImprovementDecisionIn(StrictSchema):
    """What becomes of an improvement."""

    version: int = Field(ge=1)
    taken: bool
    reason: str = Field("", max_length=500, description="Needed for rejecting.")


class ImprovementOut(Schema):
    """An improvement note."""

    ref: str
    playbook: str
    title: str
    text: str
    evidence: list[dict[str, str]]
    status: str
    created_at: datetime
    created_by: str
    decided_at: datetime | None
    decided_by: str | None
    reason: str
    version: int
    draft: str | None
    done_in: str | None

    @classmethod
    def of(cls, note: ImprovementNote) -> "ImprovementOut":
        """Build from a note with its people."""
        return cls(
            ref=note.ref,
            playbook=note.playbook.ref,
            title=note.title,
            text=note.text,
            evidence=note.evidence,
            status=note.status,
            created_at=note.created_at,
            created_by=note.created_by.ref,
            decided_at=note.decided_at,
            decided_by=note.decided_by.ref if note.decided_by else None,
            reason=note.reason,
            version=note.version,
            draft=note.draft.ref if note.draft is not None else None,
            done_in=note.done_in.ref if note.done_in is not None else None,
        )


@router.get(
    "/playbooks/{key}/{version}/notes",
    response=list[ImprovementOut],
    operation_id="list_improvements",
    summary="List improvement notes",
)
def list_improvements(request: HttpRequest, key: str, version: int) -> list[ImprovementOut]:
    """List what was noted on a version, open notes first."""
    require_view(request)
    playbook = version_of(key, version)
    return [ImprovementOut.of(note) for note in notes_of(key) if note.playbook_id == playbook.pk]


@router.post(
    "/playbooks/{key}/{version}/notes",
    response={201: ImprovementOut},
    operation_id="note_improvement",
    summary="Note an improvement",
)
def post_improvement(request: HttpRequest, key: str, version: int, payload: ImprovementIn) -> Status[ImprovementOut]:
    """Note something to be considered in the version after this one."""
    note = note_improvement(
        playbook=version_of(key, version),
        title=payload.title,
        text=payload.text,
        evidence=[Figure(row.figure, row.value, row.url) for row in payload.evidence],
        actor=actor_of(request),
        now=timezone.now(),
    )
    return Status(201, ImprovementOut.of(note))


@router.post(
    "/improvement-notes/{ref}/decide",
    response=ImprovementOut,
    operation_id="decide_improvement",
    summary="Take an improvement up, or reject it",
)
def post_decision(request: HttpRequest, ref: str, payload: ImprovementDecisionIn) -> ImprovementOut:
    """Decide on an open note; rejecting needs a reason."""
    note = get_note(ref)
    if note is None:
        raise NotFound(_("There is no such record."))
    decide_improvement(
        note=note,
        version=payload.version,
        taken=payload.taken,
        reason=payload.reason,
        actor=actor_of(request),
        now=timezone.now(),
    )
    return ImprovementOut.of(get_note(ref) or note)
