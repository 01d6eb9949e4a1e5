"""What differs between two versions of a playbook."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from duobiao.playbooks.domain.model import Accept, Item, Playbook, Stage
from duobiao.playbooks.domain.people import Judged
from duobiao.playbooks.domain.shape import NOTES


class How(StrEnum):
    """What happened to a part."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    CHANGED = "CHANGED"


class What(StrEnum):
    """Which kind of part."""

    PLAYBOOK = "PLAYBOOK"
    RATE = "RATE"
    STAGE = "STAGE"
    ITEM = "ITEM"
    ACCEPT = "ACCEPT"
    CONTROL_POINT = "CONTROL_POINT"
    APPRAISAL = "APPRAISAL"
    TOOLS = "TOOLS"
    WORK = "WORK"
    KPI = "KPI"
    RELATION = "RELATION"
    HALF_LIFE = "HALF_LIFE"
    MARK = "MARK"
    RESET = "RESET"
    SETTLEMENT = "SETTLEMENT"
    PROPOSAL = "PROPOSAL"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes:
        stage: Number of the stage in the later version, in the earlier one where it was removed; 0: no stage.
        key: Of the part: an item's key, a stage's key, the number of completed stages of a rate.
        part: The evidence of an accept; else "".
        field: Which field differs; "" where the whole part was added or removed.
        before, after: The values themselves, for whoever words them; texts by language.
    """

    how: How
    what: What
    stage: int
    key: str
    part: str = ""
    field: str = ""
    before: Any = None
    after: Any = None


def compare(before: Playbook, after: Playbook) -> list[Change]:
    """Return all differences: the frame, the rates, then stage by stage, then the buyer's side."""
    return [
        *_fields(What.PLAYBOOK, 0, after.key, _frame(before), _frame(after)),
        *_rates(before, after),
        *_stages(before, after),
        *_parts(What.KPI, _notes(before.kpis, 0), _notes(after.kpis, 0)),
        *_half_lives(before, after),
        *_parts(What.MARK, _marks(before), _marks(after)),
        *_parts(What.RESET, _resets(before), _resets(after)),
        *_parts(What.SETTLEMENT, _settled(before), _settled(after)),
        *_parts(What.PROPOSAL, _proposals(before), _proposals(after)),
    ]


Part = tuple[int, Mapping[str, Any]]
"""Number of its stage, and its fields."""


def _fields(
    what: What, stage: int, key: str, before: Mapping[str, Any], after: Mapping[str, Any], *, part: str = ""
) -> Iterable[Change]:
    for field in after:
        if before[field] != after[field]:
            yield Change(How.CHANGED, what, stage, key, part, field, before[field], after[field])


def _parts(what: What, before: Mapping[str, Part], after: Mapping[str, Part]) -> Iterable[Change]:
    for key, (stage, fields) in before.items():
        if key not in after:
            yield Change(How.REMOVED, what, stage, key, before=fields)
    for key, (stage, fields) in after.items():
        if key not in before:
            yield Change(How.ADDED, what, stage, key, after=fields)
        else:
            yield from _fields(what, stage, key, before[key][1], fields)


def _rates(before: Playbook, after: Playbook) -> Iterable[Change]:
    for place in range(max(len(before.rates), len(after.rates))):
        was = before.rates[place] if place < len(before.rates) else None
        now = after.rates[place] if place < len(after.rates) else None
        if was != now:
            yield Change(How.CHANGED, What.RATE, 0, str(place), field="rate", before=was, after=now)


def _stages(before: Playbook, after: Playbook) -> Iterable[Change]:
    yield from _parts(What.STAGE, _stage_parts(before), _stage_parts(after))
    yield from _items(before, after)
    was, now = _control_points(before), _control_points(after)
    yield from _parts(What.CONTROL_POINT, was, now)
    yield from _parts(What.RELATION, _relations(before), _relations(after))
    for name in NOTES:
        was, now = _all_notes(before, name), _all_notes(after, name)
        yield from _parts(What[name.upper()], was, now)


