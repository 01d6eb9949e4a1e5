"""Take a run back within a day: every deal gets the playbook version it had, if nobody has moved or closed it since."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, NotAllowed
from duobiao.opportunities.actions.migrate_queued import run_migration
from duobiao.opportunities.events.migration import MigrationRevertAsked
from duobiao.opportunities.models import MigratedDeal, MigrationRun, MigrationState
from duobiao.opportunities.queries.migrations import VERB, may_revert
from duobiao.timeline.actions.record import record


class NotReversible(Conflict):
    """The run is at work, was taken back before, moved nothing, or ended more than a day ago."""

    code = "not_reversible"


@transaction.atomic
def revert_migration(*, run: MigrationRun, actor: User, now: datetime) -> MigrationRun:
    """Queue putting back the deals of a run; proofs recorded since stay.

    Raises:
        NotAllowed: ``actor`` may not move deals, or not all of this run.
        NotReversible: see there.
    """
    policy.require(actor, VERB)
    if not may_revert(run, actor):
        raise NotAllowed(
            _("This migration moved projects that are not yours to move. Ask an administrator."), details={"verb": VERB}
        )
    held = MigrationRun.objects.select_for_update(of=("self",)).select_related("target", "actor").get(pk=run.pk)
    if held.is_busy:
        raise NotReversible(_("This migration is still at work. Wait until it is done."))
    if held.state == MigrationState.REVERTED:
        raise NotReversible(_("This migration was taken back already."))
    if not held.reversible(now):
        raise NotReversible(_("A migration can be taken back within a day only. Move the projects again instead."))
    if not held.deals.filter(state=MigratedDeal.State.MOVED).exists():
        raise NotReversible(_("This migration moved nothing."))
    held.state, held.reverted_by = MigrationState.REVERTING, actor
    held.revert_asked_at, held.touched_at = now, now
    held.save(update_fields=["state", "reverted_by", "revert_asked_at", "touched_at"])
    record(MigrationRevertAsked(subject=Ref.of(held)), actor=actor, at=now)
    run_migration.enqueue(held.ref)
    return held
