"""What every action on a lead begins and ends with: the row locked, its version moved on, its place in search."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.kernel.refusals import Conflict, StaleVersion
from duobiao.prospecting.models import Claim, ClaimEnd, Lead, LeadState
from duobiao.prospecting.queries.findables import findable_lead
from duobiao.search.actions.index import index


class LeadClosed(Conflict):
    """The lead is converted or discarded."""

    code = "lead_closed"


def lock_lead(lead: Lead, *, version: int | None = None) -> Lead:
    """Return a lead as it is stored now, locked until the transaction ends.

    Raises:
        StaleVersion: it is not of the version the actor saw.
    """
    held = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    require_version(held, version)
    return held


def lock_leads(keys: Iterable[int]) -> list[Lead]:
    """Return leads in the order of ``keys``, merged ones too, locked in the order of their keys."""
    wanted = list(keys)
    rows = Lead.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    found = {row.pk: row for row in rows}
    return [found[key] for key in wanted]


def require_version(lead: Lead, version: int | None) -> None:
    """Refuse what was decided on an older state of a lead; None asks for no state in particular.

    Raises:
        StaleVersion: it is not of the version the actor saw.
    """
    if version is not None and lead.version != version:
        message = _("Somebody changed this lead since you opened it. Reload and look at it again.")
        raise StaleVersion(message, details={"version": lead.version})


def require_open(lead: Lead) -> None:
    """Refuse what is done already.

    Raises:
        LeadClosed: the lead is converted or discarded.
    """
    if lead.merged_into is not None:
        details = {"keeper": lead.merged_into.ref}
        raise LeadClosed(_("This lead went into another one. Work on that one."), details=details)
    if lead.state == LeadState.CONVERTED:
        raise LeadClosed(_("This lead was converted already. Open what it became."), details=became(lead))
    if not lead.is_open:
        raise LeadClosed(_("This lead was discarded. Take it up again first."))


def became(lead: Lead) -> dict[str, str | None]:
    """Return the references of what a lead became."""
    parts = {"customer": lead.customer, "contact": lead.contact, "opportunity": lead.opportunity}
    return {name: part.ref if part is not None else None for name, part in parts.items()}


def keep(lead: Lead, fields: Iterable[str], *, now: datetime, worked: bool = True) -> None:
    """Save some fields of a locked lead as its next version.

    Args:
        worked: Somebody worked on it: recycling counts from now, and a new lead is being worked on.
    """
    names = {*fields, "version"}
    lead.version += 1
    if worked:
        lead.touched_at, lead.warned_on = now, None
        names |= {"touched_at", "warned_on"}
        if lead.state == LeadState.NEW:
            lead.state = LeadState.WORKING
            names.add("state")
    lead.save(update_fields=sorted(names))
    index(findable_lead(lead))


def begin_claim(lead: Lead, *, user: User, now: datetime, taken: bool) -> None:
    """Note that somebody holds a lead of a pool.

    Args:
        taken: They took it themselves, which counts for the limit of the day.
    """
    if lead.pool is not None:
        Claim.objects.create(lead=lead, pool=lead.pool, user=user, began_at=now, taken=taken)


def end_claim(lead: Lead, how: ClaimEnd, *, now: datetime) -> None:
    """Note how the present hold on a lead ended."""
    Claim.objects.filter(lead=lead, ended_at=None).update(ended_at=now, ended_as=how)


def event_data(lead: Lead, /, **more: Any) -> dict[str, Any]:
    """Return what the timeline says about a lead."""
    return {"company": lead.company, **more}
