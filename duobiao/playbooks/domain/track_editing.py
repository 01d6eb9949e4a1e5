"""Edit the buyer's track of a playbook document: pure functions that take a document and return a changed copy."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from duobiao.playbooks.domain.editing import Doc, NoSuchPlace
from duobiao.playbooks.domain.model import BUYER_STAGES
from duobiao.playbooks.domain.reading import LANGUAGES
from duobiao.playbooks.domain.shape import TRACK
from duobiao.playbooks.domain.vocabulary import Origin

WHOLE = ("resets", "proposals")
"""Lists of the whole track; ``marks`` belong to a stage of the buyer."""


def has_own_track(document: Mapping[str, Any]) -> bool:
    """Whether the document writes the buyer's track itself, and does not take a shipped one over."""
    return "buyer" not in document


def with_own_track(document: Mapping[str, Any], track: Mapping[str, Any]) -> Doc:
    """Write a track that was taken over into the document, where it can be changed.

    Args:
        track: The document it was taken over from.

    Raises:
        NoSuchPlace: the document has a track of its own.
    """
    if has_own_track(document):
        raise NoSuchPlace
    changed = copy.deepcopy(dict(document))
    changed.pop("buyer")
    parts = {name: copy.deepcopy(track[name]) for name in (*TRACK, "proposals") if name in track}
    return {**changed, **{name: [] for name in TRACK}, **parts}


def buyer_stage_at(document: Mapping[str, Any], stage: int) -> Doc:
    """Return a stage of the buyer by its number, counted from 1.

    Raises:
        NoSuchPlace: there is none, or the track is taken over.
    """
    stages = document.get("buyer_stages", []) if has_own_track(document) else []
    if not 1 <= stage <= len(stages):
        raise NoSuchPlace
    found: Doc = stages[stage - 1]
    return found


def with_buyer_stage(document: Mapping[str, Any], stage: int, values: Mapping[str, Any]) -> Doc:
    """Replace fields of a stage of the buyer; our stages follow it where its key changes.

    Raises:
        NoSuchPlace: there is no such stage.
    """
    changed = copy.deepcopy(dict(document))
    held = buyer_stage_at(changed, stage)
    before = held.get("key", "")
    held.update(values)
    _rename(changed.get("stages", []), before, held["key"])
    return changed


def _rename(stages: Sequence[Doc], before: str, after: str) -> None:
    for stage in stages if before else ():
        if stage.get("buyer_stage") == before:
            stage["buyer_stage"] = after
        if before in stage.get("buyer_stages", []):
            stage["buyer_stages"] = [after if key == before else key for key in stage["buyer_stages"]]


def can_add_buyer_stage(document: Mapping[str, Any]) -> bool:
    """Whether the buyer's own track lacks a stage."""
    return has_own_track(document) and len(document.get("buyer_stages", [])) < BUYER_STAGES


def with_new_buyer_stage(document: Mapping[str, Any]) -> Doc:
    """Add an empty stage at the end of the buyer's track.

    Raises:
        NoSuchPlace: there is no room for another.
    """
    if not can_add_buyer_stage(document):
        raise NoSuchPlace
    changed = copy.deepcopy(dict(document))
    stages = changed.setdefault("buyer_stages", [])
    taken = {stage.get("key") for stage in stages}
    empty = dict.fromkeys(LANGUAGES, "")
    stages.append({
        "key": next(key for key in (f"buyer-stage-{n}" for n in range(1, BUYER_STAGES + 2)) if key not in taken),
        "title": dict(empty),
        "short": dict(empty),
        "owner": dict(empty),
        "origin": Origin.INFERRED.value,
        "marks": [],
    })  # fmt: skip
    return changed


def without_buyer_stage(document: Mapping[str, Any], stage: int) -> Doc:
    """Take a stage of the buyer out with its marks.

    Raises:
        NoSuchPlace: there is no such stage.
    """
    changed = copy.deepcopy(dict(document))
    buyer_stage_at(changed, stage)
    changed["buyer_stages"].pop(stage - 1)
    return changed


def track_row_at(document: Mapping[str, Any], stage: int, name: str, place: int) -> Doc:
    """Return a mark, a reset or a proposed outcome.

    Args:
        stage: Of the buyer, 0 for what belongs to the whole track.
        place: Counted from 0.

    Raises:
        NoSuchPlace: there is nothing.
    """
    rows = track_rows(document, stage, name)
    if not 0 <= place < len(rows):
        raise NoSuchPlace
    found: Doc = rows[place]
    return found


def track_rows(document: Mapping[str, Any], stage: int, name: str) -> Sequence[Doc]:
    """Return a list of the buyer's track.

    Raises:
        NoSuchPlace: there is no such list, or the track is taken over.
    """
    part = _part(document, stage, name)
    found: Sequence[Doc] = part.get(name, [])
    return found


def with_track_row(
    document: Mapping[str, Any], stage: int, name: str, place: int | None, row: Mapping[str, Any]
) -> Doc:
    """Add an entry to a list of the buyer's track, or replace one.

    Args:
        place: Of the entry that is replaced, counted from 0; None adds one at the end.

    Raises:
        NoSuchPlace: there is no such list or entry.
    """
    changed = copy.deepcopy(dict(document))
    part = _part(changed, stage, name)
    if place is None:
        part.setdefault(name, []).append(dict(row))
        return changed
    track_row_at(changed, stage, name, place)
    part[name][place] = dict(row)
    return changed


def without_track_row(document: Mapping[str, Any], stage: int, name: str, place: int) -> Doc:
    """Take an entry out of a list of the buyer's track.

    Raises:
        NoSuchPlace: there is nothing.
    """
    changed = copy.deepcopy(dict(document))
    track_row_at(changed, stage, name, place)
    part = _part(changed, stage, name)
    part[name].pop(place)
    if name == "proposals" and not part[name]:
        part.pop(name)
    return changed


def _part(document: Mapping[str, Any], stage: int, name: str) -> Any:
    if name == "marks":
        return buyer_stage_at(document, stage)
    if stage or name not in WHOLE or not has_own_track(document):
        raise NoSuchPlace
    return document
