"""Look through all records of a kind for likely duplicates, and propose those not yet judged."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, groupby
from typing import Any, Final

from django.db.models import Count, QuerySet

from duobiao.duplicates.actions.write_keys import forget_others, write_keys
from duobiao.duplicates.domain.likeness import Likeness
from duobiao.duplicates.models import Pair, PairState, SignKey
from duobiao.duplicates.registry import DuplicateKind

MOST_PER_KEY: Final = 60
"""Records that share one key and are compared with each other; a key of more tells too little."""

BATCH: Final = 500
KEYS_AT_ONCE: Final = 100
"""With ``MOST_PER_KEY`` it bounds what is held in memory, however many records there are."""

Places = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Search:
    """What a search through a kind came to.

    Attributes:
        records: How many were looked at.
        compared: How many comparisons were made; a pair that shares keys far apart counts more than once.
        proposed: How many pairs are new.
    """

    records: int
    compared: int
    proposed: int


def find_duplicates(kind: DuplicateKind, *, now: datetime) -> Search:
    """Bring the keys into step and compare what shares one; the work grows with the records, not with their square.

    It goes batch by batch, each kept by itself, so that memory does not grow with the records. A pair that was
    dismissed or merged keeps its state; an open one that is no longer alike is taken away.
    """
    records = _write_all_keys(kind)
    compared = proposed = 0
    for keys in _shared_keys(kind):
        pairs = _sharing(kind, keys)
        proposed += _propose(kind, _likely(kind, pairs), now)
        compared += len(pairs)
    _judge_open(kind)
    return Search(records, compared, proposed)


def _write_all_keys(kind: DuplicateKind) -> int:
    records = 0
    for slice_ in _slices(kind.live()):
        signs = dict(kind.signs(kind.live().filter(pk__in=slice_)))
        write_keys(kind.key, {ref: kind.keys(held) for ref, held in signs.items()})
        records += len(signs)
    forget_others(kind.key, kind.live())
    return records


def _slices(rows: QuerySet[Any]) -> Iterator[list[int]]:
    """Yield the keys of rows, some at a time."""
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield found
        last = found[-1]


def _shared_keys(kind: DuplicateKind) -> Iterator[list[str]]:
    """Yield the keys that some records share, and not too many, some at a time."""
    shared = SignKey.objects.filter(kind=kind.key).values("key").annotate(holders=Count("pk"))
    shared = shared.filter(holders__gte=2, holders__lte=MOST_PER_KEY).order_by("key")
    last = ""
    while found := list(shared.filter(key__gt=last).values_list("key", flat=True)[:KEYS_AT_ONCE]):
        yield found
        last = found[-1]


def _sharing(kind: DuplicateKind, keys: list[str]) -> list[Places]:
    """Return the pairs of records that share one of these keys, each once."""
    rows = SignKey.objects.filter(kind=kind.key, key__in=keys).order_by("key", "ref").values_list("key", "ref")
    groups = ([ref for _, ref in group] for _key, group in groupby(rows, key=lambda row: row[0]))
    return list(dict.fromkeys(pair for refs in groups if len(refs) <= MOST_PER_KEY for pair in combinations(refs, 2)))


def _signs_of(kind: DuplicateKind, refs: Collection[str]) -> dict[str, Any]:
    wanted = sorted(refs)
    signs: dict[str, Any] = {}
    for start in range(0, len(wanted), BATCH):
        signs.update(kind.signs(kind.live().filter(ref__in=wanted[start : start + BATCH])))
    return signs


def _likely(kind: DuplicateKind, pairs: list[Places]) -> dict[Places, Likeness]:
    """Compare pairs; return those alike enough to be proposed."""
    signs = _signs_of(kind, {ref for pair in pairs for ref in pair})
    found = {
        pair: kind.compare(signs[pair[0]], signs[pair[1]]) for pair in pairs if pair[0] in signs and pair[1] in signs
    }
    return {pair: likeness for pair, likeness in found.items() if likeness.is_proposed}


def _propose(kind: DuplicateKind, found: dict[Places, Likeness], now: datetime) -> int:
    """Keep pairs that were never proposed; the database refuses those that somebody else keeps meanwhile."""
    new: list[Pair] = []
    places = list(found)
    for start in range(0, len(places), BATCH):
        some = places[start : start + BATCH]
        rows = Pair.objects.filter(record_kind=kind.key, first__in={pair[0] for pair in some})
        held = set(rows.filter(second__in={pair[1] for pair in some}).values_list("first", "second"))
        new += [_pair(kind, pair, found[pair], now) for pair in some if pair not in held]
    Pair.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
    return len(new)


def _pair(kind: DuplicateKind, places: Places, likeness: Likeness, now: datetime) -> Pair:
    first, second = places
    score, reasons = _said(likeness)
    return Pair(record_kind=kind.key, first=first, second=second, score=score, reasons=reasons, found_at=now)


def _said(likeness: Likeness) -> tuple[int, list[str]]:
    return round(likeness.score * 1000), list(likeness.reasons)


def _judge_open(kind: DuplicateKind) -> None:
    """Compare the open pairs as their records are today: some are more or less alike, some no longer."""
    open_pairs = Pair.objects.filter(record_kind=kind.key, state=PairState.OPEN)
    for slice_ in _slices(open_pairs):
        rows = list(open_pairs.filter(pk__in=slice_))
        likely = _likely(kind, [(row.first, row.second) for row in rows])
        gone, changed = [], []
        for row in rows:
            likeness = likely.get((row.first, row.second))
            if likeness is None:
                gone.append(row.pk)
            elif (row.score, row.reasons) != _said(likeness):
                row.score, row.reasons = _said(likeness)
                changed.append(row)
        open_pairs.filter(pk__in=gone).delete()
        Pair.objects.bulk_update(changed, ["score", "reasons"])
