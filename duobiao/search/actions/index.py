"""Keep the index in step with the records; called inside the transaction that changed them."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from duobiao.search.domain.findable import LONGEST_TITLE, Findable
from duobiao.search.models import SearchAccess, SearchDocument
from duobiao.search.models.words import forget_words, write_words

SHOWN = ("title", "subtitle", "body")
KEPT = (*SHOWN, "url", "owner_id", "touched_at")
Key = tuple[str, str]


def index(record: Findable) -> None:
    """Make one record findable as it now is; see ``index_many``."""
    index_many([record])


@transaction.atomic
def index_many(records: Sequence[Findable]) -> None:
    """Make records findable as they now are; what did not change is not written."""
    wanted = {(record.kind, record.ref): record for record in records}
    known = _known(wanted)
    rows = {key: _row(record) for key, record in wanted.items()}
    stale = [row for key, row in rows.items() if key not in known or _differs(row, known[key], KEPT)]
    reworded = [row for row in stale if (held := known.get((row.kind, row.ref))) is None or _differs(row, held, SHOWN)]
    saved = SearchDocument.objects.bulk_create(
        stale,
        update_conflicts=True,
        unique_fields=["kind", "ref"],
        update_fields=["title", "subtitle", "body", "url", "owner", "touched_at"],
        batch_size=500,
    )
    known.update({(row.kind, row.ref): row for row in saved})
    write_words([(row.pk, row.title, f"{row.subtitle} {row.body}") for row in reworded])
    _share({known[key].pk: record.people for key, record in wanted.items()})


@transaction.atomic
def remove(*, kind: str, refs: Iterable[str]) -> None:
    """Make records no longer findable; unknown references are ignored."""
    keys = list(SearchDocument.objects.filter(kind=kind, ref__in=list(refs)).values_list("pk", flat=True))
    forget_words(keys)
    SearchDocument.objects.filter(pk__in=keys).delete()


def _known(wanted: Iterable[Key]) -> dict[Key, SearchDocument]:
    refs_by_kind: dict[str, list[str]] = {}
    for kind, ref in wanted:
        refs_by_kind.setdefault(kind, []).append(ref)
    return {
        (row.kind, row.ref): row
        for kind, refs in refs_by_kind.items()
        for row in SearchDocument.objects.filter(kind=kind, ref__in=refs)
    }


def _row(record: Findable) -> SearchDocument:
    return SearchDocument(
        kind=record.kind,
        ref=record.ref,
        title=record.title[:LONGEST_TITLE],
        subtitle=record.subtitle[:LONGEST_TITLE],
        body=f"{record.ref} {record.body}",
        url=record.url,
        owner_id=record.owner_id,
        touched_at=record.touched_at,
    )


def _differs(row: SearchDocument, held: SearchDocument, names: Iterable[str]) -> bool:
    return any(getattr(row, name) != getattr(held, name) for name in names)


def _share(people_by_document: dict[int, frozenset[int]]) -> None:
    held = SearchAccess.objects.filter(document_id__in=list(people_by_document))
    present = {(row.document_id, row.user_id): row.pk for row in held}
    wanted = {(document, user) for document, people in people_by_document.items() for user in people}
    if gone := [pk for key, pk in present.items() if key not in wanted]:
        SearchAccess.objects.filter(pk__in=gone).delete()
    if new := wanted - present.keys():
        SearchAccess.objects.bulk_create(
            [SearchAccess(document_id=document, user_id=user) for document, user in sorted(new)], batch_size=500
        )
