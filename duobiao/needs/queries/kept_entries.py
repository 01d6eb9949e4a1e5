"""Entries of the library as they are kept: shipped, changed or own ones, also those no longer offered."""

from dataclasses import replace

from django.utils.translation import get_language

from duobiao.needs.models import LibraryKind, LibraryVersion
from duobiao.needs.queries.bank import shipped_questions
from duobiao.needs.queries.kept import Entry, latest
from duobiao.needs.queries.library import shipped_tactics
from duobiao.web.texts import in_language


def entries(sort: str) -> list[Entry]:
    """Return all entries of a kind by their kind and text, the shipped ones first; one query."""
    kept = latest(sort)
    shipped = _shipped(sort)
    found = [_held(kept.get(key), entry) for key, entry in shipped.items()]
    found += [_changed(row, shipped=False) for key, row in kept.items() if key not in shipped]
    kinds = ("S", "P", "I", "N") if sort == LibraryKind.SPIN else ("PRICE", "TECHNOLOGY", "SERVICE", "RESISTANCE")
    return sorted(found, key=lambda entry: (entry.industry, kinds.index(entry.slot), not entry.shipped))


def entry_of(sort: str, key: str, *, number: int | None = None) -> Entry | None:
    """Return an entry as it holds, or as shipped with ``number=0``; None where there is none."""
    shipped = _shipped(sort).get(key)
    row = None if number == 0 else latest(sort).get(key)
    if shipped is not None:
        return _held(row, shipped)
    return _changed(row, shipped=False) if row is not None else None


def _held(row: LibraryVersion | None, shipped: Entry) -> Entry:
    if row is None or row.as_shipped:
        return replace(shipped, number=row.number if row is not None else 0)
    return _changed(row, shipped=True)


def _changed(row: LibraryVersion, *, shipped: bool) -> Entry:
    return Entry(row.sort, row.key, row.number, row.slot, row.industry, row.text, row.how, row.removed, shipped)


def _shipped(sort: str) -> dict[str, Entry]:
    """Return the shipped entries by key, in the reader's language."""
    if sort == LibraryKind.TACTIC:
        return {
            key: Entry(sort, key, 0, row.type, "", row.words, row.doing, False, True)
            for key, row in shipped_tactics().items()
        }
    language = get_language()
    return {
        row.key: Entry(
            sort,
            row.key,
            0,
            row.letter,
            in_language(row.industry, language) if names else "",
            row.words,
            "",
            False,
            True,
        )
        for row, names in shipped_questions()
    }
