"""Assess one deal: a pure function of playbook, facts and day (b-playbook-8 §0.1b)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from duobiao.playbooks.domain.compile import Compiled, Slot, Words
from duobiao.playbooks.domain.facts import Facts, Frame, Proof, frame_on, last_day
from duobiao.playbooks.domain.model import (
    Accept,
    Grade,
    Kind,
    LagVerdict,
    Method,
    State,
    Verdict,
)
from duobiao.playbooks.domain.place import LAG_VERDICTS, NO_LAG, STATES, Bits, Place, place

MARK_GRADE = Grade.DOCUMENTED
"""Marks and resets below this grade are hearsay and do not move the buyer (§0.6)."""


@dataclass(frozen=True, slots=True)
class ItemState:
    """How one item stands.

    Attributes:
        grade: The strongest live grade among evidence the item accepts; None without any.
        expires_on: Last day on which the item stays met by what is held; None: it does not expire, or is not met.
        proof: The proof that decides the verdict, where there is one.
    """

    slot: Slot
    verdict: Verdict
    grade: Grade | None
    expires_on: date | None
    proof: Proof | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """Where a deal stands on a day.

    Attributes:
        stage_number: Highest stage entered, 0 for none.
        completed_stage: Highest stage completed by position.
        rated_stage: Highest stage completed counting for the rate.
        lag: Buyer's stage less the stage the buyer has let us into; None while the buyer is unknown.
        settled_through: Stage up to which the buyer's choice of us settles all items; 0 for none.
        reassess_on: First day on which time alone can change anything; None: never.
        position: Words of the items that count for position.
        waived: Words of items that are WAIVED.
        expired: Words of items that are EXPIRED.
        last_stage: Number of the playbook's last stage.
    """

    stage_number: int
    state: State
    completed_stage: int
    rated_stage: int
    rate_percent: int
    buyer_stage: int
    lag: int | None
    verdict: LagVerdict
    settled_through: int
    method: Method
    reassess_on: date | None
    position: Words
    waived: Words
    expired: Words
    last_stage: int
    bits: Bits
    place: Place
    frame: Frame

    @property
    def focus_stage(self) -> int:
        """The stage whose items matter now: the present one, or the next where it is completed."""
        if self.state is State.IN_STAGE:
            return self.stage_number
        return min(self.last_stage, self.completed_stage + 1)

    @property
    def gate(self) -> tuple[int, Kind]:
        """The next gate: entering (M) or completing (S) a stage."""
        return self.focus_stage, Kind.S if self.state in (State.IN_STAGE, State.COMPLETED) else Kind.M


@dataclass(slots=True)
class _Tally:
    proved: list[int]
    held: list[int]
    waived: list[int]
    reassess: date | None = None

    def wake(self, day: date) -> None:
        self.reassess = day if self.reassess is None else min(self.reassess, day)


def assess(compiled: Compiled, facts: Facts, *, on: date) -> Assessment:
    """Judge a deal on a day with what was known by the end of that day.

    Args:
        facts: All facts ever recorded, in any order; those not yet known, retracted or frozen out are ignored.
        on: Local day.
    """
    frame = frame_on(facts.closings, on)
    method = method_on(facts.proofs, frame)
    tally = _tally(compiled, facts, frame, method)
    bits = Bits(
        proved=tally.proved,
        held=tally.held,
        waived=tally.waived,
        not_applicable=compiled.not_applicable[method],
        settled=_settled(compiled, facts.proofs, frame),
        buyer=buyer_stage(compiled, facts.proofs, frame),
    )
    found = place(compiled, bits)
    lag = int(found.lag)
    return Assessment(
        stage_number=int(found.entered),
        state=STATES[int(found.state)],
        completed_stage=int(found.completed),
        rated_stage=int(found.rated),
        rate_percent=int(found.rate),
        buyer_stage=int(bits.buyer),
        lag=None if lag == NO_LAG else lag,
        verdict=LAG_VERDICTS[int(found.verdict)],
        settled_through=int(bits.settled),
        method=method,
        reassess_on=tally.reassess,
        position=_words(found.position),
        waived=_words(w & ~m for w, m in zip(bits.waived, found.met, strict=True)),
        expired=_words(h & ~p for h, p in zip(bits.held, found.position, strict=True)),
        last_stage=compiled.last,
        bits=bits,
        place=found,
        frame=frame,
    )


def method_on(proofs: Iterable[Proof], frame: Frame) -> Method:
    """Return the purchase method in force: the latest live fact about it, the later recorded on equal days."""
    known = [p for p in proofs if p.method is not None and p.live(on=frame.on, known_by=frame.known_by)]
    if not known:
        return Method.UNKNOWN
    latest = max(known, key=lambda proof: (proof.happened_on, proof.sequence, proof.ref))
    return latest.method or Method.UNKNOWN


def buyer_stage(compiled: Compiled, proofs: Iterable[Proof], frame: Frame) -> int:
    """Return the highest stage among the buyer's marks that no later reset voids; 0 for none (§0.6)."""
    return max((mark for mark, _ in standing_marks(compiled, proofs, frame)), default=0)


