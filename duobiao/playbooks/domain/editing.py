"""Edit a playbook document: pure functions that take a document and return a changed copy."""

import copy
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from duobiao.playbooks.domain.model import MOST_STAGES
from duobiao.playbooks.domain.reading import LANGUAGES
from duobiao.playbooks.domain.shape import GROUP_NAMES, ROWS
from duobiao.playbooks.domain.vocabulary import Origin

Doc = dict[str, Any]


class NoSuchPlace(LookupError):
    """The document has nothing at this place."""


def stage_at(document: Mapping[str, Any], stage: int) -> Doc:
    """Return a stage by its number, counted from 1.

    Raises:
        NoSuchPlace: there is no such stage.
    """
    stages = document.get("stages", [])
    if not 1 <= stage <= len(stages):
        raise NoSuchPlace
    found: Doc = stages[stage - 1]
    return found


def row_at(document: Mapping[str, Any], stage: int, name: str, place: int) -> Doc:
    """Return an entry of one of a stage's lists.

    Args:
        name: One of ``ROWS``.
        place: Counted from 0.

    Raises:
        NoSuchPlace: there is nothing.
    """
    rows = stage_at(document, stage).get(name, []) if name in ROWS else []
    if not 0 <= place < len(rows):
        raise NoSuchPlace
    found: Doc = rows[place]
    return found


def free_item_key(document: Mapping[str, Any], *, stage: int, group: str) -> str:
    """Propose the key of a new item: its stage, the letter of its group, and the next number that is free.

    Args:
        stage: Counted from 1.
        group: One of ``GROUP_NAMES``.
    """
    taken = {
        row.get("item") for each in document.get("stages", []) for name in GROUP_NAMES for row in each.get(name, [])
    }
    keys = (f"{stage}.{group[0].upper()}{number}" for number in itertools.count(1))
    return next(key for key in keys if key not in taken)


def with_frame(document: Mapping[str, Any], values: Mapping[str, Any]) -> Doc:
    """Replace fields at the top; a value of None takes the field out."""
    changed = copy.deepcopy(dict(document))
    _put(changed, values)
    return changed


def with_rates(document: Mapping[str, Any], rates: Sequence[int]) -> Doc:
    """Replace the rates; what differs is our own proposal from now on."""
    changed = copy.deepcopy(dict(document))
    before = changed.get("rates", [])
    origins = changed.get("rates_origin", [])
    changed["rates"] = list(rates)
    if origins:
        kept = [place < len(before) and rate == before[place] for place, rate in enumerate(rates)]
        changed["rates_origin"] = [
            origins[place] if same and place < len(origins) else Origin.INFERRED.value
            for place, same in enumerate(kept)
        ]
    return changed


def with_stage(document: Mapping[str, Any], stage: int, values: Mapping[str, Any]) -> Doc:
    """Replace fields of a stage; a value of None takes the field out."""
    changed = copy.deepcopy(dict(document))
    _put(stage_at(changed, stage), values)
    return changed


