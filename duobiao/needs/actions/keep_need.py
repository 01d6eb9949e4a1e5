"""Note a need, change what is known of it, put it elsewhere in the tree, take it off."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import set_values
from duobiao.identity.models import User
from duobiao.kernel.money import Money
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.needs.actions.common import (
    channel_of,
    check_past,
    check_people,
    fault,
    one_of,
    plain,
    take_deal,
    take_need,
)
from duobiao.needs.actions.follow_evidence import follow_must_haves, follow_need
from duobiao.needs.actions.follow_verification import follow_verification
from duobiao.needs.actions.revoke_waiting import revoke_waiting
from duobiao.needs.domain.trees import Layer, layer_fits, may_stand_below
from duobiao.needs.events.needs import NeedChanged, NeedMoved, NeedNoted, NeedRemoved
from duobiao.needs.models import CostPer, Need
from duobiao.opportunities.actions.reassess import own_day
from duobiao.opportunities.models import Opportunity
from duobiao.timeline.actions.record import record

FIELDS = (
    "text", "level", "layer", "need_kind", "words", "said_by", "said_on", "channel", "owner_contact", "impact",
    "wanted_by", "forecast", "forecast_years", "severity", "urgency", "inaction_per",
)  # fmt: skip
"""What can be said of a need; ``inaction`` as money beside them."""
CONFIRMED = ("text", "impact", "wanted_by")
"""What the customer agreed to: it changes by a change request."""
MOST_NEEDS = 500


class NeedConfirmed(Conflict):
    """The customer confirmed this need: it changes by a change request (409)."""

    code = "need_confirmed"


class CannotStandThere(Conflict):
    """A need cannot be put below itself, too deep, or below a deeper layer (409)."""

    code = "cannot_stand_there"


class HasNeedsBelow(Conflict):
    """Needs stand below this one (409)."""

    code = "has_needs_below"


class TreeFull(Conflict):
    """A deal holds so many needs and no more (409)."""

    code = "tree_full"


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a need.

    Attributes:
        values: By name of the field, see ``FIELDS``.
        inaction: What doing nothing costs; None: not said, or taken away where ``clears`` says so.
        source: The record it was taken from.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    inaction: Money | None = None
    clears_inaction: bool = False
    source: Ref | None = None


@transaction.atomic
def note_need(*, opportunity: Opportunity, parent: Need | None, said: Said, actor: User, now: datetime) -> Need:
    """Note a need; without the customer's own words or figures it is marked as assumed.

    Raises:
        NotAllowed: the actor may not work on this deal.
        DealClosed: it is closed.
        CannotStandThere: it would stand below a deeper layer, or too deep.
        TreeFull: the deal holds as many needs as it may.
        Invalid: a value cannot be accepted.
    """
    deal = take_deal(opportunity, actor=actor)
    rows = Need.objects.live().filter(opportunity=deal)
    if rows.count() >= MOST_NEEDS:
        raise TreeFull(_("This project holds %(n)d needs. Put some of them together.") % {"n": MOST_NEEDS})
    need = Need(opportunity=deal, parent=_above(deal, parent), created_at=now, created_by=actor, changed_at=now)
    need.position = (rows.filter(parent=need.parent).aggregate(last=Max("position"))["last"] or 0) + 1
    changes = _set(need, said, actor=actor, now=now)
    for name in ("text", "level", "layer"):
        if not getattr(need, name):
            raise fault(name, _("Write this down.") if name == "text" else _("Choose one."))
    _require_place(need, need.parent)
    if said.source is not None:
        need.source_kind, need.source_ref = said.source.kind, said.source.ref
    need.save(force_insert=True)
    data = {"text": need.text, "assumed": need.is_assumed, "values": plain({k: v for k, (_o, v) in changes.items()})}
    record(NeedNoted(subject=Ref.of(need), chain=deal.ref, data=data), actor=actor, at=now)
    follow_need(need, actor=actor, now=now)
    follow_must_haves(deal, actor=actor, now=now)
    return need


@transaction.atomic
def change_need(*, need: Need, version: int, said: Said, actor: User, now: datetime) -> Need:
    """Change what is known of a need; links of the requirements that wait for an answer no longer work.

    Raises:
        NotAllowed, DealClosed, Invalid: as ``note_need``.
        NotFound: it was taken off.
        StaleVersion: somebody changed it since.
        NeedConfirmed: what the customer confirmed would change.
    """
    held = take_need(need, version=version, actor=actor)
    changes = _set(held, said, actor=actor, now=now)
    if not changes:
        return held
    if held.is_confirmed and any(name in changes for name in CONFIRMED):
        message = _("The customer confirmed this need. Ask for a change instead: its effect and the decision are kept.")
        raise NeedConfirmed(message, fields={name: message for name in CONFIRMED if name in changes})
    _require_place(held, held.parent)
    for child in Need.objects.live().filter(parent=held):
        _require_place(child, held)
    held.version += 1
    held.changed_at = now
    held.save()
    data = {
        "text": held.text,
        "before": plain({name: before for name, (before, _after) in changes.items()}),
        "after": plain({name: after for name, (_before, after) in changes.items()}),
    }
    record(NeedChanged(subject=Ref.of(held), chain=held.opportunity.ref, data=data), actor=actor, at=now)
    if any(name in changes for name in CONFIRMED):
        revoke_waiting(held.opportunity, actor=actor, now=now)
    follow_need(held, actor=actor, now=now)
    return held


@transaction.atomic
def move_need(
    *, need: Need, version: int, parent: Need | None, before: Need | None, actor: User, now: datetime
) -> Need:
    """Put a need below another one, or elsewhere among its siblings; what stands below it comes along.

    Args:
        parent: None: to the root.
        before: The sibling it is to stand before; None: last.

    Raises:
        NotAllowed, DealClosed, NotFound, StaleVersion: as ``change_need``.
        CannotStandThere: below itself, too deep, or below a deeper layer.
        Invalid: ``before`` is no sibling there.
    """
    held = take_need(need, version=version, actor=actor)
    above = _above(held.opportunity, parent)
    _require_place(held, above)
    siblings = Need.objects.live().filter(opportunity=held.opportunity, parent=above).exclude(pk=held.pk)
    order = list(siblings.order_by("position", "pk"))
    at = len(order)
    if before is not None:
        keys = [row.pk for row in order]
        if before.pk not in keys:
            raise fault("before", _("Choose a need that stands at this place."))
        at = keys.index(before.pk)
    order.insert(at, held)
    held.parent = above
    held.version += 1
    held.changed_at = now
    held.save(update_fields=["parent", "version", "changed_at"])
    for position, row in enumerate(order, start=1):
        row.position = position
    Need.objects.bulk_update(order, ["position"])
    note = _("below: %(text)s") % {"text": above.text} if above is not None else _("at the root")
    data = {"text": held.text, "note": note, "parent": above.ref if above is not None else "", "position": at + 1}
    record(NeedMoved(subject=Ref.of(held), chain=held.opportunity.ref, data=data), actor=actor, at=now)
    return held


@transaction.atomic
def remove_need(*, need: Need, version: int, reason: str, actor: User, now: datetime) -> Need:
    """Take a need off the tree, with what it proved; its row stays.

    Raises:
        NotAllowed, DealClosed, NotFound, StaleVersion: as ``change_need``.
        HasNeedsBelow: others stand below it.
        NeedConfirmed: the customer confirmed it.
        Invalid: the reason is missing.
    """
    held = take_need(need, version=version, actor=actor)
    if not reason.strip():
        raise fault("reason", _("Say why it is no need any more."))
    if held.is_confirmed:
        raise NeedConfirmed(_("The customer confirmed this need. Ask for a change instead."))
    if Need.objects.live().filter(parent=held).exists():
        raise HasNeedsBelow(_("Other needs stand below this one. Move them first, or take them off."))
    held.removed_at, held.removed_by = now, actor
    held.version += 1
    held.save(update_fields=["removed_at", "removed_by", "version"])
    data = {"text": held.text, "note": reason.strip()[:300]}
    record(NeedRemoved(subject=Ref.of(held), chain=held.opportunity.ref, data=data), actor=actor, at=now)
    revoke_waiting(held.opportunity, actor=actor, now=now)
    follow_need(held, actor=actor, now=now)
    follow_must_haves(held.opportunity, actor=actor, now=now)
    follow_verification(held.opportunity, actor=actor, now=now)
    return held


def _above(deal: Opportunity, parent: Need | None) -> Need | None:
    if parent is None:
        return None
    held: Need | None = Need.objects.live().filter(pk=parent.pk, opportunity=deal).first()
    if held is None:
        raise fault("parent", _("Choose a need of this project."))
    return held


def _require_place(need: Need, parent: Need | None) -> None:
    rows = Need.objects.live().filter(opportunity=need.opportunity)
    parents: dict[int, int | None] = dict(rows.values_list("pk", "parent_id"))
    if not may_stand_below(need.pk, parent.pk if parent is not None else None, parents):
        message = _("A need cannot stand below itself, nor deeper than six needs.")
        raise CannotStandThere(message, fields={"parent": message})
    if parent is not None and not layer_fits(Layer(need.layer), Layer(parent.layer)):
        message = _("Below a deeper layer nothing on the surface can stand. Choose another layer or place.")
        raise CannotStandThere(message, fields={"layer": message})


def _set(need: Need, said: Said, *, actor: User, now: datetime) -> dict[str, tuple[Any, Any]]:
    values = dict(said.values)
    deal = need.opportunity
    people: dict[str, Any] = {name: values[name] for name in ("said_by", "owner_contact") if name in values}
    check_people(deal, people)
    changes = set_values(need, values, allowed=FIELDS, rules=RULES)
    changes |= _set_inaction(need, said)
    if not need.words:
        need.said_by, need.said_on, need.channel = None, None, ""
    elif need.said_on is None:
        need.said_on = own_day(actor, now)
    if need.said_on is not None:
        check_past("said_on", need.said_on, actor=actor, now=now)
    channel_of(need.channel, needed=False)
    if bool(need.forecast) != (need.forecast_years is not None):
        name = "forecast_years" if need.forecast else "forecast"
        raise fault(name, _("Growth needs both: what grows, and in how many years (3 to 5)."))
    return changes


def _set_inaction(need: Need, said: Said) -> dict[str, tuple[Any, Any]]:
    before = need.inaction_minor
    if said.clears_inaction:
        need.inaction_minor, need.inaction_currency, need.inaction_per = None, "", ""
    elif said.inaction is not None:
        if said.inaction.amount_minor < 0:
            raise fault("inaction", _("A cost is not below zero."))
        need.inaction_minor, need.inaction_currency = said.inaction.amount_minor, said.inaction.currency
        need.inaction_per = one_of("inaction_per", need.inaction_per or CostPer.MONTH, CostPer.values)
    elif need.inaction_minor is None:
        need.inaction_per = ""
    return {"inaction_minor": (before, need.inaction_minor)} if before != need.inaction_minor else {}


def _between(lowest: int, highest: int) -> Any:
    def check(value: Any) -> Any:
        if value is not None and not lowest <= int(value) <= highest:
            raise ValueError(_("From %(lowest)d to %(highest)d.") % {"lowest": lowest, "highest": highest})
        return value

    return check


RULES = {"severity": _between(1, 5), "urgency": _between(1, 5), "forecast_years": _between(3, 5)}