def standing_marks(compiled: Compiled, proofs: Iterable[Proof], frame: Frame) -> list[tuple[int, Proof]]:
    """Return the marks that stand, as (buyer stage, proof), in any order."""
    marks: list[tuple[int, Proof]] = []
    resets: list[tuple[int, date]] = []
    for proof in proofs:
        if proof.grade < MARK_GRADE:
            continue
        mark, reset = compiled.marks.get(proof.key), compiled.resets.get(proof.key)
        if mark is not None and _live_at(proof, frame, late=compiled.goes_on(proof.key)):
            marks.append((mark.stage, proof))
        if reset is not None and _live_at(proof, frame, late=False):
            resets.append((reset.to, proof.happened_on))
    return [
        (stage, proof)
        for stage, proof in marks
        if not any(stage > to and proof.happened_on <= day for to, day in resets)
    ]


def item_states(facts: Facts, assessment: Assessment, slots: Iterable[Slot]) -> list[ItemState]:
    """Return verdict, held grade and last day of items; ``slots`` picks them."""
    by_key: dict[str, list[Proof]] = {}
    for proof in facts.proofs:
        by_key.setdefault(proof.key, []).append(proof)
    return [_item_state(slot, by_key, assessment) for slot in slots]


def verdict_of(slot: Slot, assessment: Assessment, *, weak: bool) -> Verdict:
    """Return an item's verdict; ``weak`` says that live evidence of too low a grade exists."""
    word, bit = slot.word, slot.bit
    bits = assessment.bits
    if bits.not_applicable[word] & bit:
        return Verdict.NOT_APPLICABLE
    if int(assessment.place.met[word]) & bit:
        settled_only = slot.item.stage <= assessment.settled_through and not _proved_by_itself(slot, assessment)
        return Verdict.SETTLED if settled_only else Verdict.MET
    if bits.waived[word] & bit:
        return Verdict.WAIVED
    if bits.held[word] & bit:
        return Verdict.EXPIRED
    return Verdict.WEAK if weak else Verdict.MISSING


def _proved_by_itself(slot: Slot, assessment: Assessment) -> bool:
    bits = assessment.bits
    if bits.proved[slot.word] & slot.bit:
        return True
    return bool(bits.held[slot.word] & slot.bit) and slot.item.stage < int(assessment.place.last_firm)


def _tally(compiled: Compiled, facts: Facts, frame: Frame, method: Method) -> _Tally:
    tally = _Tally([0] * compiled.words, [0] * compiled.words, [0] * compiled.words)
    uses = compiled.uses[method]
    for proof in facts.proofs:
        _wake_for_marks(tally, compiled, proof, frame)
        for slot, accept in uses.get(proof.key, ()):
            if proof.grade >= accept.min_grade:
                _count(tally, proof, slot, accept, frame)
    for waiver in facts.waivers:
        slot = compiled.by_key[waiver.item]
        on, known_by = frame.days(late=slot.late)
        if waiver.runs(on=on, known_by=known_by):
            tally.waived[slot.word] |= slot.bit
            if frame.moves_at(late=slot.late):
                tally.wake(waiver.expires_on + timedelta(days=1))
    return tally


