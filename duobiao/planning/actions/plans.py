"""Take a plan for writing: its customer is locked first, and it must still be open to what is asked."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from duobiao.customers.actions.locks import lock_customer
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, StaleVersion
from duobiao.planning.events import PlanChanged
from duobiao.planning.models import AccountPlan, PlanState
from duobiao.timeline.actions.record import record


class PlanFixed(Conflict):
    """The plan waits for approval, is approved, or closed; this part of it is not changed any more."""

    code = "plan_fixed"


def take_plan(plan: AccountPlan, actor: User, *, states: tuple[PlanState, ...], entitled: bool = False) -> AccountPlan:
    """Return the plan as it is stored now, locked together with its customer.

    Args:
        entitled: The actor may do this whoever may edit the customer, because it is theirs to do.

    Raises:
        NotAllowed: the actor may not edit the customer.
        Conflict: the customer lies in the trash.
        PlanFixed: the plan is in none of the ``states``.
    """
    customer = lock_customer(plan.customer)
    if not entitled:
        require(actor, "customers.edit", customer)
    held = hold_plan(plan.ref)
    held.customer = customer
    if held.state not in states:
        raise PlanFixed(_WHY[PlanState(held.state)]())
    return held


def hold_plan(ref: str) -> AccountPlan:
    """Return a plan as it is stored now, locked until the transaction ends."""
    rows = AccountPlan.objects.select_for_update(of=("self",)).select_related("customer__owner")
    return rows.get(ref=ref)


def require_version(held: Any, version: int) -> None:
    """Refuse what was made from an old version.

    Raises:
        StaleVersion: somebody changed the record since.
    """
    if held.version != version:
        message = _("Somebody changed this since you opened it. Look at it again before you save.")
        raise StaleVersion(message, details={"version": held.version})


def plan_url(ref: str) -> str:
    """Return the page of a plan."""
    return f"/account-plans/{ref}/"


def words_of(plan: AccountPlan, **more: Any) -> dict[str, Any]:
    """Return what the timeline says about a plan."""
    return {"plan": plan.ref, "customer": plan.customer.label, "year": plan.year, **more}


def note_change(plan: AccountPlan, part: str, *, actor: User, now: datetime, **more: Any) -> None:
    """Keep that something of a plan was changed.

    Args:
        part: What, as ``events.PARTS`` words it; ``title`` names it.
    """
    plan.version += 1
    plan.save(update_fields=["version"])
    event = PlanChanged(subject=Ref.of(plan), chain=plan.customer.ref, data=words_of(plan, part=part, **more))
    record(event, actor=actor, at=now)


def _waiting() -> str:
    return _("This plan waits for approval. Withdraw the request before you change it.")


def _approved() -> str:
    return _("This plan is approved. Take it up again to change its goals.")


def _draft() -> str:
    return _("This plan is a draft. Send it for approval first.")


def _closed() -> str:
    return _("This plan is closed and stays as it was.")


_WHY = {
    PlanState.DRAFT: _draft,
    PlanState.WAITING: _waiting,
    PlanState.APPROVED: _approved,
    PlanState.CLOSED: _closed,
}
