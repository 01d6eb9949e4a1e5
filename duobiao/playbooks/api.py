"""The API of playbooks: what a version asks for, stage by stage, and what people would improve."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from duobiao.identity.api_support import StrictSchema
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refusals import NotFound
from duobiao.playbooks.actions.decide_improvement import decide_improvement
from duobiao.playbooks.actions.note_improvement import MOST_FIGURES, Figure, note_improvement
from duobiao.playbooks.domain.model import Accept, BuyerStage, Item, Note, Playbook, Stage
from duobiao.playbooks.models import ImprovementNote, PlaybookVersion
from duobiao.playbooks.queries import catalogue, compiled_playbook, get_note, get_version, notes_of, text_of

router = Router(tags=["playbooks"])


class PlaybookOut(Schema):
    """A playbook version."""

    ref: str
    key: str
    version: int
    title: dict[str, str]
    process_gates: str
    rates: list[int]
    stages: list[dict[str, Any]]
    buyer_stages: list[dict[str, Any]]
    resets: list[dict[str, Any]]
    settlements: dict[str, int]
    proposals: dict[str, str]


class PlaybookLine(Schema):
    """A playbook version in a list."""

    ref: str
    key: str
    version: int
    title: dict[str, str]
    shipped: bool


class EvidenceOut(Schema):
    """A key of the evidence catalogue."""

    key: str
    title: dict[str, str]
    hint: dict[str, str]
    nature: str
    ceiling: str
    supplied_by: str
    origin: str


def _texts(text: dict[str, str]) -> dict[str, str]:
    return {**text, "zh-Hant": text_of(text, "zh-hant")}


def _accept(accept: Accept) -> dict[str, Any]:
    return {
        "evidence": accept.evidence,
        "min_grade": accept.min_grade.name,
        "nature": str(accept.nature),
        "valid_days": accept.valid_days,
        "valid_until": str(accept.until) if accept.until else None,
        "methods": sorted(accept.methods) if accept.methods is not None else None,
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "item": item.key,
        "kind": str(item.kind),
        "gates": item.gates,
        "origin": item.origin,
        "title": _texts(item.title),
        "methods": sorted(item.methods) if item.methods is not None else None,
        "accepts": [_accept(accept) for accept in item.accepts],
    }


def _note(note: Note) -> dict[str, Any]:
    return {"key": note.key, "title": _texts(note.title), "origin": note.origin}


def _stage(stage: Stage, rate: int) -> dict[str, Any]:
    return {
        "number": stage.number,
        "key": stage.key,
        "title": _texts(stage.title),
        "short": _texts(stage.short),
        "purpose": _texts(stage.purpose),
        "buyer_stage": stage.buyer_stage,
        "origin": stage.origin,
        "rate_percent": rate,
        "items": [_item(item) for item in stage.items],
        "appraisal": [_note(note) for note in stage.appraisal],
        "tools": [_note(note) for note in stage.tools],
        "work": [_note(note) for note in stage.work],
    }


def _buyer_stage(stage: BuyerStage) -> dict[str, Any]:
    return {
        "number": stage.number,
        "key": stage.key,
        "title": _texts(stage.title),
        "short": _texts(stage.short),
        "owner": _texts(stage.owner),
        "origin": stage.origin,
        "marks": [
            {
                "evidence": mark.evidence,
                "title": _texts(catalogue()[mark.evidence].title),
                "ceiling": catalogue()[mark.evidence].ceiling.name,
                "methods": sorted(mark.methods) if mark.methods is not None else None,
            }
            for mark in stage.marks
        ],
    }


def playbook_out(version: PlaybookVersion, playbook: Playbook) -> PlaybookOut:
    """Return a playbook as the API shows it."""
    return PlaybookOut(
        ref=version.ref,
        key=playbook.key,
        version=playbook.version,
        title=_texts(playbook.title),
        process_gates=str(playbook.process_gates),
        rates=list(playbook.rates),
        stages=[_stage(stage, playbook.rates[stage.number]) for stage in playbook.stages],
        buyer_stages=[_buyer_stage(stage) for stage in playbook.buyer_stages],
        resets=[{"evidence": reset.evidence, "to": reset.to, "closes": reset.closes} for reset in playbook.resets],
        settlements=playbook.settlements,
        proposals={key: str(outcome) for key, outcome in playbook.proposals.items()},
    )


def _actor(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotFound(_("There is no such record."))
    return request.user


def _allowed(request: HttpRequest) -> None:
    require(_actor(request), "playbooks.view")


def _version(key: str, version: int) -> PlaybookVersion:
    found = get_version(key, version) if 0 < version < 2**31 else None
    if found is None:
        raise NotFound(_("There is no such record."))
    return found


@router.get("/playbooks", response=list[PlaybookLine], operation_id="list_playbooks", summary="List playbooks")
def list_playbooks(request: HttpRequest) -> list[PlaybookLine]:
    """List all playbook versions."""
    _allowed(request)
    rows = PlaybookVersion.objects.order_by("key", "version")
    return [
        PlaybookLine(
            ref=row.ref, key=row.key, version=row.version, title=_texts(row.document["title"]), shipped=row.shipped
        )
        for row in rows
    ]


@router.get("/playbooks/{key}/{version}", response=PlaybookOut, operation_id="get_playbook", summary="Read a playbook")
def get_playbook(request: HttpRequest, key: str, version: int) -> PlaybookOut:
    """Read a playbook version: stages, items, buyer marks, resets, settlements."""
    _allowed(request)
    found = _version(key, version)
    return playbook_out(found, compiled_playbook(found.pk).playbook)


@router.get("/evidence", response=list[EvidenceOut], operation_id="list_evidence", summary="Read the catalogue")
def list_evidence(request: HttpRequest) -> list[EvidenceOut]:
    """Read the evidence catalogue."""
    _allowed(request)
    return [
        EvidenceOut(
            key=row.key,
            title=_texts(row.title),
            hint=_texts(row.hint),
            nature=str(row.nature),
            ceiling=row.ceiling.name,
            supplied_by=row.supplied_by,
            origin=row.origin,
        )
        for row in catalogue().values()
    ]


class FigureIn(StrictSchema):
    """A figure that led to a note, in words."""

    figure: str = Field(max_length=160)
    value: str = Field(max_length=160)
    url: str = Field("", max_length=500, description="Page that shows it, from the root.")


class NoteIn(StrictSchema):
    """An improvement to be considered in the next version."""

    title: str = Field(max_length=120)
    text: str = Field("", max_length=4000)
    evidence: list[FigureIn] = Field(default_factory=list, max_length=MOST_FIGURES)


class NoteDecisionIn(StrictSchema):
    """What becomes of an improvement."""

    version: int = Field(ge=1)
    taken: bool
    reason: str = Field("", max_length=500, description="Needed for rejecting.")


class NoteOut(Schema):
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

    @classmethod
    def of(cls, note: ImprovementNote) -> "NoteOut":
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
        )


@router.get(
    "/playbooks/{key}/{version}/notes",
    response=list[NoteOut],
    operation_id="list_improvements",
    summary="List improvement notes",
)
def list_improvements(request: HttpRequest, key: str, version: int) -> list[NoteOut]:
    """List what was noted on a version, open notes first."""
    _allowed(request)
    playbook = _version(key, version)
    return [NoteOut.of(note) for note in notes_of(key) if note.playbook_id == playbook.pk]


@router.post(
    "/playbooks/{key}/{version}/notes",
    response={201: NoteOut},
    operation_id="note_improvement",
    summary="Note an improvement",
)
def post_improvement(request: HttpRequest, key: str, version: int, payload: NoteIn) -> Status[NoteOut]:
    """Note something to be considered in the version after this one."""
    note = note_improvement(
        playbook=_version(key, version),
        title=payload.title,
        text=payload.text,
        evidence=[Figure(row.figure, row.value, row.url) for row in payload.evidence],
        actor=_actor(request),
        now=timezone.now(),
    )
    return Status(201, NoteOut.of(note))


@router.post(
    "/improvement-notes/{ref}/decide",
    response=NoteOut,
    operation_id="decide_improvement",
    summary="Take an improvement up, or reject it",
)
def post_decision(request: HttpRequest, ref: str, payload: NoteDecisionIn) -> NoteOut:
    """Decide on an open note; rejecting needs a reason."""
    note = get_note(ref)
    if note is None:
        raise NotFound(_("There is no such record."))
    decide_improvement(
        note=note,
        version=payload.version,
        taken=payload.taken,
        reason=payload.reason,
        actor=_actor(request),
        now=timezone.now(),
    )
    return NoteOut.of(get_note(ref) or note)
