"""Stop offering a playbook version for new deals, or offer it again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.events import Event
from duobiao.kernel.refusals import Conflict
from duobiao.playbooks.events import PlaybookOffered, PlaybookRetired
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import DEFAULT_PLAYBOOK
from duobiao.timeline.actions.record import record


class StandardPlaybookNeeded(Conflict):
    """The last version of the standard playbook stays on offer."""

    code = "standard_playbook_needed"


class AlreadySo(Conflict):
    """The version is retired, or offered, as asked for."""

    code = "already_so"


@transaction.atomic
def retire_version(*, playbook: PlaybookVersion, actor: User, now: datetime) -> PlaybookVersion:
    """Stop offering a version for new deals; those that run by it stay.

    Raises:
        NotAllowed: the actor may not retire versions.
        AlreadySo: it is retired.
        StandardPlaybookNeeded: no version of the standard playbook would be left.
    """
    policy.require(actor, "playbooks.retire")
    rows = {row.pk: row for row in PlaybookVersion.objects.select_for_update().filter(key=playbook.key).order_by("pk")}
    held = rows[playbook.pk]
    if held.is_retired:
        raise AlreadySo(_("This version is retired already."))
    others = [row for row in rows.values() if row.pk != held.pk and not row.is_retired]
    if held.key == DEFAULT_PLAYBOOK and not others:
        raise StandardPlaybookNeeded(_("New deals need the standard playbook. Publish another version of it first."))
    held.retired_at, held.retired_by = now, actor
    return _store(held, PlaybookRetired(subject=held.subject, data={"note": str(held)}), actor=actor, now=now)


@transaction.atomic
def offer_version(*, playbook: PlaybookVersion, actor: User, now: datetime) -> PlaybookVersion:
    """Offer a retired version for new deals again; they are opened by it where no newer one is offered.

    Raises:
        NotAllowed: the actor may not retire versions.
        AlreadySo: it is offered.
    """
    policy.require(actor, "playbooks.retire")
    held = PlaybookVersion.objects.select_for_update().get(pk=playbook.pk)
    if not held.is_retired:
        raise AlreadySo(_("This version is offered already."))
    held.retired_at, held.retired_by = None, None
    return _store(held, PlaybookOffered(subject=held.subject, data={"note": str(held)}), actor=actor, now=now)


def _store(held: PlaybookVersion, event: Event, *, actor: User, now: datetime) -> PlaybookVersion:
    held.save(update_fields=["retired_at", "retired_by"])
    record(event, actor=actor, at=now)
    return held
