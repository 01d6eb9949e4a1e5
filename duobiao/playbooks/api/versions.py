"""Playbook versions, the catalogue of evidence, proposals of a process, checks of documents."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema
from pydantic import StrictBool

from duobiao.identity.api_support import StrictSchema
from duobiao.playbooks.api.common import YAML_BODY, document_of, require_view, version_of
from duobiao.playbooks.domain.classify import Sign
from duobiao.playbooks.domain.model import Accept, BuyerStage, ControlPoint, Focus, Item, Note, Playbook, Stage
from duobiao.playbooks.domain.people import Relation
from duobiao.playbooks.domain.vocabulary import Supplier
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import catalogue, compiled_playbook, summary_of, text_of
from duobiao.playbooks.queries.process_words import propose
from duobiao.playbooks.queries.validation import check_document

router = Router()


class PlaybookOut(Schema):
    """A playbook version."""

    ref: str
    key: str
    version: int
    titles: dict[str, str]
    process: str
    summary: dict[str, str] | None
    kpis: list[dict[str, Any]]
    half_lives: dict[str, int] = Field(
        description="Days in which the confidence in a judgement halves, by its subject."
    )
    own_relations: bool = Field(description="The stages have `relations` of their own; else these are the usual ones.")
    process_gates: str
    rates: list[int]
    stages: list[dict[str, Any]]
    buyer_stages: list[dict[str, Any]]
    resets: list[dict[str, Any]]
    settlements: dict[str, int]
    proposals: dict[str, str]


class PlaybookLine(Schema):
    """A playbook version in a list; a retired one is not offered for new deals."""

    ref: str
    key: str
    version: int
    titles: dict[str, str]
    status: Literal["SHIPPED", "PUBLISHED", "RETIRED"]
    shipped: bool
    base: str | None


class SignsIn(StrictSchema):
    """The six signs that tell a project from a product."""

    customised: StrictBool
    long_cycle: StrictBool
    many_deciders: StrictBool
    high_amount: StrictBool
    high_risk: StrictBool
    delivery_after_sale: StrictBool


class ProposalOut(Schema):
    """The process that fits, and why."""

    process: Literal["PROJECT", "PRODUCT"]
    reasons: list[str]


class ProblemOut(Schema):
    """Something wrong with a document."""

    path: str = Field(description="Where it is in the document: `stages[2].milestone[0].evidence`.")
    line: int
    message: str


class CheckedOut(Schema):
    """Whether a document could be published, and everything that is wrong with it."""

    valid: bool
    problems: list[ProblemOut]


class EvidenceOut(Schema):
    """A key of the evidence catalogue."""

    key: str
    titles: dict[str, str]
    hint: dict[str, str]
    nature: str
    ceiling: str
    supplied_by: Supplier = Field(description="The record whose form is offered first; every proof of the key counts.")
    origin: str


def texts_of(text: dict[str, str]) -> dict[str, str]:
    """Return a text in all three languages."""
    return {**text, "zh-Hant": text_of(text, "zh-hant")}


def _accept(accept: Accept) -> dict[str, Any]:
    return {
        "evidence": accept.evidence,
        "min_grade": accept.min_grade.name,
        "nature": str(accept.nature),
        "supplied_by": str(catalogue()[accept.evidence].supplied_by),
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
        "titles": texts_of(item.title),
        "methods": sorted(item.methods) if item.methods is not None else None,
        "accepts": [_accept(accept) for accept in item.accepts],
    }


def _note(note: Note) -> dict[str, Any]:
    return {"key": note.key, "titles": texts_of(note.title), "origin": note.origin}


def _focus(focus: Focus) -> dict[str, Any]:
    return {"role": texts_of(focus.role), "attention": texts_of(focus.attention), "origin": focus.origin}


def _control_point(point: ControlPoint) -> dict[str, Any]:
    return {
        "key": point.key,
        "titles": texts_of(point.title),
        "kind": str(point.kind),
        "item": point.item or None,
        "fixed": point.fixed,
        "approver": point.approver.value,
        "origin": point.origin,
    }


def _relation(row: Relation) -> dict[str, Any]:
    return {"who": str(row.who), "of": str(row.of), "cells": [str(cell) for cell in row.cells], "origin": row.origin}


def _stage(playbook: Playbook, stage: Stage) -> dict[str, Any]:
    return {
        "number": stage.number,
        "key": stage.key,
        "titles": texts_of(stage.title),
        "short": texts_of(stage.short),
        "purpose": texts_of(stage.purpose),
        "buyer_stage": playbook.buyer_stages[stage.covers[0] - 1].key,
        "buyer_stages": [buyer.key for buyer in playbook.covered(stage)],
        "origin": stage.origin,
        "rate_percent": playbook.rates[stage.number],
        "items": [_item(item) for item in stage.items],
        "appraisal": [{**_note(note), "weight": note.weight} for note in stage.appraisal],
        "tools": [_note(note) for note in stage.tools],
        "work": [_note(note) for note in stage.work],
        "focus": _focus(stage.focus) if stage.focus else None,
        "relations": [_relation(row) for row in stage.relations],
        "control_points": [_control_point(point) for point in stage.control_points],
    }


def _buyer_stage(stage: BuyerStage) -> dict[str, Any]:
    return {
        "number": stage.number,
        "key": stage.key,
        "titles": texts_of(stage.title),
        "short": texts_of(stage.short),
        "owner": texts_of(stage.owner),
        "origin": stage.origin,
        "marks": [
            {
                "evidence": mark.evidence,
                "titles": texts_of(catalogue()[mark.evidence].title),
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
        titles=texts_of(playbook.title),
        process=str(playbook.process),
        summary=texts_of(summary) if (summary := summary_of(playbook)) else None,
        kpis=[_note(note) for note in playbook.kpis],
        half_lives={str(subject): days for subject, days in playbook.half_lives.items()},
        own_relations=playbook.own_relations,
        process_gates=str(playbook.process_gates),
        rates=list(playbook.rates),
        stages=[_stage(playbook, stage) for stage in playbook.stages],
        buyer_stages=[_buyer_stage(stage) for stage in playbook.buyer_stages],
        resets=[{"evidence": reset.evidence, "to": reset.to, "closes": reset.closes} for reset in playbook.resets],
        settlements=playbook.settlements,
        proposals={key: str(outcome) for key, outcome in playbook.proposals.items()},
    )


@router.get("/playbooks", response=list[PlaybookLine], operation_id="list_playbooks", summary="List playbooks")
def list_playbooks(request: HttpRequest) -> list[PlaybookLine]:
    """List all playbook versions."""
    require_view(request)
    rows = PlaybookVersion.objects.select_related("base").order_by("key", "version")
    return [line_of(row) for row in rows]


def line_of(row: PlaybookVersion) -> PlaybookLine:
    """Return a version as a list shows it."""
    return PlaybookLine(
        ref=row.ref,
        key=row.key,
        version=row.version,
        titles=texts_of(row.document["title"]),
        status="RETIRED" if row.is_retired else "SHIPPED" if row.shipped else "PUBLISHED",
        shipped=row.shipped,
        base=row.base.ref if row.base is not None else None,
    )


@router.post("/playbooks/classify", response=ProposalOut, operation_id="classify_sale", summary="Propose a process")
def classify_sale(request: HttpRequest, payload: SignsIn) -> ProposalOut:
    """Say whether a sale is one of a project or of a product: three of the six signs make a project."""
    require_view(request)
    proposal = propose({sign for sign in Sign if getattr(payload, sign)})
    return ProposalOut(process=proposal.process.value, reasons=list(proposal.reasons))


@router.post(
    "/playbooks/validate",
    response=CheckedOut,
    operation_id="validate_playbook",
    summary="Check a playbook document",
    openapi_extra=YAML_BODY,
)
def validate_playbook(request: HttpRequest) -> CheckedOut:
    """Check a YAML document of at most 1 MB and name all that is wrong with it, by line; nothing is kept."""
    require_view(request)
    found = check_document(document_of(request))
    problems = [ProblemOut(path=row.path, line=row.line, message=row.message) for row in found.faults]
    return CheckedOut(valid=not problems, problems=problems)


@router.get("/playbooks/{key}/{version}", response=PlaybookOut, operation_id="get_playbook", summary="Read a playbook")
def get_playbook(request: HttpRequest, key: str, version: int) -> PlaybookOut:
    """Read a playbook version: stages, items, buyer marks, resets, settlements."""
    require_view(request)
    found = version_of(key, version)
    return playbook_out(found, compiled_playbook(found.pk).playbook)


@router.get("/evidence", response=list[EvidenceOut], operation_id="list_evidence", summary="Read the catalogue")
def list_evidence(request: HttpRequest) -> list[EvidenceOut]:
    """Read the evidence catalogue."""
    require_view(request)
    return [
        EvidenceOut(
            key=row.key,
            titles=texts_of(row.title),
            hint=texts_of(row.hint),
            nature=str(row.nature),
            ceiling=row.ceiling.name,
            supplied_by=row.supplied_by,
            origin=row.origin,
        )
        for row in catalogue().values()
    ]
