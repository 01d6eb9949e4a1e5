"""Activate a contingency plan, or note that it is done."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.lock import lock
from duobiao.strategy.events import PlanAdvanced
from duobiao.strategy.models import ContingencyPlan, PlanState, PlanStep
from duobiao.strategy.queries.plans import NEXT
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

LONGEST_NOTE = 500


class NotNext(Conflict):
    """A plan is prepared, then activated, then done."""

    code = "not_next"


@transaction.atomic
def advance_plan(*, plan: ContingencyPlan, state: str, note: str = "", actor: User, now: datetime) -> ContingencyPlan:
    """Take a plan one step on; who carries it out is told.

    Args:
        state: ``ACTIVATED`` or ``DONE``.

    Raises:
        NotAllowed: ``actor`` may not plan on this deal.
        NotNext: this is not the next step of the plan.
        Invalid: unknown state, or a note too long.
    """
    policy.require(actor, "strategy.plan", plan.opportunity)
    note = note.replace("\x00", "").strip()
    steps = [str(value) for value in NEXT.values()]
    if state not in steps:
        message = _("Choose one of: %(names)s.") % {"names": ", ".join(steps)}
        raise Invalid(message, fields={"state": message})
    if len(note) > LONGEST_NOTE:
        message = _("At most %(n)d characters.") % {"n": LONGEST_NOTE}
        raise Invalid(message, fields={"note": message})
    deal = lock(plan.opportunity)
    held = ContingencyPlan.objects.select_related("owner").get(pk=plan.pk)
    if NEXT.get(PlanState(held.state)) != state:
        now_is = PlanState(held.state).label
        raise NotNext(_("This plan is %(state)s; it cannot take this step.") % {"state": now_is})
    PlanStep.objects.create(plan=held, state=state, note=note, at=now, by=actor)
    held.state = state
    held.version += 1
    held.save(update_fields=["state", "version"])
    data = {"rule": held.rule, "state": state, "note": note}
    record(PlanAdvanced(subject=Ref.of(held), chain=deal.ref, data=data), actor=actor, at=now)
    if held.owner != actor:
        told = {**data, "deal": deal.name}
        notify([held.owner], event=PlanAdvanced.name, url=f"/opportunities/{deal.ref}/strategy/", at=now, data=told)
    return held
