"""What the pages that log and correct a call share: whom it concerns, and what saving would prove."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from duobiao.customers.domain.phones import dial_address
from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.contacts import get_contact, objection_of
from duobiao.customers.queries.customers import get_customer
from duobiao.engagement.actions.call_checks import company_zone, zone_for
from duobiao.engagement.domain.appointment import Appointment
from duobiao.engagement.domain.calls import PHONE, CallFacts, judge_call
from duobiao.engagement.domain.probing import Talk, probes
from duobiao.engagement.forms.call import NEW, CallForm, level_words
from duobiao.engagement.forms.parts import NONE, truth
from duobiao.engagement.models import Attitude, CallResult, NeedKind
from duobiao.engagement.models.call import local_text, utc_text
from duobiao.engagement.queries.choices import contacts_of, deals_of, meeting_slots
from duobiao.engagement.queries.outlook import Missing, Outlook, outlook
from duobiao.engagement.queries.wording import question
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.days import local_day
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.domain.links import supply_url
from duobiao.opportunities.models import Opportunity
from duobiao.playbooks.domain.vocabulary import Supplier
from duobiao.web.http import render

FIELD_OF = {
    "engagement.interest_shown": "interest",
    "engagement.next_meeting_granted": "meeting",
    "engagement.visit_time_agreed": "meeting",
    "engagement.visit_place_agreed": "meeting",
    "engagement.visit_topic_agreed": "meeting",
    "engagement.handler_reached": "opening",
    "engagement.interaction_positive": "interest",
}
UNSAVED = -1
"""Stands for the key of a contact who is not entered yet."""


@dataclass(frozen=True, slots=True)
class Concern:
    """Whom a call or visit concerns."""

    customer: Customer
    opportunity: Opportunity | None = None
    contact: Contact | None = None

    @property
    def subject(self) -> Opportunity | Customer:
        """What a right is asked on."""
        return self.opportunity or self.customer


def concern_of(request: HttpRequest, actor: User) -> Concern | None:
    """Read ``opportunity``, ``customer`` or ``contact`` from the address; None where none is named.

    Raises:
        NotFound: one is named that the person may not see.
    """
    named = {name: request.GET.get(name, "") for name in ("opportunity", "customer", "contact")}
    contact = get_contact(ref=named["contact"], user=actor) if named["contact"] else None
    if named["opportunity"]:
        return _concern_of_deal(named["opportunity"], contact, actor)
    if contact is not None:
        return Concern(contact.customer, None, contact)
    return Concern(get_customer(ref=named["customer"], user=actor)) if named["customer"] else None


def _concern_of_deal(ref: str, contact: Contact | None, actor: User) -> Concern:
    rows = Opportunity.objects.visible_to(actor).select_related("customer__owner", "owner", "playbook")
    deal = rows.filter(ref=ref).first()
    if deal is None:
        raise NotFound(_("There is no such record."))
    return Concern(contact.customer if contact else deal.customer, deal, contact)


def build_form(
    concern: Concern,
    actor: User,
    *,
    posted: Any = None,
    initial: dict[str, Any] | None = None,
    now: datetime,
    correcting: bool = False,
) -> CallForm:
    """Make the form for whom it concerns, with what is already known filled in."""
    deals = deals_of(concern.customer, actor)
    if concern.opportunity is not None and concern.opportunity not in deals:
        deals.insert(0, concern.opportunity)
    contacts = contacts_of(concern.customer, concern.opportunity)
    slots = meeting_slots(now, zone_for(actor))
    return CallForm(
        posted,
        initial=initial if initial is not None else _initial(concern, contacts, deals, now),
        contacts=contacts,
        deals=deals,
        slots=slots,
        may_open=policy.allows(actor, "opportunities.create"),
        correcting=correcting,
    )


def _initial(concern: Concern, contacts: list[Contact], deals: list[Opportunity], now: datetime) -> dict[str, Any]:
    handlers = [contact for contact in contacts if contact.is_handler]
    likely = concern.contact or (handlers[0] if len(handlers) == 1 else None)
    if likely is None and len(contacts) == 1:
        likely = contacts[0]
    chosen = concern.opportunity or (deals[0] if len(deals) == 1 else None)
    return {
        "contact": likely.ref if likely else NEW if not contacts else "",
        "opportunity": chosen.ref if chosen else NONE,
        "started_at": timezone.localtime(now).replace(second=0, microsecond=0),
        "purposes": ["APPOINTMENT"],
    }


def preview_of(form: CallForm, actor: User, *, now: datetime) -> dict[str, Any]:
    """Judge what is typed so far; works on half a form."""
    form.is_valid()
    held = form.cleaned_data
    deal = form.deal
    facts = _facts(form, held, actor, now)
    found = outlook(judge_call(facts), opportunity=deal, on=local_day(now, zone_for(actor)))
    talk = Talk(
        problem=held.get("problem", ""),
        since=held.get("problem_since", ""),
        tried=held.get("tried", ""),
        tried_result=held.get("tried_result", ""),
        hidden=held.get("need_kind") == NeedKind.HIDDEN,
        handler=facts.handler,
        interest=facts.interest,
        meeting=facts.appointment is not None,
        place=held.get("meeting_place", ""),
        topic=held.get("meeting_topic", ""),
        consented=held.get("opened_with_consent") == "yes",
    )
    return {
        "outlook": found,
        "probes": [question(probe, words) for probe, words in probes(talk)],
        "supply": _supply(found, deal),
        "below_handler": facts.appointment is not None and not facts.handler,
        "handler_known": facts.handler is not None,
        "level": level_words(held.get("interest", "")),
    }


def _facts(form: CallForm, held: dict[str, Any], actor: User, now: datetime) -> CallFacts:
    contact = form.people.get(held.get("contact", ""))
    handler = truth(held.get("was_handler", ""))
    if handler is None and contact is not None:
        handler = contact.is_handler
    person = contact.pk if contact else UNSAVED
    began = held.get("started_at") or now
    on = local_day(min(began, now), zone_for(actor))
    meeting_at = held.get("meeting_at")
    words = [held.get(name, "") for name in ("problem", "problem_since", "tried", "tried_result")]
    place, topic = held.get("meeting_place", ""), held.get("meeting_topic", "")
    appointment = None
    if meeting_at is not None and meeting_at > began:
        appointment = Appointment(
            agreed_on=on,
            day=local_day(meeting_at, company_zone()),
            at=utc_text(meeting_at),
            said=local_text(meeting_at, company_zone()),
            place=place,
            topic=topic,
            with_handler=handler,
            person=person,
            channel=PHONE,
        )
    return CallFacts(
        on=on,
        spoke=held.get("result", CallResult.SPOKE) in ("", CallResult.SPOKE),
        person=person,
        handler=handler,
        post=contact.position if contact else held.get("new_position", ""),
        interest=int(held["interest"]) if held.get("interest") else None,
        willing=held["attitude"] == Attitude.POSITIVE if held.get("attitude") else None,
        pitched=not held.get("no_pitch", True),
        words=" / ".join(word for word in words if word.strip()),
        appointment=appointment,
        place_or_topic_only=meeting_at is None and bool(place or topic),
    )


def _supply(found: Outlook, deal: Opportunity | None) -> dict[str, str]:
    return {row.item: _supply_url(row, deal) for row in found.missing}


def _supply_url(row: Missing, deal: Opportunity | None) -> str:
    if row.supplied_by == Supplier.CALL:
        return f"#{FIELD_OF.get(row.evidence, 'opening')}"
    if deal is None:
        return ""
    return supply_url(deal.ref, supplied_by=row.supplied_by, key=row.evidence, item=row.item)


@dataclass(frozen=True, slots=True)
class Called:
    """Whom a call form is about: the contact chosen, or the new one as far as typed; empty words where unknown.

    Attributes:
        address: The ``tel:`` address of the number; "" where it cannot be dialled.
        is_handler: As the contact's card says; None where it does not, or where there is no card yet.
        objects: They do not want to be called; no number is offered, but what they say when they call us is noted.
    """

    name: str
    position: str
    number: str
    address: str
    is_handler: bool | None = None
    on_file: bool = False
    objects: bool = False


def called_of(form: CallForm, concern: Concern) -> Called:
    """Return whom the form is about at present; without a number of theirs the customer's stands."""
    fallback = concern.customer.phone
    contact = form.people.get(str(form["contact"].value() or ""))
    if contact is not None:
        objects = objection_of(contact) is not None
        number = "" if objects else contact.mobile or contact.phone or fallback
        return Called(
            contact.name,
            contact.position,
            number,
            dial_address(number),
            contact.is_handler,
            on_file=True,
            objects=objects,
        )
    name, position, mobile = (str(form[field].value() or "") for field in ("new_name", "new_position", "new_mobile"))
    return Called(name, position, mobile or fallback, dial_address(mobile or fallback))


def preview(request: HttpRequest, form: CallForm, actor: User, concern: Concern | None = None) -> HttpResponse:
    """Answer with the panel alone; with ``concern`` also with whom the call is to."""
    context = preview_of(form, actor, now=timezone.now())
    called = called_of(form, concern) if concern is not None else None
    context |= {"concern": concern, "called": called}
    return render(request, "engagement/_call_preview.html", context)
