"""What capabilities above register with the timeline: handlers of events, and how to find a subject."""

from collections.abc import Callable, Collection, Iterable
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
        seen: Takes a user and references; returns those of records this user may see, at one go. Without it ``find``
            is asked for each.
    """

    find: Callable[[Any, str], Any]
    url: Callable[[str], str]
    label: Callable[[Any], str]
    chain: Callable[[Any], str]
    hold: Callable[[Any], object] | None = None
    seen: Callable[[Any, Collection[str]], Iterable[str]] | None = None


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


def refs_seen(user: Any, refs: Iterable[Ref]) -> set[Ref]:
    """Return which of these records a person may see; one query for all of a kind that has ``Subject.seen``."""
    by_kind: dict[str, set[str]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, set()).add(ref.ref)
    return {Ref(kind, ref) for kind, wanted in by_kind.items() for ref in _seen_of(kind, wanted, user)}


def _seen_of(kind: str, refs: set[str], user: Any) -> Iterable[str]:
    subject = _subjects.get(kind)
    if subject is None:
        return ()
    if subject.seen is not None:
        return subject.seen(user, refs)
    return [ref for ref in sorted(refs) if subject.find(user, ref) is not None]
