"""End a draft: publish it as the next version, or discard it."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import Role, User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, StaleVersion
from duobiao.playbooks.actions.save_draft import lock_draft
from duobiao.playbooks.actions.ship_playbooks import document_digest
from duobiao.playbooks.events import DraftDiscarded, PlaybookPublished
from duobiao.playbooks.models import ImprovementNote, PlaybookDraft, PlaybookVersion
from duobiao.playbooks.queries.drafts import all_problems, next_number, problem_rows
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record


class DraftNotReady(Invalid):
    """The draft is incomplete or wrong; ``details["problems"]`` names each place."""

    code = "draft_not_ready"


class NothingChanged(Conflict):
    """The draft says what the version it was made from says."""

    code = "nothing_changed"


@transaction.atomic
def publish_draft(*, draft: PlaybookDraft, version: int, actor: User, now: datetime) -> PlaybookVersion:
    """Make a draft the next version of its playbook; new deals are opened by it, those that run stay where they are.

    Administrators are told, for it concerns the whole company.

    Args:
        version: The version of the draft that the actor saw.

    Raises:
        NotAllowed: the actor may not publish playbooks.
        DraftEnded: it was published or discarded.
        StaleVersion: somebody else saved meanwhile.
        DraftNotReady: something is missing or wrong.
        NothingChanged: it is the same as the version it was made from.
    """
    policy.require(actor, "playbooks.publish")
    held = lock_draft(draft, version)
    held.document = {**held.document, "version": next_number(held.key)}
    _playbook, problems = all_problems(held)
    if problems:
        message = _("%(n)s problems keep this draft from being published. Mend them first.") % {"n": len(problems)}
        raise DraftNotReady(message, details={"problems": problem_rows(held.document, problems)})
    if held.base is not None and held.base.key == held.key and _same(held.document, held.base.document):
        raise NothingChanged(_("Nothing differs from version %(n)s yet.") % {"n": held.base.version})
    published = _store(held, actor=actor, now=now)
    _end(held, published, actor=actor, now=now)
    ImprovementNote.objects.filter(draft=held).update(draft=None, done_in=published)
    data = {"draft": held.ref, "base": held.base.ref if held.base else "", "note": str(published)}
    record(PlaybookPublished(subject=published.subject, data=data), actor=actor, at=now)
    told = User.objects.active().filter(role=Role.ADMINISTRATOR).exclude(pk=actor.pk)
    page = f"/playbooks/{published.key}/{published.version}/"
    notify(told, event=PlaybookPublished.name, url=page, at=now, data=data | {"by": actor.name})
    return published


@transaction.atomic
def discard_draft(*, draft: PlaybookDraft, version: int, actor: User, now: datetime) -> PlaybookDraft:
    """Give a draft up; its improvement notes wait for another.

    Raises:
        NotAllowed: the actor may not edit playbooks.
        DraftEnded: it was published or discarded.
        StaleVersion: somebody else saved meanwhile.
    """
    policy.require(actor, "playbooks.edit")
    held = lock_draft(draft, version)
    _end(held, None, actor=actor, now=now)
    ImprovementNote.objects.filter(draft=held).update(draft=None)
    record(DraftDiscarded(subject=Ref.of(held), data={"playbook": held.key, "note": held.key}), actor=actor, at=now)
    return held


def _store(held: PlaybookDraft, *, actor: User, now: datetime) -> PlaybookVersion:
    try:
        with transaction.atomic():
            return PlaybookVersion.objects.create(
                key=held.key,
                version=held.document["version"],
                document=held.document,
                digest=document_digest(held.document),
                base=held.base,
                created_at=now,
                created_by=actor,
            )
    except IntegrityError as error:
        raise StaleVersion(_("Another version was published meanwhile. Look at this draft again.")) from error


def _end(held: PlaybookDraft, published: PlaybookVersion | None, *, actor: User, now: datetime) -> None:
    held.ended_at, held.ended_by, held.published = now, actor, published
    held.version += 1
    held.save(update_fields=["document", "ended_at", "ended_by", "published", "version"])


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return {**one, "version": 0} == {**other, "version": 0}
