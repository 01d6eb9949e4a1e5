"""Change what another system says anew of a deal that came in before; only the fields that changed there."""

from datetime import date
from typing import Any

from duobiao.customers.models import Customer
from duobiao.identity.models import User
from duobiao.integrations.actions.context import Context, Values
from duobiao.integrations.actions.write_customers import placeholder
from duobiao.integrations.actions.write_deals import close_reason, context_placeholder
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.edit_opportunity import EDITABLE, edit_opportunity, plain
from duobiao.opportunities.actions.finish_deal import drop_what_waits
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.reassess import Cause, reassess
from duobiao.opportunities.actions.share_deal import share_deal
from duobiao.opportunities.events import (
    OpportunityClosed,
    OpportunityEdited,
    OpportunityHandedOver,
    OpportunityReopened,
)
from duobiao.opportunities.models import Closing, FieldChange, Opportunity, Outcome, Product
from duobiao.timeline.actions.record import record

ENDING = ("outcome", "closed_on", "close_reason")
BESIDE = ("claimed_stage", "claimed_label", "opened_on", "created_by", "customer")


def change_deal(context: Context, pk: int, values: Values) -> None:
    """Write the given values."""
    deal = lock(Opportunity(pk=pk))
    editable = {name: value for name, value in values.items() if name in EDITABLE}
    if "product" in editable:
        editable["product"] = Product.objects.filter(pk=editable["product"]).first() if editable["product"] else None
    if editable:
        edit_opportunity(opportunity=deal, version=deal.version, values=editable, actor=context.actor, now=context.now)
        deal = lock(deal)
    _change_beside(context, deal, values)
    if values.get("owner"):
        _hand_over(context, deal, User.objects.get(pk=values["owner"]))
    if any(name in values for name in ENDING):
        _end(context, deal, values)


def _change_beside(context: Context, deal: Opportunity, values: Values) -> None:
    columns: dict[str, Any] = {}
    for name in BESIDE:
        if name not in values:
            continue
        value = values[name]
        if name == "customer":
            columns[name] = Customer.objects.get(pk=value or placeholder(context, context_placeholder(context)))
        elif name == "created_by":
            columns["created_by_id"] = value
        elif name == "claimed_label":
            columns[name] = value or ""
        elif name != "opened_on" or value is not None:
            columns[name] = value
    changed = {name: value for name, value in columns.items() if getattr(deal, name) != value}
    if changed:
        _store(context, deal, changed)
        share_deal(deal, now=context.now)


def _store(context: Context, deal: Opportunity, changed: dict[str, Any]) -> None:
    told = {}
    for name, value in changed.items():
        before = getattr(deal, name)
        told[name] = {"before": _told(before), "after": _told(value)}
        setattr(deal, name, value)
    deal.version += 1
    deal.save(update_fields=[*(name.removesuffix("_id") for name in changed), "version"])
    FieldChange.objects.bulk_create(
        FieldChange(opportunity=deal, field=name.removesuffix("_id"), at=context.now, actor=context.actor, **change)
        for name, change in told.items()
    )
    record(OpportunityEdited(subject=Ref.of(deal), data={"changes": told}), actor=context.actor, at=context.now)


def _told(value: object) -> object:
    return value.name if isinstance(value, Customer) else plain(value)


def _hand_over(context: Context, deal: Opportunity, owner: User) -> None:
    """Give the deal to another person; in an import that may be one who has left."""
    before = deal.owner
    if before == owner:
        return
    deal.owner = owner
    deal.version += 1
    deal.save(update_fields=["owner", "version"])
    FieldChange.objects.create(
        opportunity=deal, field="owner", before=before.ref, after=owner.ref, at=context.now, actor=context.actor
    )
    data = {"before": before.name, "after": owner.name, "note": context.source}
    record(OpportunityHandedOver(subject=Ref.of(deal), data=data), actor=context.actor, at=context.now)
    share_deal(deal, now=context.now)


def _end(context: Context, deal: Opportunity, values: Values) -> None:
    """Close or reopen the deal as the source now says; without a day it is closed today."""
    outcome = str(values.get("outcome") or deal.outcome)
    closed_on: date | None = None
    if outcome != Outcome.OPEN:
        closed_on = values.get("closed_on") or deal.closed_on or context.today
    if (outcome, closed_on) == (deal.outcome, deal.closed_on):
        return
    if deal.outcome != Outcome.OPEN:
        _reopen(context, deal)
    if outcome != Outcome.OPEN and closed_on is not None:
        _close(context, deal, outcome=outcome, on=closed_on, reason=close_reason({**values, "outcome": outcome}))
    share_deal(deal, now=context.now)


def _reopen(context: Context, deal: Opportunity) -> None:
    Closing.objects.filter(opportunity=deal, reopened_on=None).update(
        reopened_on=context.today, reopened_at=context.now, reopened_by=context.actor, reopen_reason=context.source
    )
    _set_ending(deal, outcome=Outcome.OPEN, on=None, reason="", unproved=False)
    event = OpportunityReopened(subject=Ref.of(deal), data={"reason": context.source, "note": context.source})
    record(event, actor=context.actor, at=context.now)
    reassess(deal, actor=context.actor, now=context.now, cause=Cause(OpportunityReopened.name, deal.ref))


def _close(context: Context, deal: Opportunity, *, outcome: str, on: date, reason: str) -> None:
    Closing.objects.create(
        opportunity=deal,
        outcome=outcome,
        reason=reason,
        closed_on=on,
        known_on=on,
        recorded_at=context.now,
        recorded_by=context.actor,
    )
    _set_ending(deal, outcome=outcome, on=on, reason=reason, unproved=outcome == Outcome.WON)
    data = {"outcome": outcome, "reason": reason, "on": on.isoformat(), "note": context.source}
    record(OpportunityClosed(subject=Ref.of(deal), data=data), actor=context.actor, at=context.now)
    drop_what_waits(deal, actor=context.actor, now=context.now)
    cause = Cause(OpportunityClosed.name, deal.ref, {"outcome": outcome})
    reassess(deal, actor=context.actor, now=context.now, cause=cause)


def _set_ending(deal: Opportunity, *, outcome: str, on: date | None, reason: str, unproved: bool) -> None:
    deal.outcome, deal.closed_on, deal.close_reason, deal.outcome_unproved = outcome, on, reason, unproved
    deal.version += 1
    deal.save(update_fields=["outcome", "closed_on", "close_reason", "outcome_unproved", "version"])
