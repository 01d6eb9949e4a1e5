"""Where a deal stands, computed from bits; the same lines serve one deal and a hundred thousand.

Every argument is either one integer or a numpy array with one integer per deal. The rules are b-playbook-8 §0.1b.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from duobiao.playbooks.domain.compile import Compiled, Words
from duobiao.playbooks.domain.model import LagVerdict, State

Number = Any
"""An int, or an integer array with one element per deal."""

NO_LAG = -100
"""Stands for "no lag" in vectors, where None cannot."""

STATES = (State.NOT_ENTERED, State.IN_STAGE, State.TRANSIT, State.COMPLETED)
LAG_VERDICTS = (
    LagVerdict.UNKNOWN,
    LagVerdict.IN_SYNC,
    LagVerdict.AHEAD,
    LagVerdict.CATCH_UP,
    LagVerdict.GIVE_UP_PROPOSED,
)


@dataclass(frozen=True, slots=True)
class Bits:
    """What the facts of a deal prove, one bit per item, plus the buyer's own acts.

    Attributes:
        proved: Some applicable evidence of sufficient grade is fresh.
        held: Some applicable evidence of sufficient grade exists, fresh or not.
        waived: A waiver runs.
        not_applicable: The purchase method excludes the item.
        settled: Stage up to which the buyer's choice of us settles everything, 0 for none.
        buyer: The buyer's stage, 0 for unknown.
    """

    proved: Sequence[Number]
    held: Sequence[Number]
    waived: Sequence[Number]
    not_applicable: Sequence[Number]
    settled: Number
    buyer: Number


@dataclass(frozen=True, slots=True)
class Place:
    """Where a deal stands; ``state`` and ``verdict`` are indexes into STATES and LAG_VERDICTS.

    Attributes:
        met: Items that count for position and rate (MET, SETTLED, NOT_APPLICABLE).
        position: Items that count for position (``met`` and WAIVED).
        completed: Last stage completed by position.
        rated: Last stage completed counting for the rate.
        lag: Buyer's stage less the stage the buyer has let us into, or NO_LAG.
        last_firm: Highest stage whose gating items are all proved or waived; it freezes the stages before it (R8).
    """

    met: Sequence[Number]
    position: Sequence[Number]
    entered: Number
    completed: Number
    rated: Number
    state: Number
    rate: Number
    lag: Number
    verdict: Number
    last_firm: Number


def place(compiled: Compiled, bits: Bits) -> Place:
    """Apply the rules of §0.1b to what the facts prove."""
    words = range(compiled.words)
    firm = [bits.proved[w] | bits.waived[w] | bits.not_applicable[w] for w in words]
    last_firm: Number = 0
    for stage in range(1, compiled.last + 1):
        last_firm = np.maximum(last_firm, stage * _covers(firm, compiled.gate[stage]))
    met = [
        bits.proved[w]
        | (bits.held[w] & compiled.before[w][last_firm])
        | compiled.upto[w][bits.settled]
        | bits.not_applicable[w]
        for w in words
    ]
    position = [met[w] | bits.waived[w] for w in words]
    entered, completed = _progress(compiled, position)
    _, rated = _progress(compiled, met)
    lag = lag_between(compiled, bits.buyer, completed)
    return Place(
        met=met,
        position=position,
        entered=entered,
        completed=completed,
        rated=rated,
        state=_state(compiled.last, entered, completed),
        rate=compiled.rates[rated],
        lag=lag,
        verdict=_verdict(lag, bits.buyer),
        last_firm=last_firm,
    )


def lag_between(compiled: Compiled, buyer: Number, completed: Number) -> Number:
    """Return the buyer's stage less the stage the buyer has let us into, or NO_LAG while the buyer is unknown.

    That stage of ours covers a range of the buyer's stages: within it the lag is 0, beyond it the distance to its edge.
    """
    let_into = np.minimum(compiled.last, completed + 1)
    first, last = compiled.covers_from[let_into], compiled.covers_to[let_into]
    distance = buyer - np.minimum(np.maximum(buyer, first), last)
    return np.where(buyer == 0, NO_LAG, distance)


def _covers(held: Sequence[Number], mask: Words) -> Number:
    covered: Number = 1
    for have, need in zip(held, mask, strict=True):
        if need:
            covered = covered * ((have & need) == need)
    return covered


def _progress(compiled: Compiled, held: Sequence[Number]) -> tuple[Number, Number]:
    entered: Number = 0
    completed: Number = 0
    running: Number = 1
    for stage in range(1, compiled.last + 1):
        running = running * _covers(held, compiled.milestone[stage])
        entered = entered + running
        running = running * _covers(held, compiled.gate[stage])
        completed = completed + running
    return entered, completed


def _state(last: int, entered: Number, completed: Number) -> Number:
    transit = np.where(completed == entered, 2, 1)
    return np.where(entered == 0, 0, np.where(completed == last, 3, transit))


def _verdict(lag: Number, buyer: Number) -> Number:
    behind = np.where((lag >= 3) & (buyer >= 5), 4, 3)
    known = np.where(lag == 0, 1, np.where(lag < 0, 2, behind))
    return np.where(lag == NO_LAG, 0, known)
