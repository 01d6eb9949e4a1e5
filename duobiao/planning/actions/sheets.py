"""Take a sheet for writing: its subject is locked first, then the sheet is found or made."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.locks import lock_customer
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.actions.lock import lock, require_open
from duobiao.planning.actions.texts import checked_text, refuse
from duobiao.planning.domain.sheets import About, Definition
from duobiao.planning.events import IndustryOpened
from duobiao.planning.models import Industry, Sheet, SheetEntry
from duobiao.planning.queries.subjects import Subject
from duobiao.timeline.actions.record import record

LONGEST_NAME = 60
MOST_ENTRIES = 300


@transaction.atomic
def open_industry(*, name: str, actor: User, now: datetime) -> Industry:
    """Keep sheets of an industry from now on; one that is kept already is returned.

    Raises:
        NotAllowed: the actor may not write the sheets of industries.
        Invalid: the name is missing or too long.
    """
    require(actor, "planning.industries")
    faults: dict[str, object] = {}
    cleaned = checked_text("name", name, longest=LONGEST_NAME, faults=faults, required=True)
    refuse(faults)
    if held := Industry.objects.filter(name=cleaned).first():
        return held
    try:
        with transaction.atomic():
            made = Industry.objects.create(name=cleaned, created_at=now, created_by=actor)
    except IntegrityError:
        return Industry.objects.get(name=cleaned)
    record(IndustryOpened(subject=Ref.of(made), data={"name": made.name}), actor=actor, at=now)
    return made


def take_subject(subject: Subject, actor: User) -> Subject:
    """Return the subject as it is stored now, locked, if the actor may write its sheets.

    Raises:
        NotAllowed: the actor may not.
        Conflict: the customer lies in the trash, or the deal is closed.
    """
    record: Any
    if subject.about is About.CUSTOMER:
        record = lock_customer(subject.record)
    elif subject.about is About.DEAL:
        record = lock(subject.record)
    else:
        record = Industry.objects.select_for_update().get(pk=subject.record.pk)
    require(actor, subject.verb, record)
    if subject.about is About.DEAL:
        require_open(record)
    return Subject(subject.about, record)


def sheet_for(subject: Subject, definition: Definition, *, actor: User, now: datetime) -> Sheet:
    """Return the sheet of a locked subject; the first entry makes it.

    Raises:
        Conflict: it has as many entries as are kept.
    """
    held, made = Sheet.objects.get_or_create(
        definition=definition.key,
        **subject.columns,
        defaults={"created_at": now, "created_by": actor, "touched_at": now},
    )
    if not made and held.entries.filter(removed_at__isnull=True).count() >= MOST_ENTRIES:
        raise Conflict(_("A sheet has at most %(n)d entries.") % {"n": MOST_ENTRIES})
    return held


def touch(sheet: Sheet, now: datetime) -> None:
    """Note when a sheet was last written."""
    sheet.touched_at = now
    sheet.save(update_fields=["touched_at"])


def told(definition: Definition, entry: SheetEntry, **more: Any) -> dict[str, Any]:
    """Return what the timeline says about an entry."""
    return {
        "sheet": dict(definition.title),
        "definition": definition.key,
        "entry": entry.ref,
        "section": entry.section,
        "text": entry.text,
        **more,
    }
