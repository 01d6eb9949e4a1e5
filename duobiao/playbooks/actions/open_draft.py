"""Begin the next version of a playbook: from one that is there, or from a YAML document."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.playbooks.actions.save_draft import accepted, document_from
from duobiao.playbooks.events import DraftOpened
from duobiao.playbooks.models import PlaybookDraft, PlaybookVersion
from duobiao.playbooks.queries import get_version
from duobiao.playbooks.queries.drafts import draft_of, is_usable_key, next_number
from duobiao.timeline.actions.record import record


class DraftOpen(Conflict):
    """A draft of this playbook is worked on already."""

    code = "draft_open"


@transaction.atomic
def clone_playbook(*, playbook: PlaybookVersion, key: str, actor: User, now: datetime) -> PlaybookDraft:
    """Open a draft with everything a version asks for.

    Args:
        key: Of the playbook it will be a version of: the same, or one that is not there yet.

    Raises:
        NotAllowed: the actor may not edit playbooks.
        Invalid: the key cannot be used, or belongs to another playbook.
        DraftOpen: a draft of this playbook is open.
    """
    policy.require(actor, "playbooks.edit")
    if key != playbook.key:
        _require_new(key)
    return _open(key=key, base=playbook, document=dict(playbook.document), actor=actor, now=now)


@transaction.atomic
def import_playbook(*, source: bytes, actor: User, now: datetime) -> PlaybookDraft:
    """Open a draft with what a YAML document says; its key decides which playbook it is a version of.

    Raises:
        NotAllowed: the actor may not edit playbooks.
        DocumentRefused: it cannot be read, or is no playbook; each fault with its line.
        Invalid: its key cannot be used.
        DraftOpen: a draft of this playbook is open.
    """
    policy.require(actor, "playbooks.edit")
    document = document_from(source)
    key = str(document.get("playbook", ""))
    base = get_version(key)
    if base is None:
        _require_new(key, field="document")
    return _open(key=key, base=base, document=document, actor=actor, now=now)


def _open(
    *, key: str, base: PlaybookVersion | None, document: dict[str, Any], actor: User, now: datetime
) -> PlaybookDraft:
    if draft_of(key) is not None:
        raise _already_open(key)
    document = {**document, "playbook": key, "version": next_number(key)}
    accepted(document, key=key, base=base)
    people = {"created_at": now, "created_by": actor, "changed_at": now, "changed_by": actor}
    try:
        with transaction.atomic():
            draft = PlaybookDraft.objects.create(key=key, base=base, document=document, **people)
    except IntegrityError as error:
        raise _already_open(key) from error
    data = {"playbook": key, "base": base.ref if base is not None else "", "note": f"{key} {document['version']}"}
    record(DraftOpened(subject=Ref.of(draft), data=data), actor=actor, at=now)
    return draft


def _already_open(key: str) -> DraftOpen:
    held = draft_of(key)
    message = _("A draft of this playbook is open already. Go on with it, or discard it first.")
    return DraftOpen(message, fields={"key": message}, details={"draft": held.ref if held is not None else ""})


def _require_new(key: str, *, field: str = "key") -> None:
    if not is_usable_key(key):
        message = _("Use 1 to 60 small letters, figures and hyphens for the key, and none of the reserved words.")
        raise Invalid(message, fields={field: message})
    if get_version(key) is not None:
        message = _("There is a playbook of this key already. Clone that one, or choose another key.")
        raise Invalid(message, fields={field: message})
