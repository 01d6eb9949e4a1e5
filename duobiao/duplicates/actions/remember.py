"""Keep what a merge changes, so that it can be undone; and bring whatever still hangs on the other record."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, models, transaction

from duobiao.duplicates.domain.changes import differences
from duobiao.duplicates.events import OwnRecordsMerged
from duobiao.duplicates.models import Merge, MergeMemory, Pair, PairState
from duobiao.duplicates.queries.surroundings import relations_to, surroundings
from duobiao.duplicates.registry import kind_of
from duobiao.identity.models import User
from duobiao.timeline.actions.notify import notify

SERIES: Final = ("number", "sequence")


@contextmanager
def remembered(*, keeper: Any, other: Any, actor: User, now: datetime) -> Iterator[None]:
    """Keep what happens to both records and to all that hangs on them within the block, which merges them.

    Args:
        keeper, other: Of one kind, locked by the caller.
    """
    model = type(keeper)
    before = surroundings(model, [keeper, other])
    yield
    changes = [change.written() for change in differences(before, surroundings(model, [keeper, other]))]
    merge = Merge.objects.create(
        record_kind=keeper.kind, keeper=keeper.ref, other=other.ref, merged_at=now, merged_by=actor
    )
    MergeMemory.objects.create(merge=merge, changes=changes)
    tell_owners((keeper, other), event=OwnRecordsMerged.name, actor=actor, now=now)
    first, second = sorted((keeper.ref, other.ref))
    Pair.objects.filter(record_kind=keeper.kind, first=first, second=second).update(
        state=PairState.MERGED, settled_at=now, settled_by=actor
    )


def tell_owners(records: tuple[Any, Any], *, event: str, actor: User, now: datetime, **data: Any) -> None:
    """Tell who owns one of two records, but for the actor, what somebody did to both."""
    keeper, other = records
    if (kind := kind_of(keeper.kind)) is None:
        return
    owners = [owner for row in records if (owner := kind.owner(row)) is not None and owner != actor]
    said = {"keeper": str(keeper), "other": str(other), **data}
    notify(owners, event=event, url=kind.url(keeper.ref), at=now, data=said)


def repoint(keeper: Any, other: Any, *, stays: frozenset[str]) -> None:
    """Point at the keeper whatever rows of any capability still point at the other record.

    A row of which the keeper has the like already stays; of a numbered series all or none goes.

    Args:
        stays: Columns that keep pointing at the other record, see ``DuplicateKind.stays``.
    """
    for related, name in relations_to(type(keeper)):
        field: Any = related._meta.get_field(name)
        if f"{related._meta.label}.{name}" in stays or field.primary_key:
            continue
        rows = related._base_manager.filter(**{name: other.pk})
        if not _moved(rows, name, keeper) and not _is_series(related):
            for key in list(rows.values_list("pk", flat=True)):
                _moved(rows.filter(pk=key), name, keeper)


def _is_series(model: type[models.Model]) -> bool:
    return any(field.name in SERIES for field in model._meta.concrete_fields)


def _moved(rows: models.QuerySet[Any], name: str, keeper: Any) -> bool:
    try:
        with transaction.atomic():
            rows.update(**{name: keeper})
    except IntegrityError:
        return False
    return True
