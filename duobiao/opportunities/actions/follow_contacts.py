"""Let risks follow what happens to key contacts of open deals, and what is said on a deal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from duobiao.customers.events import (
    ContactChanged,
    ContactCreated,
    ContactEvent,
    ContactRestored,
    ContactsMerged,
    ContactTrashed,
)
from duobiao.customers.models import BuyingRole, Contact
from duobiao.customers.work_events import ContactErased
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.end_confirmations import RELATED, end
from duobiao.opportunities.actions.judge_signals import judge_deal
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.actions.report_risk import Sight, withdraw_reports, write_report
from duobiao.opportunities.models import Confirmation, Conversation, Opportunity, Risk, RiskReport
from duobiao.timeline.events import CommentAdded

RULE = "key_contact_changed"
KEY_ROLES = (BuyingRole.DECIDER, BuyingRole.INFLUENCER)
POST = ("department", "position")


def commented(event: CommentAdded, actor: User | None, at: datetime) -> None:
    """Judge a deal again that was silent until somebody said something."""
    if event.subject.kind != Opportunity.kind:
        return
    deal = Opportunity.objects.open().filter(ref=event.subject.ref).exclude(risk=Risk.GREEN).first()
    if deal is not None:
        judge_deal(lock(deal), actor=actor, now=at, on=company_day(at))


def contact_created(event: ContactCreated, actor: User | None, at: datetime) -> None:
    """Note a final decider who came after another one."""
    if not event.decides:
        return
    contact = _contact(event)
    if _decides(contact) and _another_decides(contact):
        _note(contact, "NEW_DECIDER", actor=actor, at=at)


def contact_changed(event: ContactChanged, actor: User | None, at: datetime) -> None:
    """Note a key contact who lost the role or moved, and a new final decider."""
    contact, changes = _contact(event), event.data["changes"]
    was_key, was_decider = _before(contact, changes)
    if was_key and not _is_key(contact):
        _note(contact, "ROLE_LOST", actor=actor, at=at)
    elif was_key and any(changes[name][0] for name in POST if name in changes):
        _note(contact, "CONTACT_MOVED", actor=actor, at=at)
    elif _decides(contact) and not was_decider and _another_decides(contact):
        _note(contact, "NEW_DECIDER", actor=actor, at=at)


def contact_trashed(event: ContactTrashed, actor: User | None, at: datetime) -> None:
    """Note a key contact who is no longer there."""
    contact = _contact(event)
    if _is_key(contact):
        _note(contact, "CONTACT_TRASHED", actor=actor, at=at)


def contact_erased(event: ContactErased, actor: User | None, at: datetime) -> None:
    """End the links an erased person was sent, and note a key contact who is no longer there."""
    contact = Contact.objects.select_related("customer").get(ref=event.subject.ref)
    waiting = Confirmation.objects.filter(contact=contact, answer="", ended_at=None).select_related(*RELATED)
    if actor is not None:
        end(list(waiting.order_by("pk")), reason=str(event.title), actor=actor, now=at)
    if _is_key(contact):
        _note(contact, "CONTACT_TRASHED", actor=actor, at=at)


def contact_restored(event: ContactRestored, actor: User | None, at: datetime) -> None:
    """Take back what was noted when the contact went into the trash."""
    rows = RiskReport.objects.filter(source_ref=event.subject.ref, code="CONTACT_TRASHED", retracted_at=None)
    for report in rows.select_related("opportunity"):
        withdraw_reports(lock(report.opportunity), [report], reason=str(event.title), actor=actor, now=at)


def contacts_merged(event: ContactsMerged, actor: User | None, at: datetime) -> None:
    """Point conversations at the contact that was kept; note a key contact who went into one without such a role."""
    kept, merged = _contact(event), Contact.objects.get(ref=event.merged.ref)
    held = set(Conversation.objects.filter(contact=kept).values_list("opportunity_id", "source_ref"))
    for row in Conversation.objects.filter(contact=merged):
        if (row.opportunity_id, row.source_ref) in held:
            row.delete()
        else:
            Conversation.objects.filter(pk=row.pk).update(contact=kept)
    if _is_key(merged) and not _is_key(kept):
        _note(merged, "CONTACT_MERGED", actor=actor, at=at)


def _note(contact: Contact, code: str, *, actor: User | None, at: datetime) -> None:
    sight = Sight(rule=RULE, code=code, seen=contact.name, on=company_day(at), source=Ref.of(contact))
    for deal in Opportunity.objects.open().filter(customer=contact.customer_id).order_by("pk"):
        write_report(lock(deal), sight, actor=actor, now=at)


def _contact(event: ContactEvent) -> Contact:
    return Contact.objects.get(ref=event.subject.ref)


def _decides(contact: Contact) -> bool:
    return contact.buying_role == BuyingRole.DECIDER or contact.is_decision_maker is True


def _is_key(contact: Contact) -> bool:
    return contact.buying_role in KEY_ROLES or contact.is_decision_maker is True


def _before(contact: Contact, changes: Mapping[str, Any]) -> tuple[bool, bool]:
    """Return whether the contact was a key contact, and whether a decider, before some changes."""
    role = changes["buying_role"][0] if "buying_role" in changes else contact.buying_role
    decided = changes["is_decision_maker"][0] if "is_decision_maker" in changes else contact.is_decision_maker
    return role in KEY_ROLES or decided is True, role == BuyingRole.DECIDER or decided is True


def _another_decides(contact: Contact) -> bool:
    others = Contact.objects.filter(customer=contact.customer_id).exclude(pk=contact.pk)
    return any(_decides(other) for other in others)
