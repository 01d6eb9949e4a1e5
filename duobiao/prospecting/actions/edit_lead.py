"""Change facts of a lead, answer the check, drop it, take it up again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import json_changes, set_values, stale
from duobiao.customers.domain.naming import normal_name
from duobiao.customers.domain.texts import clean_line
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.prospecting.actions.capture_lead import LEAD_FIELDS, LEAD_RULES
from duobiao.prospecting.actions.keep_lead import begin_claim, end_claim, event_data, keep, lock_lead, require_open
from duobiao.prospecting.events import LeadChecked, LeadDiscarded, LeadEdited, LeadReopened
from duobiao.prospecting.models import Answer, ClaimEnd, DiscardReason, Lead, LeadState
from duobiao.timeline.actions.record import record

QUESTIONS = ("real", "feasible", "fit")


@transaction.atomic
def edit_lead(*, lead: Lead, version: int, values: Mapping[str, Any], actor: User, now: datetime) -> Lead:
    """Change facts of an open lead.

    Raises:
        NotAllowed: the actor may not work on this lead.
        StaleVersion: somebody changed it; ``details["current"]`` holds the present values.
        LeadClosed: it is converted or discarded.
        Invalid: a value cannot be accepted.
    """
    held = lock_lead(lead)
    require(actor, "prospecting.work", held)
    require_open(held)
    if held.version != version:
        raise stale({name: getattr(held, name) for name in values if name in LEAD_FIELDS}, version=held.version)
    changes = set_values(held, values, allowed=LEAD_FIELDS, rules=LEAD_RULES)
    if not changes:
        return held
    held.normal_name = normal_name(held.company)
    keep(held, [*changes, "normal_name"], now=now)
    record(LeadEdited(subject=Ref.of(held), data={"changes": json_changes(changes)}), actor=actor, at=now)
    return held


@transaction.atomic
def check_lead(*, lead: Lead, version: int, answers: Mapping[str, str], note: str, actor: User, now: datetime) -> Lead:
    """Answer the three questions: is the need real, is it feasible, does it fit us.

    Raises:
        NotAllowed: the actor may not work on this lead.
        StaleVersion: somebody changed it meanwhile.
        LeadClosed: it is converted or discarded.
        Invalid: an answer is unknown, or a no is not explained.
    """
    held = lock_lead(lead, version=version)
    require(actor, "prospecting.work", held)
    require_open(held)
    faults = {
        name: _("Answer with one of: %(names)s.") % {"names": ", ".join(Answer.values)}
        for name in QUESTIONS
        if answers.get(name, Answer.UNKNOWN) not in Answer.values
    }
    if Answer.NO in answers.values() and not note.strip():
        faults["check_note"] = _("Say in a remark what speaks against it.")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    for name in QUESTIONS:
        setattr(held, name, answers.get(name, Answer.UNKNOWN))
    set_values(held, {"check_note": note}, allowed=["check_note"])
    held.checked_at, held.checked_by = now, actor
    keep(held, [*QUESTIONS, "check_note", "checked_at", "checked_by"], now=now)
    said = {name: getattr(held, name) for name in QUESTIONS}
    record(LeadChecked(subject=Ref.of(held), data=event_data(held, **said, note=held.check_note)), actor=actor, at=now)
    return held


@transaction.atomic
def discard_lead(*, lead: Lead, version: int, reason: str, note: str, actor: User, now: datetime) -> Lead:
    """Drop a lead for a reason; it can be taken up again.

    Raises:
        NotAllowed: the actor may not work on this lead.
        StaleVersion: somebody changed it meanwhile.
        LeadClosed: it is converted or discarded.
        Invalid: the reason is unknown, or "another" is not explained.
    """
    held = lock_lead(lead, version=version)
    require(actor, "prospecting.work", held)
    require_open(held)
    if reason not in DiscardReason.values:
        message = _("Choose one of: %(names)s.") % {"names": ", ".join(DiscardReason.values)}
        raise Invalid(message, fields={"reason": message})
    if reason == DiscardReason.OTHER and not note.strip():
        message = _("Say in a remark why.")
        raise Invalid(message, fields={"note": message})
    held.state, held.discard_reason = LeadState.DISCARDED, reason
    set_values(held, {"discard_note": clean_line(note.replace("\x00", ""))}, allowed=["discard_note"])
    held.ended_at, held.ended_by = now, actor
    keep(held, ["state", "discard_reason", "discard_note", "ended_at", "ended_by"], now=now)
    end_claim(held, ClaimEnd.DISCARDED, now=now)
    data = event_data(held, reason=reason, note=held.discard_note)
    record(LeadDiscarded(subject=Ref.of(held), data=data), actor=actor, at=now)
    return held


class NotDiscarded(Conflict):
    """Only a discarded lead can be taken up again."""

    code = "not_discarded"


@transaction.atomic
def reopen_lead(*, lead: Lead, actor: User, now: datetime) -> Lead:
    """Take a discarded lead up again.

    Raises:
        NotAllowed: the actor may not work on this lead.
        NotDiscarded: it is not discarded.
    """
    held = lock_lead(lead)
    require(actor, "prospecting.work", held)
    if held.state != LeadState.DISCARDED:
        raise NotDiscarded(_("This lead is not discarded."))
    held.state, held.discard_reason, held.discard_note = LeadState.WORKING, "", ""
    held.ended_at = held.ended_by = None
    keep(held, ["state", "discard_reason", "discard_note", "ended_at", "ended_by"], now=now)
    if held.owner is not None:
        begin_claim(held, user=held.owner, now=now, taken=False)
    record(LeadReopened(subject=Ref.of(held), data=event_data(held)), actor=actor, at=now)
    return held
