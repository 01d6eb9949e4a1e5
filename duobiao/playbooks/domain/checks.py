"""What must hold across a playbook so that every deal can be judged by it."""

from collections.abc import Iterable
from itertools import pairwise

from duobiao.playbooks.domain.model import (
    BUYER_STAGES,
    CONTRACT_KEY,
    KNOWN_METHODS,
    MAX_ITEMS,
    MOST_STAGES,
    Grade,
    Item,
    Kind,
    Playbook,
    Stage,
)
from duobiao.playbooks.domain.problems import Code, Path, Problems

GROUP_OF = {
    Kind.M: "milestone",
    Kind.S: "success",
    Kind.P: "process",
    Kind.R: "relationship",
    Kind.INFORMATION: "information",
}


def check(playbook: Playbook, problems: Problems) -> None:
    """Note what is wrong across a playbook; parts that are already wrong in themselves are passed over."""
    _check_counts(playbook, problems)
    _check_rates(playbook, problems)
    _check_covers(playbook, problems)
    _check_items(playbook, problems)
    _check_names(playbook, problems)
    for stage in playbook.stages:
        if not problems.under("stages", stage.number - 1):
            _check_reachable(stage, problems)


def _check_counts(playbook: Playbook, problems: Problems) -> None:
    stages, buyer = len(playbook.stages), len(playbook.buyer_stages)
    if stages > MOST_STAGES:
        problems.add(("stages",), Code.TOO_MANY_STAGES, found=stages, most=MOST_STAGES)
    if not stages and not problems.under("stages"):
        problems.add(("stages",), Code.STAGE_COUNT, found=stages, most=MOST_STAGES)
    if buyer != BUYER_STAGES and not problems.under("buyer") and not problems.under("buyer_stages"):
        problems.add(("buyer_stages",), Code.BUYER_STAGE_COUNT, found=buyer, wanted=BUYER_STAGES)
    if len(playbook.items) > MAX_ITEMS:
        problems.add(("stages",), Code.TOO_MANY_ITEMS, found=len(playbook.items), most=MAX_ITEMS)


def _check_rates(playbook: Playbook, problems: Problems) -> None:
    if problems.under("rates"):
        return
    rates, wanted = playbook.rates, len(playbook.stages) + 1
    if len(rates) != wanted:
        problems.add(("rates",), Code.RATES_COUNT, found=len(rates), wanted=wanted)
    for place, (before, rate) in enumerate(pairwise(rates), start=1):
        if rate <= before:
            problems.add(("rates", place), Code.RATE_NOT_RISING, rate=rate, before=before)


def _check_covers(playbook: Playbook, problems: Problems) -> None:
    before = (1, 1)
    for stage in playbook.stages:
        first, last = stage.covers
        if 0 in stage.covers:
            continue
        if last < first or first < before[0] or last < before[1]:
            problems.add(("stages", stage.number - 1), Code.COVER_BACKWARDS, key=stage.key)
        before = (max(first, before[0]), max(last, before[1]))


def _check_items(playbook: Playbook, problems: Problems) -> None:
    keys: set[str] = set()
    proving: dict[str, str] = {}
    for path, item in _placed(playbook):
        if item.key and item.key in keys:
            problems.add(path, Code.TWICE, key=item.key)
        keys.add(item.key)
        for evidence in sorted(item.evidence_keys) if item.kind in (Kind.M, Kind.S) else ():
            if evidence in proving:
                problems.add(path, Code.EVIDENCE_TWICE, evidence=evidence, item=proving[evidence])
            proving.setdefault(evidence, item.key)
    _check_control_points(playbook, keys, problems)
    _check_contract(playbook, problems)


def _check_contract(playbook: Playbook, problems: Problems) -> None:
    """A won deal goes on from the stage of the contract: nothing that gates there may run out and throw it back."""
    if not playbook.stages or problems.under("stages"):
        return
    if not playbook.contract_items:
        problems.add(("stages",), Code.NO_CONTRACT, evidence=CONTRACT_KEY)
        return
    for path, item in _placed(playbook):
        ends = any(accept.valid_days is not None or accept.until is not None for accept in item.accepts)
        if ends and item.gates and item.stage >= playbook.goes_on_from:
            problems.add(path, Code.EXPIRES_AFTER_WIN, item=item.key)


def _check_control_points(playbook: Playbook, keys: set[str], problems: Problems) -> None:
    seen: set[str] = set()
    for stage in playbook.stages:
        for place, point in enumerate(stage.control_points):
            path = ("stages", stage.number - 1, "control_points", place)
            if point.item and point.item not in keys:
                problems.add((*path, "item"), Code.UNKNOWN_ITEM, item=point.item)
            if point.key and point.key in seen:
                problems.add((*path, "key"), Code.TWICE, key=point.key)
            seen.add(point.key)


def _placed(playbook: Playbook) -> Iterable[tuple[Path, Item]]:
    """Yield items with their place in the document."""
    for stage in playbook.stages:
        places = dict.fromkeys(GROUP_OF, 0)
        for item in stage.items:
            yield ("stages", stage.number - 1, GROUP_OF[item.kind], places[item.kind]), item
            places[item.kind] += 1


def _check_names(playbook: Playbook, problems: Problems) -> None:
    _check_unique("stages", [stage.key for stage in playbook.stages], problems)
    _check_tools(playbook, problems)
    if not problems.under("buyer"):
        _check_unique("buyer_stages", [stage.key for stage in playbook.buyer_stages], problems)


def _check_tools(playbook: Playbook, problems: Problems) -> None:
    """Tools are ticked by their key, so each has one of its own."""
    seen: set[str] = set()
    for stage in playbook.stages:
        for place, tool in enumerate(stage.tools):
            if tool.key and tool.key in seen:
                problems.add(("stages", stage.number - 1, "tools", place, "key"), Code.TWICE, key=tool.key)
            seen.add(tool.key)


def _check_unique(name: str, keys: list[str], problems: Problems) -> None:
    for place, key in enumerate(keys):
        if key and key in keys[:place]:
            problems.add((name, place, "key"), Code.TWICE, key=key)


def _check_reachable(stage: Stage, problems: Problems) -> None:
    """Every purchase method must leave a milestone, and a success standard that takes more than our own word."""
    for kind, least in ((Kind.M, Grade.ASSERTED), (Kind.S, Grade.DOCUMENTED)):
        items = [item for item in stage.items if item.kind is kind]
        lacking = tuple(
            str(method)
            for method in KNOWN_METHODS
            if not any(accept.min_grade >= least for item in items for accept in item.accepts_under(method))
        )
        if lacking:
            path = ("stages", stage.number - 1, GROUP_OF[kind])
            problems.add(path, Code.NOTHING_LEFT, methods=lacking, grade=least.name)
