"""Record what became of one entry of a calling list: log its call, settle it or put it off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import stale
from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.customers import duplicates_of
from duobiao.engagement.actions.log_call import Logged, log_call
from duobiao.engagement.actions.people import NewContact
from duobiao.engagement.actions.values import check_not_too_far, invalid
from duobiao.engagement.domain.call_lists import Effect, Outcome, effect_of
from duobiao.engagement.events.calls import EntrySkipped, LeadCalled
from duobiao.engagement.models import Call, CallList, CallListEntry
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.models import Opportunity
from duobiao.prospecting.actions.convert_lead import Into, convert_lead
from duobiao.prospecting.actions.keep_lead import event_data, keep, lock_lead, require_open
from duobiao.prospecting.models import Lead, LeadState
from duobiao.timeline.actions.record import record

LONGEST_NOTE = 300


class ListClosed(Conflict):
    """The calling list was closed."""

    code = "list_closed"


class EntrySettled(Conflict):
    """The entry needs no further call."""

    code = "entry_settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said on the telephone.

    Attributes:
        values: Fields of the call by name, see ``values.CALL_FIELDS``.
        contact: Who spoke; None: the person of the entry. A new one where the entry is a lead without a person.
    """

    values: Mapping[str, Any]
    contact: Contact | NewContact | None = None
    opportunity: Opportunity | None = None
    meeting_contacts: Sequence[Contact] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry after its outcome; ``logged`` None where no call could be logged."""

    entry: CallListEntry
    logged: Logged | None


@transaction.atomic
def record_outcome(
    *,
    entry: CallListEntry,
    version: int,
    outcome: str,
    said: Said,
    actor: User,
    now: datetime,
    call_back_at: datetime | None = None,
) -> Recorded:
    """Record what became of an entry.

    A lead stays a lead until a call shows a latent customer; only then it becomes a customer with a call of its own.

    Raises:
        NotAllowed: the actor may not work on this list, or not log calls with this customer.
        ListClosed, EntrySettled: there is nothing left to do.
        StaleVersion: somebody recorded something on this entry meanwhile.
        Invalid: the outcome is unknown, or lacks its day.
        DuplicateCustomer: a lead's company may be a customer already, and people are to say which.
    """
    held = _locked(entry, version, actor)
    if outcome not in list(Outcome):
        raise invalid("outcome", _("Say what became of the call."))
    chosen = Outcome(outcome)
    effect = effect_of(chosen, tries=held.tries + 1)
    _check(chosen, said.values, call_back_at, now)
    logged = _log(held, chosen, effect, said, actor=actor, now=now)
    held.outcome, held.last_at, held.last_by = chosen.value, now, actor
    held.tries += 1
    held.note = str(said.values.get("notes", ""))[:LONGEST_NOTE]
    held.call_back_at = call_back_at if chosen is Outcome.CALL_BACK else None
    held.reminded_at = None
    held.settled_at = now if effect.settles else None
    if effect.later:
        held.place = (held.list.entries.aggregate(last=Max("place"))["last"] or 0) + 1
    held.version += 1
    held.save()
    return Recorded(held, logged)


def reopen_entry(call: Call) -> None:
    """Put an entry back into its list: the call that settled it was withdrawn; not where they want no calls."""
    if call.entry_id is None or CallListEntry.objects.with_objections().get(pk=call.entry_id).objecting:
        return
    held = CallListEntry.objects.select_for_update().get(pk=call.entry_id)
    if held.calls.filter(started_at__gt=call.started_at, withdrawn_at__isnull=True).exists():
        return
    held.settled_at, held.call_back_at, held.outcome = None, None, ""
    held.version += 1
    held.save(update_fields=["settled_at", "call_back_at", "outcome", "version"])


def _locked(entry: CallListEntry, version: int, actor: User) -> CallListEntry:
    calls = CallList.objects.select_for_update(of=("self",)).select_related("owner").get(pk=entry.list_id)
    policy.require(actor, "engagement.log_call", calls)
    rows = CallListEntry.objects.with_objections().select_related("contact__customer__owner", "customer__owner", "lead")
    held = rows.get(pk=entry.pk)
    held.list = calls
    if calls.closed_at is not None:
        raise ListClosed(_("This calling list is closed."))
    if held.settled_at is not None:
        raise EntrySettled(_("This entry is done already. Go on with the next one."))
    if held.version != version:
        raise stale({"outcome": held.outcome}, version=held.version)
    return held


def _check(outcome: Outcome, values: Mapping[str, Any], call_back_at: datetime | None, now: datetime) -> None:
    if outcome is Outcome.MEETING and values.get("meeting_at") is None:
        raise invalid("meeting_at", _("Say when you meet."))
    if outcome is not Outcome.CALL_BACK:
        return
    if call_back_at is None:
        raise invalid("call_back_at", _("Say when to call again."))
    if call_back_at <= now:
        raise invalid("call_back_at", _("This time has passed."))
    check_not_too_far("call_back_at", call_back_at, now=now)


def _values(entry: CallListEntry, outcome: Outcome, effect: Effect, given: Mapping[str, Any]) -> dict[str, Any]:
    values = {**given, "result": effect.result}
    values["purposes"] = given.get("purposes") or entry.list.purposes
    if values.get("interest") is None and effect.interest is not None:
        values["interest"] = effect.interest
    if values.get("is_a_class") is None:
        values["is_a_class"] = effect.a_class
    if outcome is not Outcome.MEETING:
        values["meeting_at"] = None
    return values


def _log(
    entry: CallListEntry, outcome: Outcome, effect: Effect, said: Said, *, actor: User, now: datetime
) -> Logged | None:
    if outcome is Outcome.SKIPPED:
        data = {"name": entry.name, "company": entry.company, "list": entry.list.name}
        record(EntrySkipped(subject=Ref.of(entry.list), chain=entry.list.ref, data=data), actor=actor, at=now)
        return None
    values = _values(entry, outcome, effect, said.values)
    if entry.contact is None and not _become_customer(entry, values, said, actor=actor, now=now):
        _note_on_lead(entry, outcome, values, actor=actor, now=now)
        return None
    contact = said.contact if isinstance(said.contact, Contact) else entry.contact
    if contact is None or entry.customer is None:
        raise invalid("new_name", _("Give the name of the person."))
    logged = log_call(
        customer=entry.customer,
        contact=contact,
        values=values,
        opportunity=said.opportunity,
        meeting_contacts=said.meeting_contacts,
        actor=actor,
        now=now,
    )
    logged.call.entry = entry
    logged.call.save(update_fields=["entry"])
    return logged


def _become_customer(
    entry: CallListEntry, values: Mapping[str, Any], said: Said, *, actor: User, now: datetime
) -> bool:
    """Turn the lead of an entry into a customer with a contact, if the call shows a latent one, or it is one by now."""
    if entry.lead is None:
        return False
    lead = lock_lead(entry.lead)
    if lead.state != LeadState.CONVERTED:
        if not values.get("is_a_class"):
            return False
        named = said.contact if isinstance(said.contact, NewContact) else NewContact(lead.contact_name)
        lead.contact_name = lead.contact_name or named.name
        if not lead.contact_name:
            raise invalid("new_name", _("Give the name of the person."))
        keep(lead, ["contact_name"], now=now)
        into = Into(customer=_same_company(lead, actor), with_deal=False)
        lead = convert_lead(lead=lead, into=into, version=None, actor=actor, now=now)
    if lead.customer is None or lead.contact is None:
        return False
    entry.lead, entry.customer, entry.contact = lead, lead.customer, lead.contact
    return True


def _same_company(lead: Lead, actor: User) -> Customer | None:
    """Return the one customer of this name, where the actor sees it and no other has it; one merely alike is not it."""
    found = duplicates_of(name=lead.company, user=actor)
    return found.same[0] if len(found.same) == 1 and not found.units else None


def _note_on_lead(
    entry: CallListEntry, outcome: Outcome, values: Mapping[str, Any], *, actor: User, now: datetime
) -> None:
    if entry.lead is None:
        return
    lead = lock_lead(entry.lead)
    policy.require(actor, "prospecting.work", lead)
    require_open(lead)
    keep(lead, [], now=now)
    words = str(values.get("problem") or values.get("notes") or "")[:200]
    data = event_data(lead, outcome=outcome.value, words=words)
    record(LeadCalled(subject=Ref.of(lead), data=data), actor=actor, at=now)
