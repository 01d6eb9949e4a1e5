"""Say what a proof, a waiver or a retraction would change before anybody saves it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.explain import Explained, ItemLine
from duobiao.playbooks.domain.assess import Assessment, assess
from duobiao.playbooks.domain.compile import Compiled
from duobiao.playbooks.domain.facts import Facts, Proof, Waiver
from duobiao.playbooks.domain.model import METHOD_KEY, Grade, Kind, LagVerdict, Method, State

LAST = 2**62
"""Sequence of a proof that does not exist yet: later than every recorded one."""


@dataclass(frozen=True, slots=True)
class Gate:
    """How much of a gate is there.

    Attributes:
        stage: Stage it enters (``kind`` M) or completes (S).
    """

    stage: int
    kind: Kind
    met: int
    required: int

    @property
    def lacking(self) -> int:
        """How many items are missing."""
        return self.required - self.met


@dataclass(frozen=True, slots=True)
class Change:
    """A judgement as it is and as it would be.

    Attributes:
        gate_before: The gate that the deal stands before now; ``gate_after`` the same gate afterwards.
        lacking_before: Items missing until the stage in focus is completed; ``lacking_after`` of the same stage.
        newly: Keys of the items that would count and do not now; ``lost`` the other way round.
    """

    before: Assessment
    after: Assessment
    gate_before: Gate
    gate_after: Gate
    lacking_before: int
    lacking_after: int
    newly: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def moves_stage(self) -> bool:
        """Whether our place would be another one."""
        return place_of(self.before) != place_of(self.after)

    @property
    def advances(self) -> bool:
        """Whether our place would be further."""
        return place_of(self.after) > place_of(self.before)

    @property
    def falls_back(self) -> bool:
        """Whether our place would be less far."""
        return place_of(self.after) < place_of(self.before)

    @property
    def rate_gain(self) -> int:
        """Percentage points won; negative when lost."""
        return self.after.rate_percent - self.before.rate_percent

    @property
    def moves_anything(self) -> bool:
        """Whether stage, rate or the buyer's stage would change."""
        return self.moves_stage or self.rate_gain != 0 or self.before.buyer_stage != self.after.buyer_stage

    @property
    def brings_in_sync(self) -> bool:
        """Whether we would stand level with the buyer and do not now."""
        return self.after.verdict is LagVerdict.IN_SYNC and self.before.verdict is not LagVerdict.IN_SYNC


def place_of(assessment: Assessment) -> tuple[int, int]:
    """Return our place as something that can be compared."""
    return assessment.stage_number, assessment.completed_stage


def what_if(
    explained: Explained,
    *,
    proofs: Sequence[Proof] = (),
    waivers: Sequence[Waiver] = (),
    without: Collection[str] = (),
    on: date | None = None,
) -> Change:
    """Judge the deal with more proofs and waivers, or without some proofs.

    Args:
        without: References of proofs to leave out.
        on: Another day, to see what time alone will do; None: the day of ``explained``.
    """
    facts = explained.facts
    changed = Facts(
        proofs=[*(proof for proof in facts.proofs if proof.ref not in without), *proofs],
        waivers=[*facts.waivers, *waivers],
        closings=facts.closings,
    )
    after = assess(explained.compiled, changed, on=on or explained.on)
    return compare(explained.compiled, explained.assessment, after)


def compare(compiled: Compiled, before: Assessment, after: Assessment) -> Change:
    """Set two judgements of one deal side by side."""
    stage, kind = before.gate
    return Change(
        before=before,
        after=after,
        gate_before=gate_of(compiled, before, stage, kind),
        gate_after=gate_of(compiled, after, stage, kind),
        lacking_before=_lacking(compiled, before, before.focus_stage),
        lacking_after=_lacking(compiled, after, before.focus_stage),
        newly=_keys(compiled, [b & ~a for a, b in zip(before.position, after.position, strict=True)]),
        lost=_keys(compiled, [a & ~b for a, b in zip(before.position, after.position, strict=True)]),
    )


def gate_of(compiled: Compiled, assessment: Assessment, stage: int, kind: Kind) -> Gate:
    """Return the progress of a gate; what does not apply is left out."""
    met = required = 0
    for word in range(compiled.words):
        milestone = compiled.milestone[stage][word]
        mask = milestone if kind is Kind.M else compiled.gate[stage][word] & ~milestone
        mask &= ~assessment.bits.not_applicable[word]
        required += mask.bit_count()
        met += (mask & assessment.position[word]).bit_count()
    return Gate(stage, kind, met, required)


def planned_proof(line: ItemLine, explained: Explained) -> Proof | None:
    """Return the weakest proof that would do for an item today; None while nothing can prove it."""
    if not line.accepts:
        return None
    accept = min(line.accepts, key=lambda row: row.min_grade)
    return draft_fact(explained.opportunity, accept.evidence, accept.min_grade, on=explained.on, known_on=explained.on)


def draft_fact(
    opportunity: Opportunity,
    key: str,
    grade: int,
    *,
    on: date,
    known_on: date,
    valid_until: date | None = None,
    method: str = "",
) -> Proof:
    """Return a proof as the engine would read it once recorded.

    Args:
        on: Day it happened.
    """
    shown = method or (opportunity.purchase_method if key == METHOD_KEY else "")
    return Proof(
        key=key,
        grade=Grade(grade),
        happened_on=on,
        known_on=known_on,
        valid_until=valid_until,
        method=Method(shown) if shown else None,
        sequence=LAST,
    )


def next_fall(explained: Explained, *, within_days: int) -> tuple[date, Change] | None:
    """Return the first day within reach on which time alone sets the deal back, and what it does."""
    if not explained.assessment.frame.moves:
        return None
    limit = explained.on + timedelta(days=within_days)
    day = explained.assessment.reassess_on
    for _step in range(12):
        if day is None or day > limit:
            return None
        change = what_if(explained, on=day)
        if change.lost and (change.falls_back or change.rate_gain < 0 or _gating(explained.compiled, change.lost)):
            return day, change
        day = change.after.reassess_on
    return None


def _gating(compiled: Compiled, keys: Sequence[str]) -> bool:
    return any(compiled.by_key[key].item.gates for key in keys)


def _lacking(compiled: Compiled, assessment: Assessment, stage: int) -> int:
    if assessment.state is State.COMPLETED:
        return 0
    return sum(gate_of(compiled, assessment, stage, kind).lacking for kind in (Kind.M, Kind.S))


def _keys(compiled: Compiled, words: Sequence[int]) -> tuple[str, ...]:
    return tuple(slot.item.key for slot in compiled.slots if words[slot.word] & slot.bit)
