"""What the needs of a deal still lack, as codes that methods of asking answer."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from duobiao.needs.domain.priorities import Answer, Priority, Ranked, answer
from duobiao.needs.domain.proving import NeedFacts
from duobiao.needs.domain.trees import Level, Node, missing_layers, missing_levels


class Gap(StrEnum):
    """Something that nobody has asked yet, the most pressing first."""

    ASSUMED = "assumed"
    P0_OPEN = "p0_open"
    NO_BUSINESS = "no_business"
    NO_STRATEGIC = "no_strategic"
    NO_HIDDEN = "no_hidden"
    NO_LAYER = "no_layer"
    HIDDEN_UNSAID = "hidden_unsaid"
    NOT_RESTATED = "not_restated"
    NO_COST = "no_cost"
    NO_BENEFIT = "no_benefit"
    NO_VOICES = "no_voices"
    NO_GROWTH = "no_growth"


LEVELS = {
    Level.BUSINESS: Gap.NO_BUSINESS,
    Level.STRATEGIC: Gap.NO_STRATEGIC,
    Level.HIDDEN: Gap.NO_HIDDEN,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A need as gaps are looked for.

    Attributes:
        is_hidden: It is noted as hidden: the customer does not see it yet.
        has_cost: What doing nothing costs is known.
        has_voices: How people stand to it is noted.
    """

    node: Node
    facts: NeedFacts
    is_hidden: bool
    has_cost: bool
    has_voices: bool


@dataclass(frozen=True, slots=True)
class Lack:
    """One gap, with the needs it concerns."""

    gap: Gap
    needs: tuple[int, ...]


def gaps_of(needs: Iterable[Asked]) -> list[Lack]:
    """Return the gaps of a tree, the most pressing first; an empty tree has none but its emptiness."""
    rows = list(needs)
    if not rows:
        return []
    must = [row for row in rows if row.facts.priority in (Priority.P0, Priority.P1)]
    nodes = [row.node for row in rows]
    found: dict[Gap, Collection[int]] = {
        Gap.ASSUMED: _keys(row for row in rows if row.facts.is_assumed),
        Gap.P0_OPEN: _keys(row for row in rows if _is_open(row)),
        Gap.NO_LAYER: list(missing_layers(nodes)),
        Gap.HIDDEN_UNSAID: _keys(row for row in rows if row.is_hidden and row.facts.is_assumed),
        Gap.NOT_RESTATED: _keys(row for row in must if row.facts.steps == 0 and not row.facts.is_assumed),
        Gap.NO_COST: _keys(row for row in must if not row.has_cost),
        Gap.NO_BENEFIT: _keys(row for row in must if row.facts.steps == 2),
        Gap.NO_VOICES: _keys(row for row in must if not row.has_voices),
    }
    lacks = [Lack(gap, tuple(keys)) for gap, keys in found.items() if keys]
    lacks += [Lack(LEVELS[level], ()) for level in missing_levels(nodes) if level in LEVELS]
    if not any(row.facts.forecast for row in rows):
        lacks.append(Lack(Gap.NO_GROWTH, ()))
    order = list(Gap)
    return sorted(lacks, key=lambda lack: order.index(lack.gap))


def _is_open(row: Asked) -> bool:
    ranked = Ranked(row.facts.priority, row.facts.fit)
    return row.facts.priority is Priority.P0 and answer(ranked) in (Answer.OPEN, Answer.BROKEN)


def _keys(rows: Iterable[Asked]) -> Sequence[int]:
    return [row.node.key for row in rows]
