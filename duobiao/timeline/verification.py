"""Check the audit: recompute every digest, look for gaps, compare with heads and anchors."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from duobiao.timeline.actions.anchor_day import anchor_digest
from duobiao.timeline.actions.record import GENESIS, detail_digest, entry_digest
from duobiao.timeline.events import DetailsErased
from duobiao.timeline.models import Anchor, AnchoredHead, ChainHead, Entry, EntryDetail

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the audit.

    Attributes:
        code: ``gap``, ``broken_link``, ``digest``, ``detail``, ``detail_missing``, ``head``, ``chain_missing``,
            ``anchor``, ``anchored_head``.
    """

    chain: str
    sequence: int
    code: str


def verify_chains() -> list[Problem]:
    """Recompute everything in three passes that hold one chain at a time; an empty list means all is well."""
    heads = {chain: (sequence, digest) for chain, sequence, digest in _heads()}
    problems: list[Problem] = []
    erased = _erased()
    for chain, entries in groupby(_entries(), key=lambda entry: entry.chain):
        last = GENESIS, 0
        for entry in entries:
            problems += _entry_problems(entry, last, erased)
            last = entry.digest, entry.sequence
        if heads.pop(chain, None) != (last[1], last[0]):
            problems.append(Problem(chain, last[1], "head"))
    problems += [Problem(chain, sequence, "chain_missing") for chain, (sequence, _digest) in heads.items() if sequence]
    return problems + _anchor_problems()


def _heads() -> Iterator[tuple[str, int, str]]:
    return ChainHead.objects.values_list("chain", "sequence", "digest").iterator(chunk_size=CHUNK)


def _entries() -> Iterator[Entry]:
    return Entry.objects.select_related("detail").order_by("chain", "sequence").iterator(chunk_size=CHUNK)


def _erased() -> set[tuple[str, int]]:
    found = EntryDetail.objects.filter(entry__event=DetailsErased.name).values_list("data", flat=True)
    return {(chain, sequence) for data in found for chain, sequence in data.get("entries", [])}


def _entry_problems(entry: Entry, last: tuple[str, int], erased: set[tuple[str, int]]) -> list[Problem]:
    codes = []
    previous, sequence = last
    if entry.sequence != sequence + 1:
        codes.append("gap")
    elif entry.previous != previous:
        codes.append("broken_link")
    if entry.digest != entry_digest(entry):
        codes.append("digest")
    detail: Any = getattr(entry, "detail", None)
    if detail is None:
        if (entry.chain, entry.sequence) not in erased:
            codes.append("detail_missing")
    elif entry.detail_digest != detail_digest(detail.salt, detail.data):
        codes.append("detail")
    return [Problem(entry.chain, entry.sequence, code) for code in codes]


def _anchor_problems() -> list[Problem]:
    problems, previous = [], GENESIS
    for anchor in Anchor.objects.order_by("day"):
        rows = sorted(anchor.heads.values_list("chain", "sequence", "digest"))
        if anchor.previous != previous or anchor.digest != anchor_digest(previous, anchor.day, rows):
            problems.append(Problem(f"anchor {anchor.day}", 0, "anchor"))
        previous = anchor.digest
    return problems + [Problem(chain, sequence, "anchored_head") for chain, sequence in _lost_heads()]


def _lost_heads() -> Iterator[tuple[str, int]]:
    """Yield anchored places whose entry is gone or different by now."""
    heads = AnchoredHead.objects.order_by("id").values_list("chain", "sequence", "digest").iterator(chunk_size=CHUNK)
    part: list[tuple[str, int, str]] = []
    for row in heads:
        part.append(row)
        if len(part) == CHUNK:
            yield from _lost(part)
            part = []
    yield from _lost(part)


def _lost(part: list[tuple[str, int, str]]) -> Iterator[tuple[str, int]]:
    digests = [digest for _chain, _sequence, digest in part]
    held = set(Entry.objects.filter(digest__in=digests).values_list("chain", "sequence", "digest"))
    for row in part:
        if row not in held:
            yield row[0], row[1]
