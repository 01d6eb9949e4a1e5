"""What capabilities above register with the timeline: handlers of events, and how to find a subject."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from duobiao.kernel.events import Event
from duobiao.kernel.refs import Ref

Handler = Callable[[Any, Any, datetime], None]
"""Takes the event, the acting user (or None) and the moment; runs in the transaction that recorded the event."""

_handlers: dict[type[Event], list[tuple[int, Handler]]] = {}
_subjects: dict[str, "Subject"] = {}


@dataclass(frozen=True, slots=True)
class Subject:
    """How records of one kind are found and shown.

    Attributes:
        find: Takes a user and a reference; returns the record if this user may see it, else None.
        url: Takes the reference; returns the address of its page.
        label: Takes the record; returns its name.
        chain: Takes the record; returns the audit chain it belongs to.
        hold: Takes the record and locks its row, where its other writes lock the row before the chain: whoever locks
            them the other way round waits for somebody who waits for them.
    """

    find: Callable[[Any, str], Any]
    url: Callable[[str], str]
    label: Callable[[Any], str]
    chain: Callable[[Any], str]
    hold: Callable[[Any], object] | None = None


def on(event_type: type[Event], handler: Handler, *, order: int = 0) -> None:
    """Run ``handler`` whenever an event of exactly this type is recorded; lower ``order`` first."""
    rows = _handlers.setdefault(event_type, [])
    if handler not in [known for _, known in rows]:
        rows.append((order, handler))
        rows.sort(key=lambda row: row[0])


def handlers_of(event: Event) -> list[Handler]:
    """Return the handlers of an event in their order."""
    return [handler for _, handler in _handlers.get(type(event), [])]


def register_subject(kind: str, subject: Subject) -> None:
    """Say how records of ``kind`` are found, so that comments and notifications can lead to them."""
    _subjects[kind] = subject


def subject_of(ref: Ref) -> Subject | None:
    """Return how to find records of this kind, if the kind is known."""
    return _subjects.get(ref.kind)
