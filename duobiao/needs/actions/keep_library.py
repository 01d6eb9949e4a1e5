"""Keep the library of questions and tactics: every change is a version, the last one can be undone."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import checked_line, stale
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref, new_ref
from duobiao.kernel.refusals import Conflict, NotFound
from duobiao.needs.actions.common import fault, one_of
from duobiao.needs.events.objections import LibraryKept
from duobiao.needs.models import LibraryKind, LibraryVersion, ObjectionType, SpinLetter
from duobiao.needs.models.library import LONGEST_HOW
from duobiao.needs.models.need import SHORT
from duobiao.needs.queries.kept import Entry, versions_of
from duobiao.needs.queries.kept_entries import entry_of
from duobiao.timeline.actions.record import record

KEEP = "needs.keep_library"
MOST_ENTRIES = 500


class NothingToUndo(Conflict):
    """The entry stands as shipped (409)."""

    code = "nothing_to_undo"


class LibraryFull(Conflict):
    """The library holds as many own entries as it may (409)."""

    code = "library_full"


@dataclass(frozen=True, slots=True)
class Written:
    """A question or tactic as somebody writes it."""

    slot: str
    text: str
    industry: str = ""
    how: str = ""
    removed: bool = False


@transaction.atomic
def keep_entry(*, sort: str, key: str, written: Written, version: int, actor: User, now: datetime) -> LibraryVersion:
    """Write an entry anew, or change one.

    Args:
        key: "" for a new entry.
        version: Number of the version that the actor saw; 0 for a new or shipped one.

    Raises:
        NotAllowed: the actor may not keep the library.
        NotFound: there is no such entry.
        StaleVersion: somebody changed it since.
        LibraryFull: too many entries.
        Invalid: a value cannot be accepted.
    """
    policy.require(actor, KEEP)
    one_of("sort", sort, LibraryKind.values)
    held = _held(sort, key, version) if key else None
    if held is None and LibraryVersion.objects.filter(sort=sort, number=1).count() >= MOST_ENTRIES:
        raise LibraryFull(_("The library holds %(n)d own entries. Take some out first.") % {"n": MOST_ENTRIES})
    name = held.key if held is not None else new_ref("LX").lower()
    return _write(sort, name, _checked(sort, written), version=version, actor=actor, now=now)


@transaction.atomic
def undo_entry(*, sort: str, key: str, version: int, actor: User, now: datetime) -> LibraryVersion:
    """Undo the last change of an entry: what was before it becomes the next version; undone again, it comes back.

    What the company added and nobody changed since is taken out.

    Raises:
        NotAllowed, NotFound, StaleVersion: as ``keep_entry``.
        NothingToUndo: it stands as shipped.
    """
    policy.require(actor, KEEP)
    held = _held(sort, key, version)
    rows = versions_of(sort, key)
    if not rows:
        raise NothingToUndo(_("Nobody changed this; it stands as it came."))
    if len(rows) > 1:
        before = rows[1]
        written = Written(before.slot, before.text, before.industry, before.how, before.removed)
        return _write(
            sort, key, written, as_shipped=before.as_shipped, version=version, actor=actor, now=now
        )  # fmt: skip
    if (shipped := entry_of(sort, key, number=0)) is not None:
        written = Written(shipped.slot, shipped.text, shipped.industry, shipped.how)
        return _write(sort, key, written, as_shipped=True, version=version, actor=actor, now=now)
    written = Written(held.slot, held.text, held.industry, held.how, removed=not held.removed)
    return _write(sort, key, written, version=version, actor=actor, now=now)


def _held(sort: str, key: str, version: int) -> Entry:
    held = entry_of(sort, key)
    if held is None:
        raise NotFound(_("There is no such question or tactic."))
    if held.number != version:
        raise stale({"text": held.text, "how": held.how}, version=held.number)
    return held


def _checked(sort: str, written: Written) -> Written:
    kinds = SpinLetter if sort == LibraryKind.SPIN else ObjectionType
    text = checked_line("text", written.text, SHORT)
    if not text:
        raise fault("text", _("Write this down."))
    how = written.how.strip() if sort == LibraryKind.TACTIC else ""
    if sort == LibraryKind.TACTIC and not how:
        raise fault("how", _("Say what to do."))
    if len(how) > LONGEST_HOW:
        raise fault("how", _("At most %(n)d characters.") % {"n": LONGEST_HOW})
    industry = checked_line("industry", written.industry, 60) if sort == LibraryKind.SPIN else ""
    return Written(one_of("slot", written.slot, kinds.values), text, industry, how, written.removed)


def _write(
    sort: str, key: str, written: Written, *, version: int, actor: User, now: datetime, as_shipped: bool = False
) -> LibraryVersion:
    try:
        with transaction.atomic():
            made = LibraryVersion.objects.create(
                sort=sort,
                key=key,
                number=version + 1,
                slot=written.slot,
                industry=written.industry,
                text=written.text,
                how=written.how,
                removed=written.removed,
                as_shipped=as_shipped,
                at=now,
                by=actor,
            )
    except IntegrityError:
        raise stale({"text": written.text, "how": written.how}, version=version + 1) from None
    data = {"text": made.text, "note": _("version %(n)d") % {"n": made.number}, "key": key, "removed": made.removed}
    record(LibraryKept(subject=Ref.of(made), chain=made.ref, data=data), actor=actor, at=now)
    return made
