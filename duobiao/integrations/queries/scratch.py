"""What an import notes of its files while it works: on disk, because it grows with them, and gone with its process."""

import json
import sqlite3
import weakref
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any, Final

SEVERAL: Final = -1
"""In place of a key: more than one record has this name."""
CHUNK: Final = 1_000


class Scratch:
    """Tables of their own in a nameless SQLite database: a small part is in memory, the rest in a temporary file."""

    tables: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._held = sqlite3.connect("", isolation_level=None, check_same_thread=False)  # closed by whoever collects it
        weakref.finalize(self, self._held.close)
        for statement in ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", *self.tables):
            self._held.execute(statement)

    def _write(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write rows as they come, some at a time."""
        coming = iter(rows)
        while some := list(islice(coming, CHUNK)):
            self._held.execute("BEGIN")
            self._held.executemany(statement, some)
            self._held.execute("COMMIT")

    def _read(self, statement: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        return self._held.execute(statement, values)


class FirstLines(Scratch):
    """The line in which each id of a file stands first, and the name that stands there."""

    tables = (
        "CREATE TABLE line (id TEXT PRIMARY KEY, number INTEGER NOT NULL, name TEXT NOT NULL) WITHOUT ROWID",
        "CREATE INDEX line_name ON line (name) WHERE name <> ''",
    )

    def note(self, rows: Iterable[tuple[str, int, str]]) -> None:
        """Keep id, line and name ("" for none) of rows in their order; of equal ids the first counts."""
        self._write("INSERT OR IGNORE INTO line VALUES (?, ?, ?)", rows)

    def of(self, ids: Collection[str]) -> dict[str, int]:
        """Return the first lines of some ids."""
        sought = "SELECT id, number FROM line WHERE id IN (SELECT value FROM json_each(?))"
        return dict(self._read(sought, json.dumps(list(ids))))

    def names_among(self, names: Collection[str]) -> set[str]:
        """Return those of some names that rows of the file have."""
        sought = "SELECT DISTINCT name FROM line WHERE name <> '' AND name IN (SELECT value FROM json_each(?))"
        return {name for (name,) in self._read(sought, json.dumps(list(names)))}

    def named(self) -> Iterator[tuple[str, str]]:
        """Yield every id with its name."""
        yield from self._read("SELECT id, name FROM line")


class Notes(Scratch):
    """Keys of records by their names; and, of a dry run, what it would have created."""

    tables = (
        "CREATE TABLE name (field TEXT, text TEXT, pk INTEGER NOT NULL, PRIMARY KEY (field, text)) WITHOUT ROWID",
        "CREATE TABLE coming (target TEXT, id TEXT, said TEXT NOT NULL, PRIMARY KEY (target, id)) WITHOUT ROWID",
    )

    def add_names(self, field: str, rows: Iterable[tuple[str, int]]) -> None:
        """Keep the keys of records by name; a second record of a name makes it name several."""
        statement = (
            "INSERT INTO name VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET pk ="
            " CASE WHEN pk = excluded.pk AND pk > 0 THEN pk ELSE -1 END"
        )
        self._write(statement, ((field, text, pk) for text, pk in rows))

    def keys(self, field: str, names: Collection[str]) -> dict[str, int]:
        """Return the keys of records by name, ``SEVERAL`` where more than one has it."""
        sought = "SELECT text, pk FROM name WHERE field = ? AND text IN (SELECT value FROM json_each(?))"
        return dict(self._read(sought, field, json.dumps(list(names))))

    def drop_names(self) -> None:
        """Forget all names."""
        self._held.execute("DELETE FROM name")

    def add_coming(self, target: str, rows: Iterable[tuple[str, dict[str, Any]]]) -> None:
        """Keep ids that would have come in, with what their rows say."""
        statement = "INSERT OR REPLACE INTO coming VALUES (?, ?, ?)"
        self._write(statement, ((target, external_id, json.dumps(said)) for external_id, said in rows))

    def coming(self, target: str, ids: Collection[str]) -> dict[str, dict[str, Any]]:
        """Return what rows with these ids said."""
        sought = "SELECT id, said FROM coming WHERE target = ? AND id IN (SELECT value FROM json_each(?))"
        return {key: json.loads(said) for key, said in self._read(sought, target, json.dumps(list(ids)))}

    def everything_coming(self, target: str) -> Iterator[dict[str, Any]]:
        """Yield what all rows said that would have come in."""
        for (said,) in self._read("SELECT said FROM coming WHERE target = ?", target):
            yield json.loads(said)
