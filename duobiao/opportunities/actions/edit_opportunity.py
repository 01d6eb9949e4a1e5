"""Change plain fields of a deal; where it stands is never among them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.money import Money
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.judge_signals import judge_deal
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.actions.share_deal import share_deal
from duobiao.opportunities.events import OpportunityEdited
from duobiao.opportunities.models import FieldChange, Opportunity, Product
from duobiao.timeline.actions.record import record

EDITABLE = ("name", "amount", "expected_close_on", "bid_deadline_at", "product", "source", "description")
LONGEST = {"name": 160, "source": 60, "description": 4000}
LARGEST_AMOUNT_MINOR = 10**15
"""Ten trillion yuan; more is a typing error and would overflow sums."""


@transaction.atomic
def edit_opportunity(
    *, opportunity: Opportunity, version: int, values: Mapping[str, Any], actor: User, now: datetime
) -> Opportunity:
    """Change fields of a deal.

    Args:
        version: What the actor saw.
        values: New values by name, out of ``EDITABLE``; ``amount`` takes ``Money`` or None.

    Raises:
        NotAllowed: ``actor`` may not edit this deal.
        StaleVersion: somebody changed it meanwhile.
        Invalid: a value cannot be accepted.
    """
    policy.require(actor, "opportunities.edit", opportunity)
    deal = lock(opportunity, version=version)
    columns = clean_values(values)
    changes = {name: (getattr(deal, name), value) for name, value in columns.items() if getattr(deal, name) != value}
    if not changes:
        return deal
    for name, (_before, value) in changes.items():
        setattr(deal, name, value)
    deal.version += 1
    deal.save(update_fields=[*changes, "version"])
    FieldChange.objects.bulk_create(
        FieldChange(opportunity=deal, field=name, before=plain(before), after=plain(after), at=now, actor=actor)
        for name, (before, after) in changes.items()
    )
    changed = {name: {"before": plain(before), "after": plain(after)} for name, (before, after) in changes.items()}
    record(OpportunityEdited(subject=Ref.of(deal), data={"changes": changed}), actor=actor, at=now)
    judge_deal(deal, actor=actor, now=now, on=company_day(now))
    share_deal(deal, now=now)
    return deal


def clean_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns for plain values, checked.

    Raises:
        Invalid: an unknown name, or a value that cannot be accepted; every fault is named.
    """
    faults: dict[str, str] = {name: _("cannot be set") for name in values if name not in EDITABLE}
    columns: dict[str, Any] = {}
    for name, value in values.items():
        if name in LONGEST:
            text = str(value or "").replace("\x00", "").strip()
            columns[name] = text
            if len(text) > LONGEST[name]:
                faults[name] = _("At most %(n)d characters.") % {"n": LONGEST[name]}
        elif name == "amount":
            columns.update(_amount(value, faults))
        elif name in EDITABLE:
            columns[name] = value
    if "name" in columns and not columns["name"]:
        faults["name"] = _("Give the deal a name.")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    return columns


def _amount(value: Money | None, faults: dict[str, str]) -> dict[str, Any]:
    if value is None:
        return {"amount_minor": None}
    if not 0 <= value.amount_minor <= LARGEST_AMOUNT_MINOR:
        faults["amount"] = _("The amount must lie between 0 and 10 trillion.")
    return {"amount_minor": value.amount_minor, "currency": value.currency}


def plain(value: object) -> object:
    """Return a value as JSON can keep it."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Product):
        return value.ref
    return value
