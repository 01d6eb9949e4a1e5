"""Look through all records of a kind for likely duplicates, and propose those not yet judged."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, groupby
from typing import Any, Final

from django.db import transaction

from duobiao.duplicates.actions.write_keys import forget_others, write_keys
from duobiao.duplicates.domain.likeness import Likeness
from duobiao.duplicates.models import Pair, PairState, SignKey
from duobiao.duplicates.registry import DuplicateKind

MOST_PER_KEY: Final = 60
"""Records that share one key and are compared with each other; a key of more tells too little."""

BATCH: Final = 500
Places = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Search:
    """What a search through a kind came to.

    Attributes:
        records: How many were looked at.
        compared: How many pairs were compared.
        proposed: How many pairs are new.
    """

    records: int
    compared: int
    proposed: int


def find_duplicates(kind: DuplicateKind, *, now: datetime) -> Search:
    """Bring the keys into step and compare what shares one; the work grows with the records, not with their square.

    A pair that was dismissed or merged keeps its state; an open one that is no longer alike is taken away.
    """
    signs = dict(kind.signs(kind.live()))
    refs = list(signs)
    for start in range(0, len(refs), BATCH):
        write_keys(kind.key, {ref: kind.keys(signs[ref]) for ref in refs[start : start + BATCH]})
    forget_others(kind.key, refs)
    found: dict[Places, Likeness] = {}
    compared: set[Places] = set()
    for pair in _sharing_a_key(kind, signs):
        if pair in compared:
            continue
        compared.add(pair)
        likeness = kind.compare(signs[pair[0]], signs[pair[1]])
        if likeness.is_proposed:
            found[pair] = likeness
    return Search(len(refs), len(compared), _keep(kind, found, now))


def _sharing_a_key(kind: DuplicateKind, signs: dict[str, Any]) -> Iterator[Places]:
    rows = SignKey.objects.filter(kind=kind.key).order_by("key", "ref").values_list("key", "ref").iterator()
    for _key, group in groupby(rows, key=lambda row: row[0]):
        refs = [ref for _, ref in group if ref in signs]
        if len(refs) <= MOST_PER_KEY:
            yield from combinations(refs, 2)


@transaction.atomic
def _keep(kind: DuplicateKind, found: dict[Places, Likeness], now: datetime) -> int:
    held = {(row.first, row.second): row for row in Pair.objects.filter(record_kind=kind.key)}
    gone = [row.pk for place, row in held.items() if row.state == PairState.OPEN and place not in found]
    for start in range(0, len(gone), BATCH):
        Pair.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    new, changed = [], []
    for (first, second), likeness in found.items():
        score, row = round(likeness.score * 1000), held.get((first, second))
        if row is None:
            new.append(
                Pair(record_kind=kind.key, first=first, second=second, score=score, found_at=now,
                     reasons=list(likeness.reasons))
            )  # fmt: skip
        elif (row.score, row.reasons) != (score, list(likeness.reasons)):
            row.score, row.reasons = score, list(likeness.reasons)
            changed.append(row)
    Pair.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
    Pair.objects.bulk_update(changed, ["score", "reasons"], batch_size=BATCH)
    return len(new)
