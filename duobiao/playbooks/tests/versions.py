"""Further versions of shipped playbooks for tests: the same document with some data changed, stored as if shipped."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from duobiao.playbooks.actions.ship_playbooks import document_digest, ship_playbooks
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import playbook_of, shipped_documents

NOW = datetime(2026, 9, 16, 1, 20, tzinfo=UTC)
GROUPS = ("milestone", "success", "process", "relationship", "information")
_sound: set[str] = set()

Change = Callable[[dict[str, Any]], None]


def variant(*changes: Change, key: str = "project-sales-8", version: int = 2) -> PlaybookVersion:
    """Store a version of a shipped playbook after some changes of its document.

    What is compiled is kept by the id of a version, so that each document has an id of its own, whichever test asks.
    """
    ship_playbooks(now=NOW)
    document = changed(key, version, *changes)
    digest = document_digest(document)
    if digest not in _sound:
        playbook_of(document)
        _sound.add(digest)
    held, _created = PlaybookVersion.objects.get_or_create(
        pk=int(digest[:12], 16),
        defaults={
            "key": key, "version": version, "document": document, "digest": digest, "shipped": True, "created_at": NOW,
        },
    )  # fmt: skip
    return held


def changed(key: str, version: int, *changes: Change) -> dict[str, Any]:
    """Return the document of a shipped playbook after some changes."""
    document = deepcopy(shipped_documents()[(key, 1)])
    document["version"] = version
    for change in changes:
        change(document)
    return document


def rows_of(document: dict[str, Any]) -> list[tuple[list[dict[str, Any]], dict[str, Any]]]:
    """Return every item with the list it stands in."""
    return [(stage[group], row) for stage in document["stages"] for group in GROUPS for row in stage.get(group, ())]


def without(*items: str) -> Change:
    """Leave items out."""

    def change(document: dict[str, Any]) -> None:
        for rows, row in rows_of(document):
            if row["item"] in items:
                rows.remove(row)

    return change


def renamed(item: str, other: str) -> Change:
    """Give an item another key."""

    def change(document: dict[str, Any]) -> None:
        for _rows, row in rows_of(document):
            if row["item"] == item:
                row["item"] = other

    return change


def stricter(item: str, grade: str = "DOCUMENTED", days: int | None = None) -> Change:
    """Ask for a stronger grade, and for a shorter validity of what expires."""

    def change(document: dict[str, Any]) -> None:
        for _rows, row in rows_of(document):
            if row["item"] == item:
                row["min_grade"] = grade
                if days is not None and "valid_days" in row:
                    row["valid_days"] = days

    return change


def asking(stage: int, item: str, evidence: str, grade: str = "DOCUMENTED") -> Change:
    """Ask for one thing more to complete a stage."""

    def change(document: dict[str, Any]) -> None:
        title = {"zh-Hans": "新条目", "en": "New item"}
        row = {"item": item, "title": title, "evidence": evidence, "min_grade": grade, "origin": "inferred"}
        document["stages"][stage - 1]["success"].append(row)

    return change


def rated(*rates: int) -> Change:
    """Set the success rates."""

    def change(document: dict[str, Any]) -> None:
        document["rates"] = list(rates)

    return change
