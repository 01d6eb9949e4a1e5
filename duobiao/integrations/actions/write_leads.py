"""Leads of another system or of a list, by the same actions that people use."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import set_values
from duobiao.identity.models import User
from duobiao.integrations.actions.context import Context, Planned, Values
from duobiao.kernel.refusals import Invalid
from duobiao.prospecting.actions.capture_lead import LEAD_FIELDS, LEAD_RULES, capture_lead
from duobiao.prospecting.actions.claim_lead import assign_lead
from duobiao.prospecting.actions.edit_lead import edit_lead
from duobiao.prospecting.models import Campaign, Lead, Pool

NOON = time(12)
PLACE = ("owner", "pool", "entered_on")


def check_lead(_context: Context, values: Values, _new: bool) -> None:
    """Check the facts of a lead as its form does; pool and campaign are named, and have to be there.

    Raises:
        Invalid: a value cannot be accepted.
    """
    facts = {name: value for name, value in _facts(values).items() if name != "campaign"}
    set_values(Lead(), facts, allowed=LEAD_FIELDS, rules=LEAD_RULES)
    missing = {
        name: _("not found")
        for name, model in (("pool", Pool), ("campaign", Campaign))
        if values.get(name) and not model._default_manager.filter(name=values[name]).exists()
    }
    if missing:
        raise Invalid(_("There is no such record."), fields=missing)


def create_lead(context: Context, row: Planned) -> int:
    """Enter a lead for the owner or the pool that the row names, else for the owner of the mapping."""
    values = row.values
    pool = Pool.objects.of_leads().filter(name=values["pool"]).first() if values.get("pool") else None
    owner = _person(values.get("owner")) or (None if pool is not None else context.owner)
    entered_on = values.get("entered_on")
    at = datetime.combine(entered_on, NOON, ZoneInfo(context.zone)) if entered_on else context.now
    lead = capture_lead(
        values=_with_campaign(_facts(values)),
        actor=context.actor,
        now=context.now,
        owner=owner,
        pool=pool,
        external=(context.source, row.external_id),
        captured_at=at,
    )
    return lead.pk


def change_lead(context: Context, pk: int, values: Values) -> None:
    """Change the given facts of an open lead; what is converted or discarded here is refused by its row."""
    lead = Lead.objects.get(pk=pk)
    if facts := _with_campaign(_facts(values)):
        lead = edit_lead(lead=lead, version=lead.version, values=facts, actor=context.actor, now=context.now)
    owner = _person(values.get("owner"))
    if owner is not None and owner.pk != lead.owner_id:
        assign_lead(lead=lead, version=lead.version, owner=owner, actor=context.actor, now=context.now)


def _facts(values: Values) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in PLACE}


def _with_campaign(facts: dict[str, Any]) -> dict[str, Any]:
    if facts.get("campaign"):
        facts["campaign"] = Campaign.objects.filter(name=facts["campaign"]).order_by("-starts_on", "-pk").first()
    return facts


def _person(pk: int | None) -> User | None:
    return User.objects.get_queryset().filter(pk=pk).first() if pk else None
