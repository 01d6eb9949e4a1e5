"""Correct a call that was typed wrongly; what it proved follows in the same transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import json_changes, json_value, set_values, stale
from duobiao.customers.models import Contact
from duobiao.engagement.actions.agreed_visit import chain_of, follow_visit, snapshot
from duobiao.engagement.actions.call_checks import check_call, company_zone, zone_for
from duobiao.engagement.actions.follow_evidence import follow_evidence
from duobiao.engagement.actions.log_call import Logged
from duobiao.engagement.actions.note_spoken import note_call
from duobiao.engagement.actions.people import check_companies, settle_handler
from duobiao.engagement.actions.values import CALL_FIELDS, CALL_RULES
from duobiao.engagement.domain.calls import OWN_KEYS, proves
from duobiao.engagement.events.calls import CallCorrected
from duobiao.engagement.models import Call
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.models import Opportunity
from duobiao.timeline.actions.record import record

LINKS = ("contact", "opportunity")


class AlreadyWithdrawn(Conflict):
    """The call was withdrawn before."""

    code = "already_withdrawn"


@transaction.atomic
def correct_call(
    *,
    call: Call,
    version: int,
    values: Mapping[str, Any],
    actor: User,
    now: datetime,
    meeting_contacts: Sequence[Contact] | None = None,
) -> Logged:
    """Change fields of a call; proofs it no longer shows are retracted, new ones added.

    Args:
        version: What the actor saw.
        values: New values by name, see ``values.CALL_FIELDS``; also ``contact`` and ``opportunity``.
        meeting_contacts: Who takes part in the agreed meeting; None leaves them.

    Raises:
        NotAllowed: the actor may not log calls here, or not on the deal it goes to.
        AlreadyWithdrawn: the call was withdrawn.
        StaleVersion: somebody changed it meanwhile.
        DealClosed: evidence of a lost or given-up deal would change.
        Invalid: a value cannot be accepted.
    """
    held = lock_call(call, version=version, actor=actor, values=values)
    before, deal_before, handler_before = snapshot(held), held.opportunity, held.was_handler
    changes = set_values(held, values, allowed=(*CALL_FIELDS, *LINKS), rules=CALL_RULES)
    if "opportunity" in changes:
        policy.require(actor, "engagement.log_call", held.opportunity or held.customer)
    check_call(held, now=now)
    held.customer = held.contact.customer
    everybody = [held.contact, *(meeting_contacts or ())]
    check_companies(everybody, field="contact", customer=held.customer, opportunity=held.opportunity)
    people_changed = _set_contacts(held, meeting_contacts)
    if not changes and not people_changed:
        return Logged(held, getattr(held, "visit", None), [])
    if "started_at" in changes:
        held.called_on = local_day(held.started_at, zone_for(actor))
    if "was_handler" in changes and held.contact.is_handler == handler_before:
        settle_handler(held.contact, held.was_handler, actor=actor, now=now)
    held.version += 1
    held.corrected_at = now
    held.save()
    data = {"contact_name": held.contact.name, "changes": json_changes(changes)}
    record(CallCorrected(subject=Ref.of(held), chain=chain_of(held), data=data), actor=actor, at=now)
    return _follow(held, before=before, deal_before=deal_before, actor=actor, now=now)


def lock_call(call: Call, *, version: int | None, actor: User, values: Mapping[str, Any] | None = None) -> Call:
    """Return the call as it is stored now, locked, if the actor may change it.

    Raises: see ``correct_call``.
    """
    held = (
        Call.objects.select_for_update(of=("self",))
        .select_related("contact__customer__owner", "customer__owner", "opportunity__owner", "opportunity__customer")
        .get(pk=call.pk)
    )
    policy.require(actor, "engagement.log_call", held.opportunity or held.customer)
    if not held.is_live:
        raise AlreadyWithdrawn(_("This call was withdrawn."))
    if version is not None and held.version != version:
        current = {name: json_value(getattr(held, name)) for name in values or {} if hasattr(held, name)}
        raise stale(current, version=held.version)
    return held


def _set_contacts(call: Call, contacts: Sequence[Contact] | None) -> bool:
    if contacts is None or {row.pk for row in contacts} == set(call.meeting_contacts.values_list("pk", flat=True)):
        return False
    call.meeting_contacts.set(contacts)
    return True


def _follow(
    call: Call, *, before: dict[str, Any], deal_before: Opportunity | None, actor: User, now: datetime
) -> Logged:
    reason = _("the call was corrected")
    if deal_before is not None and deal_before != call.opportunity:
        moved = _("the call belongs to another deal")
        follow_evidence(call, [], reason=moved, actor=actor, now=now, opportunity=deal_before)
        visit = getattr(call, "visit", None)
        if visit is not None:
            follow_evidence(visit, [], reason=moved, actor=actor, now=now, opportunity=deal_before)
    note_call(call, actor=actor, now=now)
    own = [row for row in proves(call.facts(zone=company_zone())) if row.evidence in OWN_KEYS]
    confirmed = follow_evidence(call, own, reason=reason, actor=actor, now=now)
    visit, agreed = follow_visit(call, before=before, actor=actor, now=now)
    return Logged(call, visit, [*confirmed, *agreed])
