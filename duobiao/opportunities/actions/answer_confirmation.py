"""The customer answers by the link: confirms, confirms with a remark, or says that it is not right."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.confirm_facts import confirm_facts
from duobiao.opportunities.actions.end_confirmations import RELATED
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.events.confirmation import ConfirmationAnswered
from duobiao.opportunities.models import Answer, Confirmation, Standing
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record
from duobiao.timeline.registry import subject_of

LONGEST_REMARK = 2000
LONGEST_AGENT = 300


class AnsweredAlready(Conflict):
    """The link was answered before; its first answer stays."""

    code = "answered_already"


class LinkOver(Conflict):
    """The link expired or was revoked between reading and answering."""

    code = "link_over"


@transaction.atomic
def answer_confirmation(
    *, confirmation: Confirmation, answer: str, remark: str, address: str, agent: str, now: datetime
) -> Confirmation:
    """Keep the answer of whoever holds the link; what they agree to counts as confirmed by the buyer.

    Nobody is signed in: the right is the link itself. The seller is told.

    Args:
        address: Where the answer came from; ``agent`` with which program. Both go into the erasable part of the audit.

    Raises:
        Invalid: no such answer, or a dispute without saying what is not right.
        AnsweredAlready: it was answered before.
        LinkOver: the link no longer works.
    """
    remark = remark.strip()
    _check(answer, remark)
    if confirmation.opportunity is not None:
        confirmation.opportunity = lock(confirmation.opportunity)
    held = Confirmation.objects.select_for_update(of=("self",)).select_related(*RELATED, "asked_by").get(
        pk=confirmation.pk
    )  # fmt: skip
    if held.answer:
        raise AnsweredAlready(_("This was answered before."))
    if held.standing(now) is not Standing.WAITING:
        raise LinkOver(_("This link no longer works."))
    if answer == Answer.CONFIRMED and remark:
        answer = Answer.REMARKED
    held.answer, held.answered_at, held.answered_on, held.remark = answer, now, company_day(now), remark
    held.save(update_fields=["answer", "answered_at", "answered_on", "remark"])
    proved = confirm_facts(held, documents=(), actor=None, now=now) if held.is_confirmed else []
    data = {
        "confirmation": held.ref,
        "contact": held.contact.name,
        "proved": len(proved),
        "answer": str(answer),
        "what": held.what,
        "remark": remark,
        "address": address,
        "agent": agent[:LONGEST_AGENT],
    }
    source = Ref(held.source_kind, held.source_ref)
    record(ConfirmationAnswered(subject=source, chain=held.chain, data=data), actor=None, at=now)
    _tell(held, source, now=now)
    return held


def _check(answer: str, remark: str) -> None:
    if answer not in Answer.values:
        message = _("Choose one of: %(names)s.") % {"names": ", ".join(Answer.values)}
        raise Invalid(message, fields={"answer": message})
    if answer in (Answer.DISPUTED, Answer.REMARKED) and not remark:
        message = _("Say in a few words what is not right or what is missing.")
        raise Invalid(message, fields={"remark": message})
    if len(remark) > LONGEST_REMARK:
        message = _("At most %(n)d characters.") % {"n": LONGEST_REMARK}
        raise Invalid(message, fields={"remark": message})


def _tell(confirmation: Confirmation, source: Ref, *, now: datetime) -> None:
    """Tell who asked, and who owns the deal."""
    people: list[User] = [confirmation.asked_by]
    deal = confirmation.opportunity
    if deal is not None:
        people.append(deal.owner)
    known = subject_of(source)
    data = {
        "contact": confirmation.contact.name,
        "answer": confirmation.answer,
        "what": confirmation.what,
        "remark": confirmation.remark,
        "deal": confirmation.chain,
    }
    notify(
        [person for person in people if person.is_active],
        event=ConfirmationAnswered.name,
        url=known.url(source.ref) if known else "/",
        at=now,
        data=data,
    )