def _wake_for_marks(tally: _Tally, compiled: Compiled, proof: Proof, frame: Frame) -> None:
    """Wake on the day of a mark, reset, settlement or method that lies ahead (recorded east of the company)."""
    mark = compiled.marks.get(proof.key)
    late = compiled.goes_on(proof.key)
    counts = (
        (proof.grade >= MARK_GRADE and (mark is not None or proof.key in compiled.resets))
        or (proof.grade >= Grade.BUYER_CONFIRMED and proof.key in compiled.playbook.settlements)
        or proof.method is not None
    )
    on, known_by = frame.days(late=late)
    ahead = proof.happened_on > on and proof.live(on=proof.happened_on, known_by=known_by)
    if counts and ahead and frame.moves_at(late=late):
        tally.wake(proof.happened_on)


def _count(tally: _Tally, proof: Proof, slot: Slot, accept: Accept, frame: Frame) -> None:
    on, known_by = frame.days(late=slot.late)
    if not proof.live(on=on, known_by=known_by):
        if frame.moves_at(late=slot.late) and proof.live(on=proof.happened_on, known_by=known_by):
            tally.wake(proof.happened_on)
        return
    tally.held[slot.word] |= slot.bit
    end = last_day(proof, accept)
    if end is None or on <= end:
        tally.proved[slot.word] |= slot.bit
        if end is not None and frame.moves_at(late=slot.late):
            tally.wake(end + timedelta(days=1))


def _settled(compiled: Compiled, proofs: Iterable[Proof], frame: Frame) -> int:
    settlements = compiled.playbook.settlements
    return max(
        (
            settlements[proof.key]
            for proof in proofs
            if proof.key in settlements
            and proof.grade >= Grade.BUYER_CONFIRMED
            and proof.live(on=frame.on, known_by=frame.known_by)
        ),
        default=0,
    )


def _live_at(proof: Proof, frame: Frame, *, late: bool) -> bool:
    on, known_by = frame.days(late=late)
    return proof.live(on=on, known_by=known_by)


def _words(words: Iterable[int]) -> Words:
    return tuple(int(word) for word in words)


def _item_state(slot: Slot, by_key: dict[str, list[Proof]], assessment: Assessment) -> ItemState:
    held = list(_candidates(slot, by_key, assessment))
    on, _ = assessment.frame.days(late=slot.late)
    enough = [(proof, accept) for proof, accept in held if proof.grade >= accept.min_grade]
    verdict = verdict_of(slot, assessment, weak=bool(held) and not enough)
    best = _best(enough or held, on)
    expires = _expires(enough, on) if verdict is Verdict.MET else None
    if verdict is Verdict.EXPIRED and best is not None:
        expires = last_day(*best)
    return ItemState(
        slot=slot,
        verdict=verdict,
        grade=max((proof.grade for proof, _ in held), default=None),
        expires_on=expires,
        proof=best[0] if best is not None else None,
    )


def _candidates(slot: Slot, by_key: dict[str, list[Proof]], assessment: Assessment) -> Iterator[tuple[Proof, Accept]]:
    on, known_by = assessment.frame.days(late=slot.late)
    for accept in slot.item.accepts_under(assessment.method):
        for proof in by_key.get(accept.evidence, ()):
            if proof.live(on=on, known_by=known_by):
                yield proof, accept


def _best(held: Sequence[tuple[Proof, Accept]], on: date) -> tuple[Proof, Accept] | None:
    """Pick the proof to show: fresh before stale, the one that lasts longest, the stronger, the later."""

    def rank(row: tuple[Proof, Accept]) -> tuple[bool, date, int, date, int]:
        proof, accept = row
        end = last_day(proof, accept) or date.max
        return end >= on, end, int(proof.grade), proof.happened_on, proof.sequence

    return max(held, key=rank, default=None)


def _expires(enough: Sequence[tuple[Proof, Accept]], on: date) -> date | None:
    """Return the last day of what is held; None when something held never expires or is kept by freezing."""
    ends = [last_day(proof, accept) for proof, accept in enough]
    fresh = [end for end in ends if end is not None and end >= on]
    if None in ends or not fresh:
        return None
    return max(fresh)
