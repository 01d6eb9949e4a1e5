"""Reads of the timeline: what happened, worded in the reader's language; comments; the bell."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from duobiao.kernel.events import EVENT_TYPES
from duobiao.kernel.refs import Ref
from duobiao.timeline import registry
from duobiao.timeline.domain.mentions import Piece, pieces, prefixes
from duobiao.timeline.models import Comment, Entry, EntryDetail, Notification

MENTIONABLE_LOOKED_AT = 40
MENTIONABLE_SHOWN = 8


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One entry as people read it.

    Attributes:
        actor: Name of who did it; "" for the daily job.
        erased: The detail was erased.
        data: The stored values, for the audit page.
    """

    chain: str
    sequence: int
    at: datetime
    event: str
    title: str
    detail: str
    icon: str
    tone: str
    actor: str
    actor_ref: str
    subject: Ref
    erased: bool
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Notice:
    """One line of a person's bell."""

    ref: str
    at: datetime
    title: str
    detail: str
    icon: str
    url: str
    read: bool


@dataclass(frozen=True, slots=True)
class CommentRow:
    """One comment, its text cut into plain pieces and mentions."""

    ref: str
    at: datetime
    author: str
    author_ref: str
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class Mentionable:
    """A person who may be mentioned, and what is written after the @."""

    ref: str
    name: str
    handle: str


def entries_for(
    *,
    chain: str | None = None,
    subject: Ref | None = None,
    kinds: Collection[str] | None = None,
    before: tuple[datetime, int] | None = None,
    limit: int = 100,
) -> list[TimelineRow]:
    """Return what happened, newest first.

    Args:
        chain: All entries of one audit chain (a deal with everything on it).
        subject: Entries about one record; give either this or ``chain``.
        kinds: Names of event types; None for all.
        before: ``(at, sequence)`` of the last row of the page before.
    """
    rows = Entry.objects.all()
    if chain is not None:
        rows = rows.filter(chain=chain)
    if subject is not None:
        rows = rows.filter(subject_kind=subject.kind, subject_ref=subject.ref)
    if kinds is not None:
        rows = rows.filter(event__in=list(kinds))
    if before is not None:
        rows = rows.filter(Q(at__lt=before[0]) | Q(at=before[0], sequence__lt=before[1]))
    return timeline_rows(rows.order_by("-at", "-sequence", "-id")[:limit])


def timeline_rows(entries: QuerySet[Entry]) -> list[TimelineRow]:
    """Word entries in the active language, two queries for any number."""
    held = list(entries.select_related("actor"))
    details = EntryDetail.objects.in_bulk([entry.pk for entry in held])
    return [_row(entry, details.get(entry.pk)) for entry in held]


def _row(entry: Entry, detail: EntryDetail | None) -> TimelineRow:
    title, line, icon, tone = wording(entry.event, detail.data if detail is not None else None)
    return TimelineRow(
        chain=entry.chain,
        sequence=entry.sequence,
        at=entry.at,
        event=entry.event,
        title=title,
        detail=line,
        icon=icon,
        tone=tone,
        actor=str(entry.actor) if entry.actor is not None else "",
        actor_ref=entry.actor.ref if entry.actor is not None else "",
        subject=Ref(entry.subject_kind, entry.subject_ref),
        erased=detail is None,
        data=detail.data if detail is not None else {},
    )


def wording(event: str, data: dict[str, Any] | None) -> tuple[str, str, str, str]:
    """Return title, detail, icon and tone of an event; ``data`` None means erased."""
    kind = EVENT_TYPES.get(event)
    if kind is None:
        return event, "", "point", "plain"
    if data is None:
        return str(kind.title), _("details erased"), kind.icon, kind.tone
    try:
        title, detail = kind.describe(data)
    except (KeyError, TypeError, ValueError):  # details of an older release, or put back by hand
        title, detail = str(kind.title), ""
    return title, detail, kind.icon, kind.tone


