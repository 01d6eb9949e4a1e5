"""Ask the customer to confirm a record by a signed link, or record that they confirmed in another way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.models import Contact, Customer, ObjectionKind
from duobiao.customers.queries.contacts import objection_of
from duobiao.documents.models import Document
from duobiao.identity.domain.tokens import new_link_token, token_digest
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.confirm_facts import confirm_facts
from duobiao.opportunities.actions.end_confirmations import end
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.reassess import company_day, own_day
from duobiao.opportunities.events.confirmation import ConfirmationAsked, ConfirmationRecorded
from duobiao.opportunities.models import Answer, Channel, Confirmation, Opportunity, Way
from duobiao.timeline.actions.record import record

USUAL_DAYS = 14
MOST_DAYS = 60
CHANNELS = {
    Way.STAMPED_SCAN: Channel.LETTER,
    Way.MAIL_REPLY: Channel.EMAIL,
    Way.CHAT_PICTURE: Channel.WECHAT,
    Way.SIGN_IN_SHEET: Channel.MEETING,
    Way.PLATFORM_NOTICE: Channel.PLATFORM,
}
"""The channel each way goes with, where nothing else is said."""


class ConsentWithdrawn(Conflict):
    """The person withdrew the consent to be written to."""

    code = "consent_withdrawn"


class ConfirmedBefore(Conflict):
    """This person confirmed this very record before."""

    code = "confirmed_before"


@dataclass(frozen=True, slots=True)
class Asked:
    """A confirmation that waits, and the token of its link, which nobody can read again."""

    confirmation: Confirmation
    token: str


@dataclass(frozen=True, slots=True)
class Topic:
    """What is to be confirmed, on which deal, by whom."""

    opportunity: Opportunity | None
    customer: Customer
    source: Ref
    contact: Contact
    snapshot: Mapping[str, Any]


@transaction.atomic
def open_confirmation(*, topic: Topic, days: int, actor: User, now: datetime) -> Asked:
    """Make a link for a contact; an earlier one that they have not answered no longer works.

    The caller required its own right on the record.

    Args:
        days: How long the link works, 1 to 60.

    Raises:
        ConfirmedBefore: they confirmed this record already.
        ConsentWithdrawn: the person withdrew the consent.
        Invalid: the days are out of range.
    """
    if not 1 <= days <= MOST_DAYS:
        message = _("A link works 1 to %(n)d days.") % {"n": MOST_DAYS}
        raise Invalid(message, fields={"days": message})
    objection = objection_of(topic.contact)
    if objection is not None and objection.wish == ObjectionKind.CONSENT:
        raise ConsentWithdrawn(_("This person withdrew the consent and is sent nothing. Ask somebody else to confirm."))
    _replace(topic, actor=actor, now=now)
    token = new_link_token()
    made = Confirmation(
        **_columns(topic), way=Way.LINK, digest=token_digest(token), asked_at=now, asked_by=actor,
        expires_at=now + timedelta(days=days),
    )  # fmt: skip
    made.save(force_insert=True)
    until = company_day(now) + timedelta(days=days)
    data = {"confirmation": made.ref, "contact": topic.contact.name, "until": until.isoformat(), "what": made.what}
    record(ConfirmationAsked(subject=topic.source, chain=made.chain, data=data), actor=actor, at=now)
    return Asked(made, token)


@transaction.atomic
def record_confirmation(
    *,
    topic: Topic,
    way: str,
    on: date,
    documents: Sequence[Document],
    actor: User,
    now: datetime,
    channel: str = "",
    remark: str = "",
) -> Confirmation:
    """Record that the customer confirmed by a paper, a reply, a picture or a notice; the files are kept.

    Until a second person has looked, the proofs are marked as not verified.

    Raises:
        Invalid: there is no file, or a value cannot be accepted.
        ConfirmedBefore: this person confirmed this record already.
    """
    _check_paper(way, on, channel, documents, today=own_day(actor, now))
    _replace(topic, actor=actor, now=now)
    made = Confirmation(
        **_columns(topic), way=way, asked_at=now, asked_by=actor, channel=channel or CHANNELS[Way(way)],
        answer=Answer.REMARKED if remark.strip() else Answer.CONFIRMED, answered_at=now, answered_on=on,
        remark=remark.strip(),
    )  # fmt: skip
    made.save(force_insert=True)
    made.documents.set(documents)
    proved = len(confirm_facts(made, documents=documents, actor=actor, now=now))
    named = {"confirmation": made.ref, "contact": topic.contact.name, "proved": proved, "what": made.what}
    data = {**named, "way": str(way), "remark": made.remark}
    record(ConfirmationRecorded(subject=topic.source, chain=made.chain, data=data), actor=actor, at=now)
    return made


def _check_paper(way: str, on: date, channel: str, documents: Sequence[Document], *, today: date) -> None:
    papers = [value for value in Way.values if value != Way.LINK]
    if way not in papers:
        raise _invalid("way", _("Choose one of: %(names)s.") % {"names": ", ".join(papers)})
    if on > today:
        raise _invalid(
            "confirmed_on", _("The day cannot be later than today (%(today)s).") % {"today": today.isoformat()}
        )
    if channel and channel not in Channel.values:
        raise _invalid("channel", _("Choose one of: %(names)s.") % {"names": ", ".join(Channel.values)})
    if not documents:
        raise _invalid("documents", _("Add the scan, the reply or the picture: what shows it is kept."))


def _invalid(name: str, message: str) -> Invalid:
    return Invalid(message, fields={name: message})


def _columns(topic: Topic) -> dict[str, Any]:
    return {
        "opportunity": topic.opportunity,
        "customer": topic.customer,
        "source_kind": topic.source.kind,
        "source_ref": topic.source.ref,
        "contact": topic.contact,
        "snapshot": dict(topic.snapshot),
    }


def _replace(topic: Topic, *, actor: User, now: datetime) -> None:
    """Refuse a second confirmation by the same person; end what they have not answered.

    Raises:
        ConfirmedBefore: they confirmed it.
    """
    if topic.opportunity is not None:
        lock(topic.opportunity)
    rows = Confirmation.objects.filter(source_ref=topic.source.ref, contact=topic.contact, ended_at=None)
    for held in rows.select_related("opportunity", "customer", "contact").order_by("pk"):
        if held.is_confirmed:
            raise ConfirmedBefore(_("%(name)s has confirmed this already.") % {"name": topic.contact.name})
        end([held], reason=_("replaced by a new request"), actor=actor, now=now)
