"""Take a deal, a need or an objection for writing: the deal is locked first, then the row."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import json_value, stale
from duobiao.customers.models import Contact
from duobiao.engagement.actions.people import check_companies
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refusals import Invalid, NotFound
from duobiao.needs.models import Need
from duobiao.opportunities.actions.lock import DealClosed, lock, require_open
from duobiao.opportunities.actions.reassess import own_day
from duobiao.opportunities.models import Channel, Opportunity, Outcome

WORK, DECIDE = "needs.work", "needs.decide_change"
"""Rights: to work on the needs of a deal; to decide changes of confirmed ones."""
EARLIEST = date(1990, 1, 1)


def take_deal(opportunity: Opportunity, *, actor: User, verb: str = WORK, won_too: bool = False) -> Opportunity:
    """Return the deal, locked, for one who may work on it.

    Args:
        won_too: A won deal will do as well: its requirements live on.

    Raises:
        NotAllowed: the actor may not.
        DealClosed: it is closed.
    """
    policy.require(actor, verb, opportunity)
    deal = lock(opportunity)
    if not (won_too and deal.outcome == Outcome.WON and deal.merged_into_id is None):
        require_open(deal)
    return deal


def take_need(need: Need, *, version: int | None, actor: User) -> Need:
    """Return a need, locked with its deal, as the actor saw it.

    Args:
        version: What the actor saw; None where it does not matter.

    Raises:
        NotAllowed, DealClosed: as ``take_deal``.
        NotFound: it was taken off.
        StaleVersion: somebody changed it since.
    """
    deal = take_deal(need.opportunity, actor=actor)
    held = live_need(need)
    held.opportunity = deal
    if version is not None and held.version != version:
        raise stale({"text": held.text, "words": held.words, "priority": held.priority}, version=held.version)
    return held


def live_need(need: Need) -> Need:
    """Return a need as it is now, locked.

    Raises:
        NotFound: it was taken off.
    """
    rows = Need.objects.live().select_for_update(of=("self",)).select_related("parent", "said_by", "owner_contact")
    held: Need | None = rows.filter(pk=need.pk).first()
    if held is None:
        raise NotFound(_("This need was taken off."))
    return held


def check_people(deal: Opportunity, people: Mapping[str, Contact | None]) -> None:
    """Refuse people who belong to none of the deal's companies.

    Raises:
        Invalid: somebody belongs elsewhere, named by field.
    """
    for field, contact in people.items():
        if contact is not None:
            check_companies([contact], field=field, customer=deal.customer, opportunity=deal)


def check_past(field: str, day: date, *, actor: User, now: datetime, earliest: date = EARLIEST) -> None:
    """Refuse a day that lies ahead, or before what it follows.

    Raises:
        Invalid: it does.
    """
    today = own_day(actor, now)
    if day > today:
        raise fault(field, _("The day cannot be later than today (%(today)s).") % {"today": today.isoformat()})
    if day < earliest:
        raise fault(field, _("The day cannot be before %(day)s.") % {"day": earliest.isoformat()})


def one_of(field: str, value: str, known: Iterable[str]) -> str:
    """Return a code.

    Raises:
        Invalid: it is none of those known.
    """
    names = list(known)
    if value not in names:
        raise fault(field, _("Choose one of: %(names)s.") % {"names": ", ".join(names)})
    return value


def channel_of(value: str, *, needed: bool) -> str:
    """Return a channel.

    Raises:
        Invalid: it is needed and missing, or not known.
    """
    if not value and not needed:
        return ""
    if not value:
        raise fault("channel", _("Say through which channel they said it."))
    return one_of("channel", value, Channel.values)


def fault(field: str, message: str) -> Invalid:
    """Build the refusal of one field."""
    return Invalid(message, fields={field: message})


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the audit keeps them."""
    return {name: json_value(value) for name, value in values.items()}


__all__ = ["DECIDE", "WORK", "DealClosed"]
