"""Change a draft: every save is checked leniently, for a draft may be incomplete."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, NotFound, StaleVersion
from duobiao.playbooks.domain.compare import Change, compare
from duobiao.playbooks.domain.editing import Doc, NoSuchPlace
from duobiao.playbooks.domain.model import Playbook
from duobiao.playbooks.events import DraftChanged
from duobiao.playbooks.models import PlaybookDraft, PlaybookVersion
from duobiao.playbooks.queries.drafts import guard_problems, guarded_by, next_number, problem_rows, read_draft
from duobiao.playbooks.queries.place_words import place_words
from duobiao.playbooks.queries.problem_words import problem_words
from duobiao.playbooks.queries.validation import read_document
from duobiao.timeline.actions.record import record

MOST_NAMED = 50
"""So many differences are named in the audit of one save."""


class DraftEnded(Conflict):
    """The draft was published or discarded."""

    code = "draft_ended"


class ControlPointFixed(Invalid):
    """A fixed control point would be removed, loosened, or left to somebody lower (F165)."""

    code = "control_point_fixed"


class DocumentRefused(Invalid):
    """The document is no playbook; ``details["problems"]`` names each place."""

    code = "document_refused"


@transaction.atomic
def change_draft(
    *, draft: PlaybookDraft, version: int, change: Callable[[Doc], Doc], actor: User, now: datetime
) -> PlaybookDraft:
    """Apply a pure change to the document of a draft and store the result.

    Args:
        version: The version of the draft that the actor saw.

    Raises:
        NotAllowed: the actor may not edit playbooks.
        DraftEnded: it was published or discarded.
        StaleVersion: somebody else saved meanwhile.
        NotFound: the change concerns a place that is not there.
        DocumentRefused: the result could not be shown or edited any more.
        ControlPointFixed: a fixed control point would suffer.
    """
    policy.require(actor, "playbooks.edit")
    held = lock_draft(draft, version)
    try:
        document = change(held.document)
    except NoSuchPlace as error:
        raise NotFound(_("There is no such record.")) from error
    document = {**document, "playbook": held.key, "version": next_number(held.key)}
    after = accepted(document, key=held.key, base=held.base)
    if document == held.document:
        return held
    differences = compare(read_draft(held.document)[0], after)
    held.document, held.changed_at, held.changed_by = document, now, actor
    held.version += 1
    held.save(update_fields=["document", "changed_at", "changed_by", "version"])
    data = {
        "playbook": held.key,
        "version": held.version,
        "changes": [_named(difference) for difference in differences[:MOST_NAMED]],
        "note": f"{held.key} {document['version']}",
    }
    record(DraftChanged(subject=Ref.of(held), data=data), actor=actor, at=now)
    return held


def _named(change: Change) -> str:
    """Name a difference for the audit: ``CHANGED ITEM 4.S1 title``."""
    return " ".join(part for part in (change.how, change.what, change.key, change.part, change.field) if part)


def save_draft(
    *, draft: PlaybookDraft, version: int, document: Mapping[str, Any], actor: User, now: datetime
) -> PlaybookDraft:
    """Replace the whole document of a draft; its key must be that of the draft, its version number is set by us.

    Raises:
        As ``change_draft``; Invalid where the document is of another playbook.
    """
    if document.get("playbook", draft.key) != draft.key:
        message = _("This is a draft of “%(key)s”. Keep that key, or import the document as a draft of its own.")
        message = message % {"key": draft.key}
        raise Invalid(message, fields={"document": message})
    return change_draft(draft=draft, version=version, change=lambda _before: dict(document), actor=actor, now=now)


def document_from(source: bytes) -> Doc:
    """Read a YAML document into a draft's.

    Raises:
        DocumentRefused: it cannot be read, or could not be shown or edited; each fault with its line.
    """
    document, faults = read_document(source)
    if faults:
        message = _("Line %(line)s: %(first)s") % {"line": faults[0].line, "first": faults[0].message}
        raise DocumentRefused(
            message, fields={"document": message}, details={"problems": [asdict(fault) for fault in faults]}
        )
    return document


def accepted(document: Mapping[str, Any], *, key: str, base: PlaybookVersion | None) -> Playbook:
    """Let a document pass into a draft, however incomplete it is.

    Raises:
        DocumentRefused: it could not be shown or edited.
        ControlPointFixed: a fixed control point of an earlier version suffers.
    """
    playbook, problems = read_draft(document)
    wrong = [problem for problem in problems if problem.is_structural]
    if wrong:
        message = _("This cannot be kept: %(first)s") % {
            "first": _at_place(place_words(document, wrong[0].path), problem_words(wrong[0]))
        }
        raise DocumentRefused(
            message, fields={"document": message}, details={"problems": problem_rows(document, wrong)}
        )
    broken = guard_problems(playbook, guarded_by(key, base))
    if broken:
        message = " ".join(problem_words(problem) for problem in broken)
        raise ControlPointFixed(message, details={"problems": problem_rows(document, broken)})
    return playbook


def _at_place(place: str, words: str) -> str:
    return f"{place}: {words}"


def lock_draft(draft: PlaybookDraft, version: int) -> PlaybookDraft:
    """Lock a draft that is open and as the actor saw it.

    Raises:
        DraftEnded: it was published or discarded.
        StaleVersion: somebody else saved meanwhile.
    """
    held = PlaybookDraft.objects.select_for_update(of=("self",)).select_related("base", "changed_by").get(pk=draft.pk)
    if not held.is_open:
        raise DraftEnded(_("This draft was published or discarded. Clone the playbook to begin another."))
    if held.version != version:
        message = _("%(who)s changed this draft meanwhile. Nothing was saved; look at it again, then repeat.")
        current = {"version": held.version, "changed_by": held.changed_by.ref}
        raise StaleVersion(message % {"who": held.changed_by.name}, details={"current": current})
    return held
