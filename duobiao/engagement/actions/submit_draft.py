"""Record each version of a draft suggestion that the customer received, what they said to it, and take one back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import set_values, stale
from duobiao.customers.models import Contact
from duobiao.documents.actions.attach_document import attach_document
from duobiao.documents.models import Document
from duobiao.engagement.actions.call_checks import zone_for
from duobiao.engagement.actions.follow_evidence import follow_evidence
from duobiao.engagement.actions.people import check_companies
from duobiao.engagement.actions.values import among, invalid
from duobiao.engagement.actions.withdraw_call import cleaned_reason
from duobiao.engagement.domain.drafts import PARTS, judge_draft
from duobiao.engagement.events.preparing import DraftAnswered, DraftSubmitted, DraftWithdrawn
from duobiao.engagement.models import DraftVersion
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.models import Opportunity
from duobiao.timeline.actions.record import record

RIGHT = "engagement.plan_visit"
FIELDS = ("title", "parts", "handed_on", "channel", "changes")
EARLIEST = date(1990, 1, 1)


class DraftWithdrawnAlready(Conflict):
    """This version was taken back."""

    code = "draft_withdrawn"


@transaction.atomic
def submit_draft(
    *,
    opportunity: Opportunity,
    document: Document,
    received_by: Contact,
    values: Mapping[str, Any],
    actor: User,
    now: datetime,
) -> DraftVersion:
    """Record that the customer received the next version of the draft.

    Args:
        values: Fields by name, see ``FIELDS``; ``handed_on`` defaults to today.

    Raises:
        NotAllowed: the actor may not work on this deal.
        Invalid: a value cannot be accepted, or the receiver belongs to none of the deal's companies.
    """
    policy.require(actor, RIGHT, opportunity)
    customer = opportunity.customer
    check_companies([received_by], field="received_by", customer=customer, opportunity=opportunity)
    Opportunity.objects.select_for_update(of=("self",)).get(pk=opportunity.pk)
    last = DraftVersion.objects.filter(opportunity=opportunity).aggregate(last=Max("number"))["last"] or 0
    draft = DraftVersion(opportunity=opportunity, document=document, received_by=received_by, number=last + 1)
    draft.created_at, draft.created_by = now, actor
    today = local_day(now, zone_for(actor))
    set_values(draft, {"title": "", "handed_on": today, **values}, allowed=FIELDS, rules={"parts": among(PARTS)})
    check_day("handed_on", draft.handed_on, today=today)
    if not draft.channel:
        raise invalid("channel", _("Say how it was handed over."))
    draft.save(force_insert=True)
    attach_document(document=document, subject=Ref.of(opportunity), actor=actor, now=now)
    data = {"note": str(draft), "receiver": received_by.name, "parts": draft.parts, "document": document.ref}
    record(DraftSubmitted(subject=Ref.of(draft), chain=opportunity.ref, data=data), actor=actor, at=now)
    _follow(draft, reason="", actor=actor, now=now)
    return draft


@transaction.atomic
def answer_draft(
    *, draft: DraftVersion, version: int, remark: str, said_by: Contact, channel: str, said_on: date | None,
    actor: User, now: datetime,
) -> DraftVersion:  # fmt: skip
    """Note what the customer said to a version, in their words.

    Raises:
        NotAllowed: the actor may not work on this deal.
        DraftWithdrawnAlready: the version was taken back.
        StaleVersion: somebody noted something meanwhile.
        Invalid: the words, who said them or their day do not fit.
    """
    held = _locked(draft, version, actor)
    deal = held.opportunity
    check_companies([said_by], field="remark_by", customer=deal.customer, opportunity=deal)
    today = local_day(now, zone_for(actor))
    given = {"remark": remark, "remark_channel": channel, "remarked_on": said_on or today}
    set_values(held, given, allowed=tuple(given))
    if not held.remark:
        raise invalid("remark", _("Note what the customer said, in their words."))
    if not held.remark_channel:
        raise invalid("remark_channel", _("Say through which channel they said it."))
    check_day("remarked_on", held.remarked_on or today, today=today, earliest=held.handed_on)
    held.remark_by = said_by
    held.version += 1
    held.save()
    data = {"note": str(held), "said_by": said_by.name, "remark": held.remark[:200]}
    record(DraftAnswered(subject=Ref.of(held), chain=deal.ref, data=data), actor=actor, at=now)
    _follow(held, reason=_("the remark was corrected"), actor=actor, now=now)
    return held


@transaction.atomic
def withdraw_draft(*, draft: DraftVersion, version: int, reason: str, actor: User, now: datetime) -> DraftVersion:
    """Take back a version that was recorded wrongly, with what it proved; the row stays readable.

    Raises: as ``answer_draft``.
    """
    reason = cleaned_reason(reason)
    held = _locked(draft, version, actor)
    held.withdrawn_at, held.withdrawn_by, held.withdrawn_reason = now, actor, reason
    held.version += 1
    held.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason", "version"])
    data = {"note": str(held), "reason": reason}
    record(DraftWithdrawn(subject=Ref.of(held), chain=held.opportunity.ref, data=data), actor=actor, at=now)
    _follow(held, reason=_("draft withdrawn: %(why)s") % {"why": reason}, actor=actor, now=now)
    return held


def check_day(name: str, day: date, *, today: date, earliest: date = EARLIEST) -> None:
    """Refuse a day that cannot be.

    Raises:
        Invalid: it lies ahead, or before what it follows.
    """
    if day > today:
        raise invalid(name, _("The day cannot be later than today (%(today)s).") % {"today": today.isoformat()})
    if day < earliest:
        raise invalid(name, _("The day cannot be before %(day)s.") % {"day": earliest.isoformat()})


def _locked(draft: DraftVersion, version: int, actor: User) -> DraftVersion:
    rows = DraftVersion.objects.select_for_update(of=("self",)).select_related(
        "opportunity__customer", "opportunity__owner", "document"
    )
    held = rows.get(pk=draft.pk)
    policy.require(actor, RIGHT, held.opportunity)
    if held.withdrawn_at is not None:
        raise DraftWithdrawnAlready(_("This version was taken back."))
    if held.version != version:
        raise stale({"remark": held.remark}, version=held.version)
    return held


def _follow(draft: DraftVersion, *, reason: str, actor: User, now: datetime) -> None:
    documents: Sequence[Document] = [draft.document]
    follow_evidence(draft, judge_draft(draft.facts()), reason=reason, documents=documents, actor=actor, now=now)
