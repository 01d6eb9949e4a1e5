"""Catch up (追赶): the shortest list of evidence that brings our stage level with the buyer's, in order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from duobiao.playbooks.domain.assess import Assessment, assess
from duobiao.playbooks.domain.compile import Compiled, Slot
from duobiao.playbooks.domain.facts import Facts, Proof, Waiver
from duobiao.playbooks.domain.model import METHOD_KEY, Accept, Method

LAST = 2**62
"""Sequence of a proof that does not exist yet: later than every recorded one."""

Effort = Callable[[str], int]
"""How much work a kind of evidence takes, by its key; the smaller, the sooner it is chosen."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to prove.

    Attributes:
        slot: The item it is for; ``also`` further items that the same evidence serves.
        accept: The evidence to get; None while the purchase method decides what would do.
        after: Where the deal stands once this and the steps before it are proved.
    """

    slot: Slot
    also: tuple[Slot, ...]
    accept: Accept | None
    after: Assessment


@dataclass(frozen=True, slots=True)
class CatchUp:
    """The way to the buyer's stage.

    Attributes:
        target: The stage of ours that goes with the buyer's; all stages before it have to be completed.
        before, after: Where the deal stands now, and once everything listed is proved.
    """

    target: int
    steps: tuple[Step, ...]
    before: Assessment
    after: Assessment

    @property
    def is_certain(self) -> bool:
        """Whether all evidence is known; not while items wait for the purchase method."""
        return all(step.accept is not None for step in self.steps)


@dataclass(frozen=True, slots=True)
class _Course:
    """What the search works on: the deal, and the items that are missing up to the buyer's stage."""

    compiled: Compiled
    facts: Facts
    on: date
    before: Assessment
    missing: tuple[Slot, ...]
    unknown: tuple[Slot, ...]

    def with_proofs(self, evidence: Mapping[str, Accept], *, stand_in: bool) -> Assessment:
        """Judge the deal with more evidence.

        Args:
            stand_in: Let items that wait for the purchase method count as if they were waived.
        """
        proofs = [_proof(accept, self.before.method, self.on) for accept in evidence.values()]
        waivers = [Waiver(slot.item.key, self.on, self.on) for slot in self.unknown] if stand_in else []
        facts = Facts([*self.facts.proofs, *proofs], [*self.facts.waivers, *waivers], self.facts.closings)
        return assess(self.compiled, facts, on=self.on)

    def arrives(self, evidence: Mapping[str, Accept], target: int) -> bool:
        """Whether the evidence completes every stage before ``target``."""
        return self.with_proofs(evidence, stand_in=True).completed_stage >= target - 1


def catch_up(compiled: Compiled, facts: Facts, *, on: date, effort: Effort = lambda _key: 0) -> CatchUp | None:
    """Return how a deal that is behind the buyer comes level; None where it is not behind, or is closed.

    An item that accepts several kinds of evidence takes the one that serves most items, then the lower grade, then
    the smaller effort. What a later stage proved in full would keep alive anyway (R8) is not asked for again, so no
    step can be left out.
    """
    before = assess(compiled, facts, on=on)
    if before.lag is None or before.lag <= 0 or not before.frame.moves:
        return None
    target = _target(compiled, before.buyer_stage)
    lacking = [slot for slot in _reading_order(compiled) if _is_missing(slot, before, target)]
    known = tuple(slot for slot in lacking if slot.item.accepts_under(before.method))
    unknown = tuple(slot for slot in lacking if not slot.item.accepts_under(before.method))
    course = _Course(compiled, facts, on, before, known, unknown)
    chosen = _without_needless(course, _chosen(known, before.method, effort), target)
    return CatchUp(target, _steps(course, chosen), before, course.with_proofs(chosen, stand_in=False))


def _target(compiled: Compiled, buyer: int) -> int:
    reaching = (stage.number for stage in compiled.playbook.stages if stage.covers[1] >= buyer)
    return next(reaching, compiled.last)


def _reading_order(compiled: Compiled) -> list[Slot]:
    return [compiled.by_key[item.key] for item in compiled.playbook.items]


def _is_missing(slot: Slot, found: Assessment, target: int) -> bool:
    return slot.item.gates and slot.item.stage < target and not found.position[slot.word] & slot.bit


def _proof(accept: Accept, method: Method, on: date) -> Proof:
    shown = method if accept.evidence == METHOD_KEY and method is not Method.UNKNOWN else None
    return Proof(accept.evidence, accept.min_grade, on, on, method=shown, sequence=LAST)


def _chosen(slots: Sequence[Slot], method: Method, effort: Effort) -> dict[str, Accept]:
    """Pick evidence until every item is served, what serves most first; by evidence key."""
    chosen: dict[str, Accept] = {}
    waiting = sorted(slots, key=lambda slot: len(slot.item.accepts_under(method)))
    for slot in waiting:
        accepts = slot.item.accepts_under(method)
        if any(_serves(chosen, accept) for accept in accepts):
            continue
        best = min(accepts, key=lambda accept: _cost(accept, chosen, waiting, method, effort))
        chosen[best.evidence] = best
    return chosen


def _serves(chosen: Mapping[str, Accept], accept: Accept) -> bool:
    held = chosen.get(accept.evidence)
    return held is not None and held.min_grade >= accept.min_grade


def _cost(
    accept: Accept, chosen: Mapping[str, Accept], waiting: Iterable[Slot], method: Method, effort: Effort
) -> tuple[bool, int, int, int]:
    """Rank one kind of evidence for an item: already on the list, items served, grade, effort."""
    served = sum(
        any(other.evidence == accept.evidence for other in slot.item.accepts_under(method)) for slot in waiting
    )
    return accept.evidence not in chosen, -served, int(accept.min_grade), effort(accept.evidence)


def _without_needless(course: _Course, chosen: Mapping[str, Accept], target: int) -> dict[str, Accept]:
    """Leave out, the earliest first, what the deal comes level without."""
    kept = dict(chosen)
    for slot in course.missing:
        for accept in slot.item.accepts_under(course.before.method):
            rest = {key: held for key, held in kept.items() if key != accept.evidence}
            if len(rest) < len(kept) and course.arrives(rest, target):
                kept = rest
    return kept


def _steps(course: _Course, chosen: Mapping[str, Accept]) -> tuple[Step, ...]:
    """Return the steps in the order of the playbook; each item stands with the evidence that serves it first."""
    serving: dict[str, list[Slot]] = {}
    order: list[tuple[Slot, Accept | None]] = []
    for slot in _reading_order(course.compiled):
        if slot in course.unknown:
            order.append((slot, None))
        elif slot in course.missing:
            held = [chosen[a.evidence] for a in slot.item.accepts_under(course.before.method) if _serves(chosen, a)]
            for first in held[:1]:
                if first.evidence not in serving:
                    order.append((slot, first))
                serving.setdefault(first.evidence, []).append(slot)
    steps, given = [], dict[str, Accept]()
    for slot, accept in order:
        if accept is not None:
            given[accept.evidence] = accept
        also = tuple(serving[accept.evidence][1:]) if accept is not None else ()
        steps.append(Step(slot, also, accept, course.with_proofs(given, stand_in=False)))
    return tuple(steps)
