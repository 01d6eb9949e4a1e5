"""Let the customer confirm the minutes of a visit: by a signed link, or by what they sent or signed otherwise."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.models import Contact
from duobiao.documents.actions.attach_document import attach_document
from duobiao.documents.models import Document
from duobiao.engagement.actions.people import check_companies
from duobiao.engagement.actions.values import invalid
from duobiao.engagement.domain.minutes import Part
from duobiao.engagement.models import Visit, VisitStatus
from duobiao.engagement.queries.minutes import draft_minutes, snapshot_of
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.actions.end_confirmations import drop_confirmations, revoke_confirmation
from duobiao.opportunities.actions.open_confirmation import (
    USUAL_DAYS,
    Asked,
    Topic,
    open_confirmation,
    record_confirmation,
)
from duobiao.opportunities.models import Confirmation, Way

LONGEST_PART = 4000


class VisitNotHeld(Conflict):
    """Only a visit that was recorded has minutes."""

    code = "visit_not_held"


@transaction.atomic
def request_confirmation(
    *,
    visit: Visit,
    contact: Contact | None,
    actor: User,
    now: datetime,
    parts: Mapping[str, str] | None = None,
    days: int = USUAL_DAYS,
) -> Asked:
    """Make a link by which a contact confirms the minutes.

    Args:
        contact: None: the handler we met, or the only one who took part.
        parts: The text by part, as the seller wants to send it; an empty one is left out. None: the draft.
        days: How long the link works.

    Raises:
        NotAllowed: the actor may not work on this visit.
        VisitNotHeld: it was not recorded, or was cancelled.
        Invalid: nobody is named, or a value cannot be accepted.
        ConfirmedBefore: this person confirmed this visit already.
    """
    held = _minuted(visit, actor=actor)
    person = contact or usual_contact(held)
    if person is None:
        raise invalid("contact", _("Say who at the customer is to confirm."))
    topic = _topic(held, person, _checked(held, parts), actor=actor)
    return open_confirmation(topic=topic, days=days, actor=actor, now=now)


@transaction.atomic
def confirm_minutes(
    *,
    visit: Visit,
    contact: Contact,
    way: str,
    on: date,
    documents: Sequence[Document],
    actor: User,
    now: datetime,
    channel: str = "",
    covers: Sequence[str] | None = None,
    remark: str = "",
) -> Confirmation:
    """Record that a contact confirmed in another way; the files hang on the deal from then on.

    Args:
        covers: Which parts of the minutes the paper confirms; None: all. A sign-in sheet confirms the meeting alone.

    Raises: as ``request_confirmation``, and Invalid where no file is given.
    """
    held = _minuted(visit, actor=actor)
    draft = draft_minutes(held)
    wanted = _named(draft if covers is None else covers)
    parts = {part: text for part, text in draft.items() if part in wanted and way != Way.SIGN_IN_SHEET}
    if held.held_on is not None and on < held.held_on:
        raise invalid("confirmed_on", _("This lies before the visit itself."))
    confirmed = record_confirmation(
        topic=_topic(held, contact, parts, actor=actor),
        way=way,
        on=on,
        documents=documents,
        channel=channel,
        remark=remark,
        actor=actor,
        now=now,
    )
    subject = Ref.of(held.opportunity or held.customer)
    for document in documents:
        attach_document(document=document, subject=subject, actor=actor, now=now)
    return confirmed


@transaction.atomic
def revoke_link(*, visit: Visit, confirmation: Confirmation, actor: User, now: datetime) -> Confirmation:
    """Revoke a link that was not answered.

    Raises:
        NotAllowed: the actor may not work on this visit.
        AnsweredBefore: it was answered.
    """
    policy.require(actor, "engagement.plan_visit", visit.opportunity or visit.customer)
    return revoke_confirmation(confirmation=confirmation, actor=actor, now=now)


def drop_minutes(visit: Visit, *, reason: str, actor: User, now: datetime) -> list[Confirmation]:
    """End what was confirmed of a visit, or waits to be, because the record is no longer what was sent."""
    return drop_confirmations(source=Ref.of(visit), reason=reason, actor=actor, now=now)


def usual_contact(visit: Visit) -> Contact | None:
    """Return who is asked where nobody is named: the handler we met, or the only one who took part."""
    if visit.handler_met is not None:
        return visit.handler_met
    met = list(visit.met.order_by("pk")[:2])
    return met[0] if len(met) == 1 else None


def _minuted(visit: Visit, *, actor: User) -> Visit:
    policy.require(actor, "engagement.plan_visit", visit.opportunity or visit.customer)
    held = (
        Visit.objects.select_for_update(of=("self",))
        .select_related("customer__owner", "opportunity__owner", "opportunity__customer", "handler_met")
        .get(pk=visit.pk)
    )
    if held.status is not VisitStatus.HELD:
        raise VisitNotHeld(_("Record the visit first: only what was recorded can be confirmed."))
    return held


def _topic(visit: Visit, contact: Contact, parts: Mapping[Part, str], *, actor: User) -> Topic:
    check_companies([contact], field="contact", customer=visit.customer, opportunity=visit.opportunity)
    snapshot = snapshot_of(visit, parts, contact=contact, actor=actor)
    return Topic(visit.opportunity, visit.customer, Ref.of(visit), contact, snapshot)


def _checked(visit: Visit, parts: Mapping[str, str] | None) -> dict[Part, str]:
    if parts is None:
        return draft_minutes(visit)
    named = _named(parts)
    for name, text in parts.items():
        if len(text) > LONGEST_PART:
            raise invalid(name, _("At most %(n)d characters.") % {"n": LONGEST_PART})
    return {part: parts[part].strip() for part in Part if part in named and parts[part].strip()}


def _named(names: Sequence[str] | Mapping[str, str] | Mapping[Part, str]) -> set[Part]:
    known = {str(part) for part in Part}
    if unknown := [name for name in names if name not in known]:
        raise invalid("parts", _("There is no such part: %(name)s.") % {"name": unknown[0]})
    return {Part(name) for name in names}
