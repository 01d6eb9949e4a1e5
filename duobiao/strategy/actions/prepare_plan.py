"""Prepare a contingency plan for a risk of a deal, and change it."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, StaleVersion
from duobiao.opportunities.actions.lock import lock, require_open
from duobiao.opportunities.actions.reassess import own_day
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.signal_words import shipped_rules
from duobiao.strategy.actions.texts import check_ahead, cleaned, refuse
from duobiao.strategy.events import PlanEdited, PlanPrepared
from duobiao.strategy.models import ContingencyPlan, PlanState, PlanStep
from duobiao.strategy.queries.plans import people_on
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

TEXTS = ("trigger", "plan")
LONGEST_TRIGGER = 500
EXCERPT = 200


class PlanDone(Conflict):
    """The plan is done and stays as it was."""

    code = "plan_done"


@transaction.atomic
def prepare_plan(
    *,
    opportunity: Opportunity,
    rule: str,
    texts: Mapping[str, str],
    owner: User,
    due_on: date,
    actor: User,
    now: datetime,
) -> ContingencyPlan:
    """Prepare a plan; who is to carry it out is told.

    Args:
        rule: Key of the risk signal it answers.
        texts: ``trigger`` and ``plan``.
        owner: Who carries it out: the owner of the deal or somebody on its team.

    Raises:
        NotAllowed: ``actor`` may not plan on this deal.
        DealClosed: it is closed.
        Invalid: a field does not fit.
    """
    policy.require(actor, "strategy.plan", opportunity)
    deal = lock(opportunity)
    require_open(deal)
    faults: dict[str, str] = {}
    if rule not in shipped_rules():
        faults["rule"] = _("Choose one of: %(names)s.") % {"names": ", ".join(shipped_rules())}
    held = _checked(deal, texts, owner=owner, due_on=due_on, today=own_day(actor, now), faults=faults)
    refuse(faults)
    plan = ContingencyPlan.objects.create(opportunity=deal, rule=rule, owner=owner, due_on=due_on, **held)
    PlanStep.objects.create(plan=plan, state=PlanState.PREPARED, at=now, by=actor)
    data = {"rule": rule, "plan": plan.plan[:EXCERPT], "due_on": due_on.isoformat()}
    record(PlanPrepared(subject=Ref.of(plan), chain=deal.ref, data=data), actor=actor, at=now)
    if owner != actor:
        told = {**data, "deal": deal.name}
        notify([owner], event=PlanPrepared.name, url=f"/opportunities/{deal.ref}/strategy/", at=now, data=told)
    return plan


@transaction.atomic
def edit_plan(
    *,
    plan: ContingencyPlan,
    version: int,
    texts: Mapping[str, str],
    owner: User,
    due_on: date,
    actor: User,
    now: datetime,
) -> ContingencyPlan:
    """Change a plan that is not done.

    Raises:
        NotAllowed, DealClosed, Invalid: as ``prepare_plan``.
        StaleVersion: somebody changed it meanwhile.
        PlanDone: it is done.
    """
    policy.require(actor, "strategy.plan", plan.opportunity)
    deal = lock(plan.opportunity)
    require_open(deal)
    held = ContingencyPlan.objects.get(pk=plan.pk)
    if held.state == PlanState.DONE:
        raise PlanDone(_("This plan is done. Prepare another one."))
    if held.version != version:
        raise StaleVersion(_("Somebody else changed this plan meanwhile."), details={"version": held.version})
    faults: dict[str, str] = {}
    today = min(own_day(actor, now), held.due_on)
    values = {**_checked(deal, texts, owner=owner, due_on=due_on, today=today, faults=faults), "due_on": due_on}
    refuse(faults)
    changed = {name: value for name, value in values.items() if getattr(held, name) != value}
    if not changed and held.owner_id == owner.pk:
        return held
    before = {name: str(getattr(held, name)) for name in changed}
    for name, value in changed.items():
        setattr(held, name, value)
    held.owner = owner
    held.version += 1
    held.save()
    data = {"rule": held.rule, "before": before, "after": {name: str(value) for name, value in changed.items()}}
    record(PlanEdited(subject=Ref.of(held), chain=deal.ref, data=data | {"owner": owner.ref}), actor=actor, at=now)
    return held


def _checked(
    deal: Opportunity, texts: Mapping[str, str], *, owner: User, due_on: date, today: date, faults: dict[str, str]
) -> dict[str, str]:
    held = cleaned({name: texts.get(name, "") for name in TEXTS}, required=TEXTS, faults=faults)
    if len(held["trigger"]) > LONGEST_TRIGGER:
        faults["trigger"] = _("At most %(n)d characters.") % {"n": LONGEST_TRIGGER}
    check_ahead("due_on", due_on, today=today, faults=faults)
    if not people_on(deal).filter(pk=owner.pk).exists():
        faults["owner"] = _("Choose the owner of the project or somebody on its team.")
    return held
