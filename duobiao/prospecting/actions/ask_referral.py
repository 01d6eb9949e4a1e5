"""Ask a satisfied customer to refer us, and note what came of it."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.domain.texts import clean_line
from duobiao.customers.models import Contact, Customer
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.reassess import own_day
from duobiao.prospecting.actions.capture_lead import put_lead
from duobiao.prospecting.events import ReferralAsked, ReferralSettled
from duobiao.prospecting.models import AskState, Campaign, ReferralAsk, Source
from duobiao.timeline.actions.record import record

LONGEST = 300
LONGEST_RESULT = 500
LONGEST_AGO = timedelta(days=366)


class AskSettled(Conflict):
    """It is known already what came of it."""

    code = "ask_settled"


@transaction.atomic
def ask_referral(
    *,
    customer: Customer,
    contact: Contact | None,
    satisfied_with: str,
    whom: str,
    asked_on: date,
    no_conflict: bool,
    actor: User,
    now: datetime,
    campaign: Campaign | None = None,
) -> ReferralAsk:
    """Note that we asked; the customer was found among those the actor may see.

    Args:
        no_conflict: The actor made sure that the interests of the customer and of those we want to meet do not clash.

    Raises:
        NotAllowed: the actor may not work on leads.
        Invalid: grounds are missing, the interests may clash, the day lies ahead, the contact is another customer's.
    """
    require(actor, "prospecting.work")
    texts = {
        "satisfied_with": clean_line(satisfied_with.replace("\x00", "")),
        "whom": clean_line(whom.replace("\x00", "")),
    }
    faults: dict[str, object] = {
        name: _("Write it in at most %(n)d characters.") % {"n": LONGEST}
        for name, text in texts.items()
        if not 1 <= len(text) <= LONGEST
    }
    today = own_day(actor, now)
    if not today - LONGEST_AGO <= asked_on <= today:
        faults["asked_on"] = _("Choose a day of the last year, today (%(today)s) at the latest.") % {"today": today}
    if not no_conflict:
        faults["no_conflict"] = _("Ask only where the interests of both do not clash, and confirm it.")
    if contact is not None and contact.customer_id != customer.pk:
        faults["contact"] = _("This contact belongs to another customer.")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    ask = ReferralAsk.objects.create(
        customer=customer, contact=contact, campaign=campaign, asked_on=asked_on, asked_by=actor, **texts
    )
    data = {"customer": customer.label, "whom": ask.whom}
    record(ReferralAsked(subject=Ref.of(ask), chain=customer.ref, data=data), actor=actor, at=now)
    return ask


@transaction.atomic
def settle_ask(
    *, ask: ReferralAsk, state: str, result: str, company: str, contact_name: str, actor: User, now: datetime
) -> ReferralAsk:
    """Note what came of an ask; a referral becomes a lead of who asked.

    Raises:
        NotAllowed: the actor may not work on what this person asked.
        AskSettled: it is known already.
        Invalid: the state is unknown, or a referral names no company.
    """
    held = ReferralAsk.objects.select_for_update(of=("self",)).select_related("asked_by", "customer").get(pk=ask.pk)
    require(actor, "prospecting.work", held)
    if held.state != AskState.ASKED:
        raise AskSettled(_("It is known already what came of this."))
    if state not in (AskState.REFERRED, AskState.DECLINED):
        message = _("Say whether they referred us.")
        raise Invalid(message, fields={"state": message})
    text = clean_line(result.replace("\x00", ""))[:LONGEST_RESULT]
    held.state, held.result, held.settled_at = AskState(state), text, now
    if state == AskState.REFERRED:
        owner = held.asked_by if held.asked_by.is_active else actor
        values = {
            "company": company,
            "contact_name": contact_name,
            "need": text,
            "source": Source.REFERRAL,
            "campaign": held.campaign,
        }
        held.lead = put_lead(values, owner=owner, pool=None, actor=actor, now=now, captured_at=now)
    held.save(update_fields=["state", "result", "settled_at", "lead"])
    data = {"customer": held.customer.label, "whom": held.whom, "state": state, "note": text}
    record(ReferralSettled(subject=Ref.of(held), chain=held.customer.ref, data=data), actor=actor, at=now)
    return held
