"""Records that share keys, pairs within a person's sight, and merges they may undo."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from duobiao.duplicates.models import Merge, Pair, PairState, SignKey
from duobiao.duplicates.models.merge import UNDO_DAYS
from duobiao.duplicates.registry import DuplicateKind, kind_of, kinds
from duobiao.identity.models import User
from duobiao.identity.policy import Scope, allows, scope_of
from duobiao.kernel.refusals import NotFound
from duobiao.web.registry import Text

MOST_PER_KEY: Final = 120
MOST_COMPARED: Final = 200
MOST_OFFERED: Final = 20
PARTS: Final = ("h:", "e:")
"""Marks of keys that are the beginning or the end of a name."""


@dataclass(frozen=True, slots=True)
class PairShown:
    """A pair as the list shows it.

    Attributes:
        percent: Score in percent.
        may_settle: The reader may merge it or say that it is none.
    """

    pair: Pair
    first: Any
    second: Any
    first_line: str
    second_line: str
    first_url: str
    second_url: str
    percent: int
    reasons: list[Text]
    may_settle: bool


@dataclass(frozen=True, slots=True)
class MergeShown:
    """A merge as the list shows it."""

    merge: Merge
    keeper: Any
    other: Any
    keeper_url: str
    may_undo: bool


def refs_sharing_keys(kind: str, keys: Iterable[str], *, most: int) -> list[str]:
    """Return references of records that share a key, at most ``most``; those of telling keys first.

    A beginning or an end that very many names have tells little: of each only some are looked at.
    """
    rows = SignKey.objects.filter(kind=kind).values_list("ref", flat=True)
    wanted = sorted(keys)
    telling = [key for key in wanted if not key.startswith(PARTS)]
    found = dict.fromkeys(rows.filter(key__in=telling)[:most])
    for key in (key for key in wanted if key.startswith(PARTS)):
        found.update(dict.fromkeys(rows.filter(key=key)[:MOST_PER_KEY]))
    return list(found)[:most]


def pairs_seen(kind: DuplicateKind, user: User, *, state: str = PairState.OPEN) -> QuerySet[Pair]:
    """Return the pairs both of whose records the person may see."""
    seen = kind.seen_by(user).values("ref")
    return Pair.objects.filter(record_kind=kind.key, state=state, first__in=seen, second__in=seen)


def get_pair(*, ref: str, user: User) -> tuple[Pair, DuplicateKind, tuple[Any, Any]]:
    """Return a pair with its kind and both records, if the person may see both.

    Raises:
        NotFound: there is none, it was settled, or a record is out of the person's sight.
    """
    pair = Pair.objects.filter(ref=ref).first()
    kind = kind_of(pair.record_kind) if pair is not None else None
    if pair is not None and kind is not None:
        rows = {row.ref: row for row in kind.seen_by(user).filter(ref__in=[pair.first, pair.second])}
        if len(rows) == 2:
            return pair, kind, (rows[pair.first], rows[pair.second])
    raise NotFound(_("There is no such pair, or you may not see both entries."))


def two_seen(*, kind: str, first: str, second: str, user: User) -> tuple[DuplicateKind, Any, Any]:
    """Return two live records of a kind that the person may see, in this order.

    Raises:
        NotFound: the kind is unknown, or one of them is out of sight, merged or closed.
    """
    how = kind_of(kind)
    rows = {row.ref: row for row in how.seen_by(user).filter(ref__in=[first, second])} if how is not None else {}
    if how is None or first not in rows or second not in rows or first == second:
        raise NotFound(_("There are no two such entries, or you may not see both."))
    return how, rows[first], rows[second]


def likely_others(kind: DuplicateKind, record: Any, *, text: str, user: User) -> list[Any]:
    """Return what a record may be merged with: those whose names hold ``text``; without it those that are alike.

    Where it can be merged with few others only, these are all offered.
    """
    rows = kind.seen_by(user).exclude(pk=record.pk)
    rows = kind.among(rows, record) if kind.among is not None else rows
    if text or kind.among is not None:
        return list(rows.filter(**{f"{kind.name}__icontains": text}).order_by(kind.name, "pk")[:MOST_OFFERED])
    signs = dict(kind.signs(kind.live().filter(pk=record.pk)))
    keys = kind.keys(signs[record.ref]) if signs else frozenset()
    near = rows.filter(ref__in=refs_sharing_keys(kind.key, keys, most=MOST_COMPARED))
    compared = {ref: kind.compare(signs[record.ref], other).score for ref, other in kind.signs(near)}
    likeliest = sorted((ref for ref in compared if compared[ref] > 0), key=lambda ref: -compared[ref])[:MOST_OFFERED]
    found = {row.ref: row for row in rows.filter(ref__in=likeliest)}
    return [found[ref] for ref in likeliest if ref in found]


def made_by(actor: User, *, kind: str, records: tuple[str, str]) -> str | None:
    """Return the address of what was kept, where the person merged these two already: a double click acts once."""
    how = kind_of(kind)
    rows = Merge.objects.filter(record_kind=kind, merged_by=actor, undone_at=None)
    keeper = rows.filter(keeper__in=records, other__in=records).values_list("keeper", flat=True).first()
    return how.url(keeper) if how is not None and keeper is not None else None


def pair_of(kind: DuplicateKind, one: Any, other: Any) -> Pair | None:
    """Return the pair that two records were proposed as."""
    first, second = sorted((one.ref, other.ref))
    return Pair.objects.filter(record_kind=kind.key, first=first, second=second).first()


def shown(kind: DuplicateKind, pairs: Sequence[Pair], user: User) -> list[PairShown]:
    """Return pairs with both records; three queries for any number."""
    refs = {ref for pair in pairs for ref in (pair.first, pair.second)}
    records = {row.ref: row for row in kind.seen_by(user).filter(ref__in=refs)}
    lines = kind.headline(records.values())
    return [
        PairShown(
            pair=pair,
            first=records[pair.first],
            second=records[pair.second],
            first_line=lines.get(pair.first, ""),
            second_line=lines.get(pair.second, ""),
            first_url=kind.url(pair.first),
            second_url=kind.url(pair.second),
            percent=round(pair.score / 10),
            reasons=[kind.reasons.get(code, code) for code in pair.reasons],
            may_settle=all(allows(user, kind.verb, records[ref]) for ref in (pair.first, pair.second)),
        )
        for pair in pairs
        if pair.first in records and pair.second in records
    ]


def kinds_of(user: User) -> list[DuplicateKind]:
    """Return the kinds of which a person sees anything at all."""
    return [kind for kind in kinds() if scope_of(user, kind.view) is not Scope.NONE]


def recent_merges(kind: DuplicateKind, user: User, *, now: datetime) -> list[MergeShown]:
    """Return the merges of the last 30 days that the person may undo or might have made, newest first."""
    since = now - timedelta(days=UNDO_DAYS)
    rows = Merge.objects.filter(record_kind=kind.key, merged_at__gt=since).select_related("merged_by", "undone_by")
    rows = rows.filter(keeper__in=kind.seen_by(user).values("ref")).order_by("-merged_at", "-pk")
    merges = list(rows[:100])
    refs = {ref for merge in merges for ref in (merge.keeper, merge.other)}
    records = {row.ref: row for row in kind.load(refs)}
    return [
        MergeShown(merge, records[merge.keeper], records[merge.other], kind.url(merge.keeper), merge.is_undoable(now))
        for merge in merges
        if all(allows(user, kind.verb, records[ref]) for ref in (merge.keeper, merge.other))
    ]


def get_merge(*, ref: str, user: User) -> Merge:
    """Return a merge whose kept record the person may see.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    merge = Merge.objects.filter(ref=ref).first()
    kind = kind_of(merge.record_kind) if merge is not None else None
    if merge is None or kind is None or not kind.seen_by(user).filter(ref=merge.keeper).exists():
        raise NotFound(_("There is no such merge, or you may not see what was kept."))
    return merge
