"""Let the customer confirm a version of the requirements: by a signed link, or by what they signed or sent otherwise."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.models import Contact
from duobiao.documents.actions.attach_document import attach_document
from duobiao.documents.models import Document
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.needs.actions.common import check_past, check_people, take_deal
from duobiao.needs.actions.follow_verification import take_back_verification
from duobiao.needs.actions.verify_need import keep_step
from duobiao.needs.domain.steps import LAST_VERIFY
from duobiao.needs.models import Need, NeedVoice, RequirementPaper, Verification, Voice
from duobiao.needs.queries.deciding import decides
from duobiao.needs.queries.papers import is_current, snapshot_of
from duobiao.opportunities.actions.end_confirmations import revoke_confirmation
from duobiao.opportunities.actions.open_confirmation import (
    USUAL_DAYS,
    Asked,
    Topic,
    open_confirmation,
    record_confirmation,
)
from duobiao.opportunities.actions.reassess import own_day
from duobiao.opportunities.events.confirmation import ConfirmationAnswered, ConfirmationRecorded
from duobiao.opportunities.models import Confirmation


class PaperOutdated(Conflict):
    """The needs changed since this version: complete the analysis again (409)."""

    code = "paper_outdated"


@transaction.atomic
def request_requirement_confirmation(
    *, paper: RequirementPaper, contact: Contact, actor: User, now: datetime, days: int = USUAL_DAYS
) -> Asked:
    """Make a link by which a contact confirms the requirements.

    Raises:
        NotAllowed, DealClosed: as ``take_deal``.
        PaperOutdated: the needs changed since.
        Invalid: the person belongs to no company of the deal, or the days are out of range.
        ConfirmedBefore: they confirmed this version already.
        ConsentWithdrawn: they are sent nothing.
    """
    topic = _topic(paper, contact, actor=actor, now=now)
    return open_confirmation(topic=topic, days=days, actor=actor, now=now)


@transaction.atomic
def record_requirement_confirmation(
    *,
    paper: RequirementPaper,
    contact: Contact,
    way: str,
    on: date,
    documents: Sequence[Document],
    remark: str,
    actor: User,
    now: datetime,
) -> Confirmation:
    """Record that a contact confirmed the requirements by a paper, a reply or a notice; the files hang on the deal.

    Raises: as ``request_requirement_confirmation``, and Invalid where no file is given or the day does not fit.
    """
    topic = _topic(paper, contact, actor=actor, now=now)
    check_past("confirmed_on", on, actor=actor, now=now, earliest=paper.completed_on)
    made = record_confirmation(
        topic=topic, way=way, on=on, documents=documents, remark=remark, actor=actor, now=now
    )  # fmt: skip
    for document in documents:
        attach_document(document=document, subject=Ref.of(paper.opportunity), actor=actor, now=now)
    return made


@transaction.atomic
def revoke_requirement_link(
    *, paper: RequirementPaper, confirmation: Confirmation, actor: User, now: datetime
) -> Confirmation:
    """Revoke a link that was not answered.

    Raises:
        NotAllowed, DealClosed: as ``take_deal``.
        AnsweredBefore: it was answered.
    """
    take_deal(paper.opportunity, actor=actor)
    return revoke_confirmation(confirmation=confirmation, actor=actor, now=now)


def requirements_confirmed(
    event: ConfirmationAnswered | ConfirmationRecorded, actor: User | None, at: datetime
) -> None:
    """Let the needs of a version that the customer confirmed reach consensus: those that wait for it alone.

    Only the yes of who decides, influences or keeps the gate is consensus; that of anybody else is kept as their stance.
    """
    if event.subject.kind != RequirementPaper.kind:
        return
    rows = Confirmation.objects.select_related("contact", "asked_by")
    confirmation = rows.get(ref=str(event.data["confirmation"]))
    on = confirmation.answered_on
    if not confirmation.is_confirmed or on is None:
        return
    paper = RequirementPaper.objects.select_related("opportunity").get(ref=event.subject.ref)
    if decides(paper.opportunity, confirmation.contact, on=on):
        _reach_consensus(paper, confirmation, on=on, actor=actor, at=at)
    else:
        _keep_voice(paper, confirmation, on=on)
    take_back_verification(paper.opportunity, actor=actor, now=at)


def _keep_voice(paper: RequirementPaper, confirmation: Confirmation, *, on: date) -> None:
    """Keep that somebody wants the needs of a version, where nothing was noted of them yet."""
    refs = [str(line["ref"]) for line in paper.lines]
    needs = Need.objects.live().filter(opportunity=paper.opportunity, ref__in=refs)
    note = _("Requirements V%(number)d confirmed") % {"number": paper.number}
    for need in needs.exclude(voices__contact=confirmation.contact).order_by("pk"):
        NeedVoice.objects.create(
            need=need,
            contact=confirmation.contact,
            voice=Voice.WANTS,
            note=note,
            noted_on=on,
            noted_by=confirmation.asked_by,
        )


def _reach_consensus(
    paper: RequirementPaper, confirmation: Confirmation, *, on: date, actor: User | None, at: datetime
) -> None:
    rounds = {str(line["ref"]): line["round"] for line in paper.lines}
    waiting = Need.objects.live().filter(
        opportunity=paper.opportunity, ref__in=rounds, verified_step=LAST_VERIFY - 1
    )  # fmt: skip
    for need in waiting.select_for_update(of=("self",)).order_by("pk"):
        if need.round != rounds[need.ref]:
            continue
        need.opportunity = paper.opportunity
        made = Verification(
            need=need,
            round=need.round,
            step=LAST_VERIFY,
            note=_("Requirements V%(number)d confirmed") % {"number": paper.number},
            contact=confirmation.contact,
            channel=confirmation.channel,
            confirmation_ref=confirmation.ref,
            done_on=on,
            at=at,
            by=actor,
        )
        keep_step(need, made, actor=actor, now=at)


def _topic(paper: RequirementPaper, contact: Contact, *, actor: User, now: datetime) -> Topic:
    deal = take_deal(paper.opportunity, actor=actor)
    check_people(deal, {"contact": contact})
    if not is_current(paper):
        raise PaperOutdated(_("The needs changed since this version. Complete the analysis again, then ask."))
    snapshot = snapshot_of(paper, contact=contact, actor=actor, on=own_day(actor, now))
    return Topic(deal, deal.customer, Ref.of(paper), contact, snapshot)