def _items(before: Playbook, after: Playbook) -> Iterable[Change]:
    was, now = _item_parts(before), _item_parts(after)
    yield from _parts(What.ITEM, was, now)
    old = {item.key: item for item in before.items}
    for item in after.items:
        if item.key in old:
            yield from _accepts(old[item.key], item)


def _accepts(before: Item, after: Item) -> Iterable[Change]:
    was = {accept.evidence: _accept(accept) for accept in before.accepts}
    now = {accept.evidence: _accept(accept) for accept in after.accepts}
    for key, fields in was.items():
        if key not in now:
            yield Change(How.REMOVED, What.ACCEPT, after.stage, after.key, key, before=fields)
    for key, fields in now.items():
        if key not in was:
            yield Change(How.ADDED, What.ACCEPT, after.stage, after.key, key, after=fields)
        else:
            yield from _fields(What.ACCEPT, after.stage, after.key, was[key], fields, part=key)


def _frame(playbook: Playbook) -> dict[str, Any]:
    return {
        "title": playbook.title,
        "summary": playbook.summary,
        "process": playbook.process,
        "process_gates": playbook.process_gates,
    }


def _stage_parts(playbook: Playbook) -> dict[str, Part]:
    return {stage.key: (stage.number, _stage(stage)) for stage in playbook.stages}


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "title": stage.title,
        "short": stage.short,
        "purpose": stage.purpose,
        "number": stage.number,
        "covers": stage.covers,
        "role": stage.focus.role if stage.focus else None,
        "attention": stage.focus.attention if stage.focus else None,
    }


def _item_parts(playbook: Playbook) -> dict[str, Part]:
    kinds = {stage.number: stage.key for stage in playbook.stages}
    return {
        item.key: (
            item.stage,
            {
                "title": item.title,
                "stage": kinds[item.stage],
                "kind": item.kind,
                "gates": item.gates,
                "methods": item.methods,
            },
        )
        for item in playbook.items
    }


def _accept(accept: Accept) -> dict[str, Any]:
    return {
        "min_grade": accept.min_grade,
        "holds": (accept.valid_days, accept.until),
        "methods": accept.methods,
    }


def _control_points(playbook: Playbook) -> dict[str, Part]:
    return {
        point.key: (
            stage.number,
            {
                "title": point.title,
                "kind": point.kind,
                "item": point.item,
                "fixed": point.fixed,
                "approver": point.approver,
            },
        )
        for stage in playbook.stages
        for point in stage.control_points
    }


def _relations(playbook: Playbook) -> dict[str, Part]:
    return {
        f"{stage.key} {row.key}": (stage.number, {"who": row.who, "of": row.of, "cells": row.cells})
        for stage in playbook.stages
        for row in stage.relations
    }


def _half_lives(before: Playbook, after: Playbook) -> Iterable[Change]:
    for subject in Judged:
        was, now = before.half_lives.get(subject), after.half_lives.get(subject)
        if was != now:
            yield Change(How.CHANGED, What.HALF_LIFE, 0, subject, field="days", before=was, after=now)


def _notes(notes: Iterable[Any], stage: int) -> dict[str, Part]:
    return {note.key: (stage, {"title": note.title, "weight": note.weight}) for note in notes}


def _all_notes(playbook: Playbook, name: str) -> dict[str, Part]:
    found: dict[str, Part] = {}
    for stage in playbook.stages:
        found |= _notes(getattr(stage, name), stage.number)
    return found


def _marks(playbook: Playbook) -> dict[str, Part]:
    return {
        mark.evidence: (0, {"stage": mark.stage, "methods": mark.methods})
        for buyer in playbook.buyer_stages
        for mark in buyer.marks
    }


def _resets(playbook: Playbook) -> dict[str, Part]:
    return {reset.evidence: (0, {"to": reset.to, "closes": reset.closes}) for reset in playbook.resets}


def _settled(playbook: Playbook) -> dict[str, Part]:
    return {key: (0, {"stage": stage}) for key, stage in playbook.settlements.items()}


def _proposals(playbook: Playbook) -> dict[str, Part]:
    return {key: (0, {"proposes": outcome}) for key, outcome in playbook.proposals.items()}
