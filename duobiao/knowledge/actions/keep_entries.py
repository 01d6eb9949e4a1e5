"""Add cases and overviews, change them, and stop offering them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import json_changes, set_values, stale
from duobiao.documents.actions.attach_document import attach_document
from duobiao.documents.models import Document
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.knowledge.events import EntryAdded, EntryArchived, EntryChanged
from duobiao.knowledge.models import ReferenceCase, TechnologyOverview
from duobiao.timeline.actions.record import record

Entry = TypeVar("Entry", ReferenceCase, TechnologyOverview)
FIELDS: Final[dict[type[ReferenceCase | TechnologyOverview], tuple[str, ...]]] = {
    ReferenceCase: (
        "title", "client", "named_as", "industry", "size", "challenges", "work", "result", "finished_on", "witness",
    ),
    TechnologyOverview: ("title", "industries", "points", "source", "as_of"),
}  # fmt: skip
NEEDED: Final[dict[type[ReferenceCase | TechnologyOverview], tuple[str, ...]]] = {
    ReferenceCase: ("title", "named_as", "industry", "challenges", "result"),
    TechnologyOverview: ("title", "industries", "points", "source", "as_of"),
}
RIGHT = "knowledge.keep"


@transaction.atomic
def add_entry(
    model: type[Entry], *, values: Mapping[str, Any], actor: User, now: datetime, document: Document | None = None
) -> Entry:
    """Add a case or an overview; it is kept by the actor.

    Raises:
        NotAllowed: the actor may not keep the library.
        Invalid: a value is missing or cannot be accepted.
    """
    entry = model(owner=actor, created_at=now)
    require(actor, RIGHT, entry)
    _set(entry, dict.fromkeys(NEEDED[model], "") | dict(values))
    entry.document = document
    entry.save(force_insert=True)
    _attach(entry, document, actor, now)
    record(EntryAdded(subject=Ref.of(entry), chain=entry.ref, data={"note": entry.title}), actor=actor, at=now)
    return entry


@transaction.atomic
def edit_entry(
    entry: Entry,
    *,
    version: int,
    values: Mapping[str, Any],
    actor: User,
    now: datetime,
    document: Document | None = None,
) -> Entry:
    """Change a case or an overview; ``document`` None keeps its file.

    Raises:
        NotAllowed: the actor may not change it.
        StaleVersion: somebody changed it meanwhile.
        Invalid: a value is missing or cannot be accepted.
    """
    held = _locked(entry, version, values, actor)
    changes = _set(held, values)
    if document is not None and document != held.document:
        changes["document"] = (held.document, document)
        held.document = document
        _attach(held, document, actor, now)
    if not changes:
        return held
    held.version += 1
    held.save()
    data = {"note": held.title, "changes": json_changes(changes)}
    record(EntryChanged(subject=Ref.of(held), chain=held.ref, data=data), actor=actor, at=now)
    return held


@transaction.atomic
def archive_entry(entry: Entry, *, version: int, archived: bool, actor: User, now: datetime) -> Entry:
    """Stop offering a case or an overview, or offer it again; visits that show it keep it.

    Raises:
        NotAllowed, StaleVersion: as ``edit_entry``.
        Conflict: it is so already.
    """
    held = _locked(entry, version, {}, actor)
    if (held.archived_at is not None) == archived:
        raise Conflict(_("This is done already."))
    held.archived_at = now if archived else None
    held.version += 1
    held.save(update_fields=["archived_at", "version"])
    data = {"note": held.title, "archived": archived}
    record(EntryArchived(subject=Ref.of(held), chain=held.ref, data=data), actor=actor, at=now)
    return held


def _locked(entry: Entry, version: int, values: Mapping[str, Any], actor: User) -> Entry:
    held = type(entry).objects.select_for_update(of=("self",)).select_related("owner").get(pk=entry.pk)
    require(actor, RIGHT, held)
    if held.version != version:
        current = {name: getattr(held, name) for name in values if name in FIELDS[type(entry)]}
        raise stale(current, version=held.version)
    return held


def _set(entry: ReferenceCase | TechnologyOverview, values: Mapping[str, Any]) -> dict[str, Any]:
    needed = NEEDED[type(entry)]
    missing = {
        name: _("This cannot be left out.")
        for name, value in values.items()
        if name in needed and (value is None or (isinstance(value, str) and not value.strip()))
    }
    faults: dict[str, object] = dict(missing)
    changes: dict[str, Any] = {}
    try:
        rest = {name: value for name, value in values.items() if name not in missing}
        changes = set_values(entry, rest, allowed=FIELDS[type(entry)])
    except Invalid as refusal:
        faults |= refusal.fields
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    return changes


def _attach(entry: ReferenceCase | TechnologyOverview, document: Document | None, actor: User, now: datetime) -> None:
    if document is not None:
        attach_document(document=document, subject=Ref.of(entry), actor=actor, now=now)