def event_names() -> list[tuple[str, str]]:
    """Return all event types as (name, title), ordered by name; for filters."""
    return sorted((name, str(kind.title)) for name, kind in EVENT_TYPES.items() if name and str(kind.title))


def unread_count(user: AbstractBaseUser) -> int:
    """Return how many lines of the bell are unread."""
    return Notification.objects.filter(user_id=user.pk, read_at=None).count()


def notices(user: AbstractBaseUser, *, limit: int = 100, unread_only: bool = False) -> list[Notice]:
    """Return the lines of a person's bell, newest first."""
    rows = Notification.objects.filter(user_id=user.pk)
    if unread_only:
        rows = rows.filter(read_at=None)
    return [notice_of(row) for row in rows.order_by("-at", "-id")[:limit]]


def notice_of(row: Notification) -> Notice:
    """Word one line in the active language."""
    title, detail, icon, _tone = wording(row.event, row.data)
    return Notice(row.ref, row.at, title, detail, icon, row.url, row.read_at is not None)


def comments_for(subject: Ref, *, limit: int = 200) -> list[CommentRow]:
    """Return the comments on a record, oldest first; the caller checked that the reader may see it."""
    rows = Comment.objects.filter(subject_kind=subject.kind, subject_ref=subject.ref)
    found = list(rows.select_related("author").prefetch_related("mentions").order_by("-at", "-id")[:limit])
    return [_comment_row(comment) for comment in reversed(found)]


def _comment_row(comment: Comment) -> CommentRow:
    handles = {name for user in comment.mentions.all() for name in (user.username, str(user))}
    author = comment.author
    return CommentRow(comment.ref, comment.at, str(author), author.ref, pieces(comment.body, handles))


def mentioned_in(body: str, *, visible: Callable[[Any], Any]) -> list[Any]:
    """Return the people whom ``body`` mentions by ``@name`` or ``@sign-in name`` and who may see the record.

    A name that several people bear mentions nobody; their sign-in names do.

    Args:
        visible: Takes a user; says whether this user may see the record.
    """
    wanted = prefixes(body)
    if not wanted:
        return []
    lowered = {word.lower() for group in wanted for word in group}
    people = get_user_model().objects.active()
    found = list(people.filter(Q(name__in=[word for group in wanted for word in group]) | _username_in(lowered)))
    return [user for user in _longest(wanted, found) if visible(user)]


def _username_in(words: Iterable[str]) -> Q:
    condition = Q(pk__in=[])
    for word in sorted(words)[:200]:
        condition |= Q(username__iexact=word)
    return condition


def _longest(wanted: list[list[str]], people: list[Any]) -> list[Any]:
    chosen: dict[int, Any] = {}
    for group in wanted:
        for word in group:
            by_username = [user for user in people if user.username.lower() == word.lower()]
            by_name = [user for user in people if user.name == word]
            match = by_username or by_name
            if match:
                if len(match) == 1:
                    chosen[match[0].pk] = match[0]
                break
    return list(chosen.values())


def mentionable(actor: AbstractBaseUser, subject: Ref, typed: str) -> list[Mentionable]:
    """Return a few people whose name contains ``typed`` and who may see the record; empty if the actor may not."""
    kind = registry.subject_of(subject)
    if kind is None or kind.find(actor, subject.ref) is None:
        return []
    people = get_user_model().objects.active().exclude(pk=actor.pk)
    if typed:
        people = people.filter(Q(name__icontains=typed) | Q(username__icontains=typed))
    found = list(people.order_by("name", "id")[:MENTIONABLE_LOOKED_AT])
    shown: list[Any] = []
    for user in found:
        if len(shown) < MENTIONABLE_SHOWN and kind.find(user, subject.ref) is not None:
            shown.append(user)
    counted = (
        people.model.objects.active().filter(name__in=[user.name for user in shown]).values_list("name", flat=True)
    )
    bearers = Counter(counted)
    return [Mentionable(user.ref, str(user), user.username if bearers[user.name] > 1 else user.name) for user in shown]
