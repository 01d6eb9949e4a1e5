"""Read a playbook or the evidence catalogue from parsed YAML, and refuse what could not be judged."""

from collections.abc import Iterable, Mapping
from typing import Any

from duobiao.playbooks.domain.model import (
    KNOWN_METHODS,
    MAX_ITEMS,
    STAGES,
    Accept,
    BuyerStage,
    Evidence,
    Grade,
    Item,
    Kind,
    Mark,
    Method,
    Nature,
    Note,
    Outcome,
    Playbook,
    ProcessGates,
    Reset,
    Stage,
    Until,
)

GROUPS = {
    "milestone": Kind.M,
    "success": Kind.S,
    "process": Kind.P,
    "relationship": Kind.R,
    "information": Kind.INFORMATION,
}

Raw = Mapping[str, Any]
Catalogue = dict[str, Evidence]


class PlaybookError(ValueError):
    """A playbook document is wrong at a named place."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        self.problem = problem


def parse_catalogue(document: Raw) -> Catalogue:
    """Read the evidence catalogue.

    Raises:
        PlaybookError: a key occurs twice.
    """
    catalogue: Catalogue = {}
    for row in document["evidence"]:
        key = row["key"]
        if key in catalogue:
            raise PlaybookError(key, "this evidence key occurs twice")
        catalogue[key] = Evidence(
            key=key,
            title=row["title"],
            hint=row["hint"],
            nature=Nature(row["nature"]),
            ceiling=Grade[row["ceiling"]],
            supplied_by=row["supplied_by"],
            origin=row["origin"],
            short=row.get("short"),
        )
    return catalogue


def parse_playbook(document: Raw, catalogue: Catalogue) -> Playbook:
    """Read a playbook and check that every deal can be judged by it.

    Raises:
        PlaybookError: an unknown key, a wrong number of stages or rates, a rate that does not rise, an item key
            or a gating evidence key used twice, or a stage that some purchase method could not enter or complete.
    """
    gates = ProcessGates(document["process_gates"])
    playbook = Playbook(
        key=document["playbook"],
        version=document["version"],
        title=document["title"],
        process_gates=gates,
        rates=tuple(document["rates"]),
        stages=tuple(_stage(row, number, gates, catalogue) for number, row in enumerate(document["stages"], start=1)),
        buyer_stages=tuple(
            _buyer_stage(row, number, catalogue) for number, row in enumerate(document["buyer_stages"], start=1)
        ),
        resets=tuple(
            Reset(_known(row["evidence"], "resets", catalogue), row["to"], row.get("closes", False))
            for row in document["resets"]
        ),
        settlements={_known(key, "settlements", catalogue): stage for key, stage in document["settlements"].items()},
        proposals={
            _known(row["evidence"], "proposals", catalogue): Outcome(row["proposes"])
            for row in document.get("proposals", [])
        },
    )
    _check(playbook)
    return playbook


def _known(key: str, place: str, catalogue: Catalogue) -> str:
    if key not in catalogue:
        raise PlaybookError(place, f"unknown evidence key {key!r}")
    return key


def _methods(row: Raw) -> frozenset[Method] | None:
    names = row.get("methods")
    return None if names is None else frozenset(Method(name) for name in names)


def _stage(row: Raw, number: int, gates: ProcessGates, catalogue: Catalogue) -> Stage:
    items = tuple(
        _item(entry, number, kind, gates, catalogue) for group, kind in GROUPS.items() for entry in row.get(group, [])
    )
    return Stage(
        number=number,
        key=row["key"],
        title=row["title"],
        short=row["short"],
        purpose=row["purpose"],
        buyer_stage=row["buyer_stage"],
        origin=row["origin"],
        items=items,
        appraisal=_notes(row.get("appraisal", [])),
        tools=_notes(row.get("tools", [])),
        work=_notes(row.get("work", [])),
    )


def _notes(rows: Iterable[Raw]) -> tuple[Note, ...]:
    return tuple(Note(row["key"], row["title"], row["origin"]) for row in rows)


def _item(row: Raw, stage: int, kind: Kind, gates: ProcessGates, catalogue: Catalogue) -> Item:
    key = row["item"]
    accepts = tuple(_accept(entry, key, catalogue) for entry in row.get("accepts", [row]))
    if len({accept.methods is None for accept in accepts}) > 1:
        raise PlaybookError(key, "either all accepted kinds of evidence name purchase methods or none does")
    gating = kind in (Kind.M, Kind.S) or (kind is Kind.P and _gates(row, gates))
    return Item(key, stage, kind, gating, accepts, row["title"], row["origin"], _methods(row))


def _gates(row: Raw, gates: ProcessGates) -> bool:
    if gates is ProcessGates.MARKED:
        return bool(row.get("gates", False))
    return gates is ProcessGates.ALL


def _accept(row: Raw, place: str, catalogue: Catalogue) -> Accept:
    evidence = catalogue[_known(row["evidence"], place, catalogue)]
    until = row.get("valid_until")
    accept = Accept(
        evidence=evidence.key,
        min_grade=Grade[row["min_grade"]],
        nature=evidence.nature,
        valid_days=row.get("valid_days"),
        until=None if until is None else Until(until),
        methods=_methods(row) if "item" not in row else None,
    )
    if accept.nature is Nature.EVENT and (accept.valid_days is not None or until is not None):
        raise PlaybookError(place, f"{evidence.key} is an event and cannot expire")
    if accept.min_grade > evidence.ceiling:
        raise PlaybookError(place, f"{evidence.key} can never reach {accept.min_grade.name}")
    return accept


def _buyer_stage(row: Raw, number: int, catalogue: Catalogue) -> BuyerStage:
    marks = tuple(
        Mark(_known(mark["evidence"], row["key"], catalogue), number, _methods(mark)) for mark in row["marks"]
    )
    return BuyerStage(number, row["key"], row["title"], row["short"], row["owner"], row["origin"], marks)


def _check(playbook: Playbook) -> None:
    place = f"{playbook.key} {playbook.version}"
    if len(playbook.stages) != STAGES or len(playbook.buyer_stages) != STAGES:
        raise PlaybookError(place, f"there must be {STAGES} stages on each track")
    if len(playbook.rates) != STAGES + 1 or list(playbook.rates) != sorted(set(playbook.rates)):
        raise PlaybookError(place, f"rates must be {STAGES + 1} rising numbers")
    if len(playbook.items) > MAX_ITEMS:
        raise PlaybookError(place, f"more than {MAX_ITEMS} items")
    _check_unique("item key", (item.key for item in playbook.items))
    _check_unique(
        "evidence key among milestone and success items",
        (key for item in playbook.items if item.kind in (Kind.M, Kind.S) for key in {a.evidence for a in item.accepts}),
    )
    for stage in playbook.stages:
        _check_reachable(stage)


def _check_unique(what: str, keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise PlaybookError(key, f"this {what} occurs twice")
        seen.add(key)


def _check_reachable(stage: Stage) -> None:
    for method in KNOWN_METHODS:
        for kind, least in ((Kind.M, Grade.ASSERTED), (Kind.S, Grade.DOCUMENTED)):
            items = [item for item in stage.items if item.kind is kind and item.applies_to(method)]
            if not any(accept.min_grade >= least for item in items for accept in item.accepts_under(method)):
                raise PlaybookError(stage.key, f"under {method} no {kind.name} item is left that needs {least.name}")
