"""Compile a playbook to bit masks: one bit per item, in words of 60 bits, gating items first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from duobiao.playbooks.domain.model import BUYER_STAGES, Accept, Item, Kind, Mark, Method, Playbook, Reset

WORD_BITS = 60
MAX_WORDS = 5

Words = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """Where an item's bit lies; ``late`` says that it goes on after the deal is won."""

    item: Item
    word: int
    bit: int
    late: bool


Uses = dict[str, tuple[tuple[Slot, Accept], ...]]


class Compiled:
    """A playbook ready for judging many deals; build it once and keep it.

    Masks are tuples of words. ``before[n]`` covers all items of stages lower than ``n``, ``upto[n]`` those up to
    and including ``n``; both are arrays ``[word][n]`` so that a vector of stages can index them.
    """

    def __init__(self, playbook: Playbook) -> None:
        self.playbook = playbook
        self.last = playbook.last
        late_from = playbook.goes_on_from
        items = sorted(playbook.items, key=lambda item: not item.gates)
        self.slots: tuple[Slot, ...] = tuple(
            Slot(item, index // WORD_BITS, 1 << (index % WORD_BITS), item.stage >= late_from)
            for index, item in enumerate(items)
        )
        self.by_key: dict[str, Slot] = {slot.item.key: slot for slot in self.slots}
        self.words: int = self.slots[-1].word + 1
        self.rates: NDArray[np.int64] = np.array(playbook.rates, dtype=np.int64)
        covers = [(0, 0), *(stage.covers for stage in playbook.stages)]
        self.covers_from: NDArray[np.int64] = np.array([first for first, _ in covers], dtype=np.int64)
        self.covers_to: NDArray[np.int64] = np.array([last for _, last in covers], dtype=np.int64)
        self.milestone = [self._mask(i for i in self._of(n) if i.kind is Kind.M) for n in range(self.last + 1)]
        self.gate = [self._mask(i for i in self._of(n) if i.gates) for n in range(self.last + 1)]
        self.not_applicable: dict[Method, Words] = {
            method: self._mask(item for item in playbook.items if not item.applies_to(method)) for method in Method
        }
        self.before = self._by_stage(lambda item, n: item.stage < n)
        self.upto = self._by_stage(lambda item, n: item.stage <= n)

    def _of(self, stage: int) -> Iterable[Item]:
        return (item for item in self.playbook.items if item.stage == stage)

    def _mask(self, items: Iterable[Item]) -> Words:
        words = [0] * self.words
        for item in items:
            slot = self.by_key[item.key]
            words[slot.word] |= slot.bit
        return tuple(words)

    def _by_stage(self, covers: Callable[[Item, int], bool]) -> list[NDArray[np.int64]]:
        masks = [self._mask(i for i in self.playbook.items if covers(i, n)) for n in range(self.last + 1)]
        return [np.array([mask[word] for mask in masks], dtype=np.int64) for word in range(self.words)]

    @cached_property
    def uses(self) -> dict[Method, Uses]:
        """Every way a key can prove an item, by purchase method and evidence key."""
        return {method: self._uses_under(method) for method in Method}

    def _uses_under(self, method: Method) -> Uses:
        uses: dict[str, list[tuple[Slot, Accept]]] = {}
        for slot in self.slots:
            for accept in slot.item.accepts_under(method):
                uses.setdefault(accept.evidence, []).append((slot, accept))
        return {key: tuple(rows) for key, rows in uses.items()}

    @cached_property
    def marks(self) -> dict[str, Mark]:
        """The buyer stage each mark shows, by evidence key."""
        return {mark.evidence: mark for stage in self.playbook.buyer_stages for mark in stage.marks}

    @cached_property
    def resets(self) -> dict[str, Reset]:
        """The stage each reset throws the buyer back to, by evidence key."""
        return {reset.evidence: reset for reset in self.playbook.resets}

    def goes_on(self, evidence: str) -> bool:
        """Whether a buyer's mark goes on after the deal is won: those of the buyer's last stage do."""
        mark = self.marks.get(evidence)
        return mark is not None and mark.stage == BUYER_STAGES

    def group(self, stage: int, kind: Kind) -> tuple[Slot, ...]:
        """Return the slots of one kind in one stage, in reading order."""
        return tuple(self.by_key[item.key] for item in self._of(stage) if item.kind is kind)
