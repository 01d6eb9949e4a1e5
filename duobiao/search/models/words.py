"""The table of words, ``search_index``: FTS5 on SQLite, a ``tsvector`` under GIN on PostgreSQL.

It is derived from ``SearchDocument`` and can be built anew at any time. Tokens consist of letters and digits only
(see ``domain.bigrams``), so they need no quoting beyond quotation marks.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Expression

from duobiao.search.domain.bigrams import Term, tokens

FURTHEST_POSITION = 16_000
"""PostgreSQL counts positions up to 16,383."""

WRITE = {
    "sqlite": "INSERT OR REPLACE INTO search_index (rowid, title, body) VALUES (%s, %s, %s)",
    "postgresql": (
        "INSERT INTO search_index (document_id, vector) VALUES (%s, %s::tsvector) "
        "ON CONFLICT (document_id) DO UPDATE SET vector = EXCLUDED.vector"
    ),
}
FORGET = {
    "sqlite": "DELETE FROM search_index WHERE rowid = %s",
    "postgresql": "DELETE FROM search_index WHERE document_id = %s",
}


def write_words(rows: Sequence[tuple[int, str, str]]) -> None:
    """Keep the words of documents, replacing earlier ones.

    Args:
        rows: Key of the document, its title, its other text.
    """
    if not rows:
        return
    parameters = [_row(key, tokens(title), tokens(rest)) for key, title, rest in rows]
    with connection.cursor() as cursor:
        cursor.executemany(WRITE[connection.vendor], parameters)


def forget_words(keys: Iterable[int]) -> None:
    """Forget the words of documents."""
    with connection.cursor() as cursor:
        cursor.executemany(FORGET[connection.vendor], [(key,) for key in keys])


def forget_all_words() -> None:
    """Empty the table."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_index")


class Matching(Expression):
    """The keys of documents that hold all terms: the right side of ``pk__in``."""

    def __init__(self, wanted: Sequence[Term], *, titles_only: bool = False) -> None:
        super().__init__(output_field=BigIntegerField())
        self.wanted = tuple(wanted)
        self.titles_only = titles_only

    def as_sqlite(self, *_: Any, **__: Any) -> tuple[str, list[str]]:
        """Ask FTS5; the terms are quoted phrases."""
        column = "title : " if self.titles_only else ""
        question = " AND ".join(column + _fts_phrase(term) for term in self.wanted)
        return "SELECT rowid FROM search_index WHERE search_index MATCH %s", [question]

    def as_postgresql(self, *_: Any, **__: Any) -> tuple[str, list[str]]:
        """Ask the ``tsvector``; titles carry the label A."""
        question = " & ".join(_ts_phrase(term, "A" if self.titles_only else "") for term in self.wanted)
        return "SELECT document_id FROM search_index WHERE vector @@ %s::tsquery", [question]


def _row(key: int, title: list[str], rest: list[str]) -> tuple[int | str, ...]:
    if connection.vendor == "sqlite":
        return key, " ".join(title), " ".join(rest)
    titles = [f"'{token}':{position}A" for position, token in enumerate(title, start=1)]
    gap = len(title) + 2
    others = [f"'{token}':{position}" for position, token in enumerate(rest, start=gap) if position < FURTHEST_POSITION]
    return key, " ".join(titles + others)


def _fts_phrase(term: Term) -> str:
    phrase = '"' + " ".join(term.tokens) + '"'
    return f"{phrase} *" if term.prefix else phrase


def _ts_phrase(term: Term, label: str) -> str:
    flags = label + ("*" if term.prefix else "")
    return " <-> ".join(f"'{token}':{flags}" if flags else f"'{token}'" for token in term.tokens)
