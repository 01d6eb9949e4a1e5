"""Take a deal for writing: one writer at a time, and only from what they saw."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from duobiao.kernel.refusals import Conflict, StaleVersion
from duobiao.opportunities.models import Opportunity, Outcome


class DealClosed(Conflict):
    """The deal is closed; it must be reopened first."""

    code = "deal_closed"


def lock(opportunity: Opportunity, *, version: int | None = None) -> Opportunity:
    """Return the deal as it now is, locked until the transaction ends.

    Raises:
        StaleVersion: it changed since the actor read ``version``.
    """
    locked = (
        Opportunity.objects.select_for_update(of=("self",)).select_related("owner", "customer").get(pk=opportunity.pk)
    )
    if version is not None and locked.version != version:
        raise StaleVersion(
            _("Somebody else changed this deal meanwhile. Compare both and save again."),
            details={"current": current_values(locked)},
        )
    return locked


def lock_deals(keys: Iterable[int]) -> list[Opportunity]:
    """Return deals in the order of ``keys``, merged ones too, locked in the order of their keys."""
    wanted = list(keys)
    rows = Opportunity.objects.select_for_update(of=("self",)).select_related("owner", "customer")
    found = {row.pk: row for row in rows.filter(pk__in=wanted).order_by("pk")}
    return [found[key] for key in wanted]


def current_values(opportunity: Opportunity) -> dict[str, object]:
    """Return the plain fields of a deal for a person to compare."""
    return {
        "version": opportunity.version,
        "name": opportunity.name,
        "amount_minor": opportunity.amount_minor,
        "currency": opportunity.currency,
        "expected_close_on": opportunity.expected_close_on and opportunity.expected_close_on.isoformat(),
        "bid_deadline_at": opportunity.bid_deadline_at and opportunity.bid_deadline_at.isoformat(),
        "description": opportunity.description,
        "source": opportunity.source,
    }


def require_open(opportunity: Opportunity) -> None:
    """Refuse what only makes sense while the deal runs.

    Raises:
        DealClosed: it was won, lost or given up.
    """
    if opportunity.merged_into_id is not None:
        raise DealClosed(_("This deal went into another one. Work on that one."))
    if opportunity.outcome != Outcome.OPEN:
        raise DealClosed(_("This deal is closed. A manager can reopen it."))


def adopt(opportunity: Opportunity, locked: Opportunity) -> None:
    """Bring the caller's copy of a deal in line with the locked one, without reading it again."""
    if opportunity is not locked:
        for field in locked._meta.concrete_fields:
            setattr(opportunity, field.attname, getattr(locked, field.attname))
