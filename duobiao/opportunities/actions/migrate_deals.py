"""Move deals to another playbook version: choose them, and let a worker do it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, NotAllowed
from duobiao.opportunities.actions.migrate_queued import run_migration
from duobiao.opportunities.actions.move_playbooks import version_data
from duobiao.opportunities.events.migration import MigrationStarted
from duobiao.opportunities.models import MigratedDeal, MigrationRun, Opportunity
from duobiao.opportunities.queries.migration import reason_against
from duobiao.opportunities.queries.migrations import VERB, movable_by
from duobiao.playbooks.models import PlaybookVersion
from duobiao.timeline.actions.record import record

MOST_DEALS = 5000
LONGEST_REASON = 500
State = MigratedDeal.State
Chosen = Sequence[tuple[Opportunity, int]]
"""Deals, each with its ``version`` as the person saw it."""


class NothingToMove(Conflict):
    """Every chosen deal would be left out."""

    code = "nothing_to_move"


@transaction.atomic
def migrate_deals(
    *, chosen: Chosen, target: PlaybookVersion, reason: str = "", actor: User, now: datetime
) -> MigrationRun:
    """Queue the move of open deals to a playbook version; what cannot move is left out, each with its reason.

    Raises:
        NotAllowed: ``actor`` may not move deals, or not these.
        Invalid: no deal, too many of them, or too long a reason.
        NothingToMove: every deal is closed, was changed since it was seen, or is there already.
    """
    require_movable([deal for deal, _seen in chosen], actor)
    reason = reason.strip()
    _check(chosen, reason)
    reasons = {deal.pk: reason_against(deal, seen, target) for deal, seen in chosen}
    if all(reasons.values()):
        raise _nothing(chosen, reasons)
    run = MigrationRun.objects.create(
        target=target, reason=reason, total=len(reasons), actor=actor, created_at=now, touched_at=now
    )
    # In the order in which everybody locks deals: the rows are referred to, which waits for their writers.
    rows = sorted({deal.pk: (deal, seen) for deal, seen in chosen}.values(), key=lambda row: row[0].pk)
    MigratedDeal.objects.bulk_create(
        [
            MigratedDeal(
                run=run,
                opportunity=deal,
                seen_version=seen,
                state=State.LEFT_OUT if reasons[deal.pk] else State.WAITING,
                reason=reasons[deal.pk],
            )
            for deal, seen in rows
        ],
        batch_size=500,
    )
    data = {"deals": run.total, "target": version_data(target), "reason": reason}
    record(MigrationStarted(subject=Ref.of(run), data=data), actor=actor, at=now)
    run_migration.enqueue(run.ref)
    return run


def require_movable(deals: Sequence[Opportunity], actor: User) -> None:
    """Refuse where a person may not move deals, or a deal lies beyond their reach.

    Raises:
        NotAllowed: as said.
    """
    policy.require(actor, VERB)
    reached = set(movable_by(actor).filter(pk__in=[deal.pk for deal in deals]).values_list("pk", flat=True))
    beyond = [deal.name for deal in deals if deal.pk not in reached]
    if beyond:
        message = _("These projects are not yours to move: %(names)s. Leave them out, or ask an administrator.")
        raise NotAllowed(message % {"names": ", ".join(beyond[:5])}, details={"verb": VERB})


def _check(chosen: Chosen, reason: str) -> None:
    if not chosen:
        raise Invalid(_("Choose at least one project."), fields={"deals": _("is missing")})
    if len(chosen) > MOST_DEALS:
        message = _("At most %(n)d projects can move at once. Narrow the filters.") % {"n": MOST_DEALS}
        raise Invalid(message, fields={"deals": message})
    if len(reason) > LONGEST_REASON:
        message = _("Say why, in at most %(n)d characters.") % {"n": LONGEST_REASON}
        raise Invalid(message, fields={"reason": message})


def _nothing(chosen: Chosen, reasons: dict[int, str]) -> NothingToMove:
    words = {deal.ref: str(MigratedDeal.Reason(reasons[deal.pk]).label) for deal, _seen in chosen}
    told = set(words.values())
    message = told.pop() if len(told) == 1 else _("None of these projects can move.")
    codes = {deal.ref: reasons[deal.pk] for deal, _seen in chosen}
    return NothingToMove(message, fields={"deals": message}, details={"deals": codes})
