"""Keep the keys by which likely duplicates are found, in step with the records."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from duobiao.duplicates.models import SignKey

BATCH = 500


@transaction.atomic
def write_keys(kind: str, keys_by_ref: dict[str, frozenset[str]]) -> None:
    """Let records be found by these keys and by no others; an empty set forgets a record."""
    held: dict[str, set[str]] = {ref: set() for ref in keys_by_ref}
    refs = sorted(keys_by_ref)
    for start in range(0, len(refs), BATCH):
        rows = SignKey.objects.filter(kind=kind, ref__in=refs[start : start + BATCH])
        for ref, key in rows.values_list("ref", "key"):
            held[ref].add(key)
    for ref, keys in keys_by_ref.items():
        if gone := held[ref] - keys:
            SignKey.objects.filter(kind=kind, ref=ref, key__in=gone).delete()
    new = [SignKey(kind=kind, ref=ref, key=key) for ref in refs for key in sorted(keys_by_ref[ref] - held[ref])]
    SignKey.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)


def forget_keys(refs: Iterable[str]) -> None:
    """Let records be found by nothing any more."""
    SignKey.objects.filter(ref__in=list(refs)).delete()


def forget_others(kind: str, live: QuerySet[Any]) -> None:
    """Forget the keys of records that are no longer compared."""
    SignKey.objects.filter(~Exists(live.filter(ref=OuterRef("ref"))), kind=kind).delete()
