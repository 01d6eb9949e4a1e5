"""Make a calling list from a filter, and close it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.domain.texts import NulCharacter, clean_line
from duobiao.engagement.actions.record_outcome import ListClosed
from duobiao.engagement.actions.values import among
from duobiao.engagement.events.calls import CallListAssigned, CallListClosed, CallListMade
from duobiao.engagement.models import CallList, CallListEntry, CallPurpose, ListSource
from duobiao.engagement.queries.call_candidates import MOST_ENTRIES, Candidates, Wanted, candidates
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, StaleVersion
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Made:
    """A list, and what did not get onto it."""

    list: CallList
    found: Candidates


@transaction.atomic
def make_call_list(
    *, name: str, wanted: Wanted, owner: User, actor: User, now: datetime, purposes: Sequence[str] = ()
) -> Made:
    """Make a calling list; whom both the actor and who calls may see gets onto it.

    Args:
        owner: Who calls.

    Raises:
        NotAllowed: the actor may not log calls, or not give ``owner`` calls to make.
        Invalid: the name is missing or too long, the filter is unknown, or it finds nobody.
    """
    calls = CallList(owner=owner, source=wanted.source, created_at=now, created_by=actor)
    policy.require(actor, "engagement.log_call", calls)
    calls.name = _name(name)
    if wanted.source not in ListSource.values:
        raise Invalid(
            _("Please correct the marked fields."), fields={"source": _("Choose what the list is made from.")}
        )
    try:
        calls.purposes = among(CallPurpose.values)(list(purposes))
    except ValueError as error:
        raise Invalid(_("Please correct the marked fields."), fields={"purposes": str(error)}) from error
    found = candidates(wanted, owner=owner, actor=actor, now=now)
    if not found.people:
        message = _("Nobody fits this filter. Choose a wider one.")
        raise Invalid(message, fields={"source": message})
    calls.about = wanted.words()[:300]
    calls.save(force_insert=True)
    CallListEntry.objects.bulk_create(
        [
            CallListEntry(
                list=calls,
                number=number,
                place=number,
                contact=one.contact,
                customer=one.contact.customer if one.contact is not None else None,
                lead=one.lead,
            )
            for number, one in enumerate(found.people[:MOST_ENTRIES], start=1)
        ]
    )
    data = {"note": calls.name, "entries": len(found.people), "about": calls.about}
    record(CallListMade(subject=Ref.of(calls), chain=calls.ref, data=data), actor=actor, at=now)
    if owner != actor:
        told = {"name": calls.name, "entries": len(found.people), "by": str(actor)}
        notify([owner], event=CallListAssigned.name, url=f"/calls/lists/{calls.ref}/", at=now, data=told)
    return Made(calls, found)


@transaction.atomic
def close_call_list(*, calls: CallList, version: int, actor: User, now: datetime) -> CallList:
    """Close a list; what is still on it is not called.

    Raises:
        NotAllowed: the actor may not work on it.
        ListClosed: it is closed already.
        StaleVersion: somebody changed it meanwhile.
    """
    held = CallList.objects.select_for_update(of=("self",)).select_related("owner").get(pk=calls.pk)
    policy.require(actor, "engagement.log_call", held)
    if held.closed_at is not None:
        raise ListClosed(_("This calling list is closed."))
    if held.version != version:
        raise StaleVersion(_("Somebody changed this list since you opened it. Reload and look at it again."))
    held.closed_at, held.closed_by = now, actor
    held.version += 1
    held.save(update_fields=["closed_at", "closed_by", "version"])
    data = {"note": held.name, "left": held.entries.waiting().count()}
    record(CallListClosed(subject=Ref.of(held), chain=held.ref, data=data), actor=actor, at=now)
    return held


def _name(text: str) -> str:
    try:
        name = clean_line(text)
    except NulCharacter:
        name = ""
    if not 1 <= len(name) <= LONGEST_NAME:
        message = _("Give the list a name of at most %(n)d characters.") % {"n": LONGEST_NAME}
        raise Invalid(message, fields={"name": message})
    return name