def _put(part: Doc, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if value is None:
            part.pop(name, None)
        else:
            part[name] = value


def can_add_stage(document: Mapping[str, Any]) -> bool:
    """Whether there is room for another stage."""
    return len(document.get("stages", [])) < MOST_STAGES


def with_new_stage(document: Mapping[str, Any], after: int) -> Doc:
    """Add an empty stage after another, 0 for the first place; its rate lies half way, the last rate stays last.

    Raises:
        NoSuchPlace: there is no such stage, or no room for another.
    """
    changed = copy.deepcopy(dict(document))
    stages = changed.setdefault("stages", [])
    if not 0 <= after <= len(stages) or not can_add_stage(changed):
        raise NoSuchPlace
    rates, last = changed.setdefault("rates", [0]), len(stages)
    beside = min(after, last - 1)
    if 0 <= beside < len(rates) - 1:
        between = (rates[beside] + rates[beside + 1]) // 2
        _rate_origins(changed, add=beside + 1)
        rates.insert(beside + 1, between)
    else:
        rates.append(100)
    stages.insert(after, _empty_stage(stages, after))
    settled = changed.get("settlements", {})
    changed["settlements"] = {key: upto + 1 if upto > after else upto for key, upto in settled.items()}
    return changed


def _empty_stage(stages: Sequence[Mapping[str, Any]], after: int) -> Doc:
    taken = {stage.get("key") for stage in stages}
    key = next(name for name in (f"stage-{n}" for n in range(1, MOST_STAGES + 2)) if name not in taken)
    empty = dict.fromkeys(LANGUAGES, "")
    beside = stages[max(0, after - 1)] if stages else {"buyer_stages": []}
    edge = beside.get("buyer_stages") or [beside.get("buyer_stage", "")]
    return {
        "key": key,
        "title": dict(empty),
        "short": dict(empty),
        "purpose": dict(empty),
        "buyer_stage": edge[-1] if after else edge[0],
        "origin": Origin.INFERRED.value,
        "milestone": [],
        "success": [],
    }


def without_stage(document: Mapping[str, Any], stage: int) -> Doc:
    """Take a stage out with its rate; the last rate stays last.

    Raises:
        NoSuchPlace: there is no such stage.
    """
    changed = copy.deepcopy(dict(document))
    stage_at(changed, stage)
    stages, rates = changed["stages"], changed.get("rates", [])
    gone = stage - 1 if stage == len(stages) and stage > 1 else stage
    if gone < len(rates):
        _rate_origins(changed, drop=gone)
        rates.pop(gone)
    stages.pop(stage - 1)
    settled = {key: upto - 1 if upto >= stage else upto for key, upto in changed.get("settlements", {}).items()}
    changed["settlements"] = {key: upto for key, upto in settled.items() if upto >= 1}
    return changed


def _rate_origins(changed: Doc, *, add: int | None = None, drop: int | None = None) -> None:
    origins = changed.get("rates_origin")
    if origins and add is not None:
        origins.insert(add, Origin.INFERRED.value)
    if origins and drop is not None and drop < len(origins):
        origins.pop(drop)


def with_stage_moved(document: Mapping[str, Any], stage: int, step: int) -> Doc:
    """Let a stage change places with a neighbour; rates stay at their places.

    Args:
        step: 1 towards the end, -1 towards the beginning.

    Raises:
        NoSuchPlace: there is no such stage or neighbour.
    """
    changed = copy.deepcopy(dict(document))
    stage_at(changed, stage)
    stage_at(changed, stage + step)
    _swap(changed["stages"], stage - 1, step)
    return changed


def with_row(
    document: Mapping[str, Any], stage: int, name: str, place: int | None, row: Mapping[str, Any], *, into: str = ""
) -> Doc:
    """Add an entry to a list of a stage, or replace one.

    Args:
        place: Of the entry that is replaced, counted from 0; None adds one at the end.
        into: The list it belongs to from now on, where that is another one (an item changes its kind).

    Raises:
        NoSuchPlace: there is no such stage, list or entry.
    """
    changed = copy.deepcopy(dict(document))
    target = into or name
    if name not in ROWS or target not in ROWS:
        raise NoSuchPlace
    part = stage_at(changed, stage)
    if place is not None:
        before = row_at(changed, stage, name, place)
        if name in GROUP_NAMES:
            _rename_item(changed, before.get("item", ""), row.get("item", ""))
    if place is not None and target == name:
        part[name][place] = dict(row)
        return changed
    if place is not None:
        _pop(part, name, place)
    part.setdefault(target, []).append(dict(row))
    return changed


def without_row(document: Mapping[str, Any], stage: int, name: str, place: int) -> Doc:
    """Take an entry out of a list of a stage.

    Raises:
        NoSuchPlace: there is nothing.
    """
    changed = copy.deepcopy(dict(document))
    row_at(changed, stage, name, place)
    _pop(stage_at(changed, stage), name, place)
    return changed


def with_row_moved(document: Mapping[str, Any], stage: int, name: str, place: int, step: int) -> Doc:
    """Let an entry change places with a neighbour in its list.

    Raises:
        NoSuchPlace: there is no such entry or neighbour.
    """
    changed = copy.deepcopy(dict(document))
    row_at(changed, stage, name, place)
    row_at(changed, stage, name, place + step)
    _swap(stage_at(changed, stage)[name], place, step)
    return changed


def _pop(part: Doc, name: str, place: int) -> None:
    part[name].pop(place)
    if not part[name] and name not in ("milestone", "success", "relations"):
        part.pop(name)


def _swap(rows: list[Any], place: int, step: int) -> None:
    rows[place], rows[place + step] = rows[place + step], rows[place]


def _rename_item(changed: Doc, before: str, after: str) -> None:
    """Let control points follow an item whose key changes."""
    for stage in changed.get("stages", []):
        for point in stage.get("control_points", []):
            if before and after and point.get("item") == before:
                point["item"] = after
