"""Ask for an exception (例外放行): one item counts for the stage without being proved, until a last day."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.approvals.actions.open_request import open_request
from duobiao.approvals.actions.withdraw import drop_requests
from duobiao.approvals.queries.rights import settles_alone
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.approval_drafts import waiver_draft
from duobiao.opportunities.actions.lock import lock, require_open
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.events import WaiverAsked
from duobiao.opportunities.models import Opportunity, Waiver
from duobiao.opportunities.queries.approval_requests import WAIVER
from duobiao.opportunities.queries.contract import contract_items
from duobiao.playbooks.queries import compiled_playbook, item_waived_under
from duobiao.timeline.actions.record import record

LONGEST_DAYS = 90
LONGEST_REASON = 500


class ContractCannotBeWaived(Invalid):
    """The signed contract is what a deal is for; nothing stands in for it."""

    code = "contract_cannot_be_waived"


class WaiverExists(Conflict):
    """The item already has a waiver that runs or waits for a decision."""

    code = "waiver_exists"


@transaction.atomic
def ask_waiver(
    *, opportunity: Opportunity, item: str, reason: str, expires_on: date, actor: User, now: datetime
) -> Waiver:
    """Ask for a waiver; it is in force at once where the actor may decide alone under the chain of waivers.

    Args:
        expires_on: Last day, inclusive; from today to 90 days ahead.

    Raises:
        NotAllowed: ``actor`` may not ask on this deal.
        DealClosed: the deal is closed.
        Invalid: unknown item, no reason, or a last day out of range.
        ContractCannotBeWaived: the item is the contract's signature.
        WaiverExists: one runs already, or waits for somebody else.
    """
    policy.require(actor, "opportunities.ask_waiver", opportunity)
    deal = lock(opportunity)
    require_open(deal)
    today = company_day(now)
    _check(deal, item=item, reason=reason.strip(), expires_on=expires_on, today=today)
    draft = waiver_draft(deal, item=item, reason=reason.strip(), expires_on=expires_on, actor=actor)
    _make_room(deal, item=item, today=today, alone=settles_alone(draft, actor), actor=actor, now=now)
    waiver = _create(deal, item=item, reason=reason.strip(), expires_on=expires_on, actor=actor, now=now)
    draft.subject_ref = waiver.ref
    record(
        WaiverAsked(
            subject=Ref.of(waiver),
            chain=deal.ref,
            data={"item": item, "reason": waiver.reason, "until": expires_on.isoformat()},
        ),
        actor=actor,
        at=now,
    )
    open_request(draft=draft, now=now)
    waiver.refresh_from_db()
    if not waiver.is_pending:
        opportunity.refresh_from_db()
    return waiver


def _make_room(deal: Opportunity, *, item: str, today: date, alone: bool, actor: User, now: datetime) -> None:
    """Refuse a second waiver of an item; a request that waits gives way to a waiver the actor may grant alone."""
    for waiver in Waiver.objects.filter(opportunity=deal, ended_on=None):
        if item_waived_under(waiver.item, waiver.playbook_id, deal.playbook_id) != item:
            continue
        if waiver.approved_on is not None and waiver.expires_on < today:
            continue
        if not waiver.is_pending or not alone:
            raise WaiverExists(_("A waiver for this item runs or waits for a decision."))
        drop_requests(matter=WAIVER, subject=Ref.of(waiver), actor=actor, now=now)


def _create(deal: Opportunity, *, item: str, reason: str, expires_on: date, actor: User, now: datetime) -> Waiver:
    try:
        with transaction.atomic():
            return Waiver.objects.create(
                opportunity=deal,
                playbook_id=deal.playbook_id,
                item=item,
                reason=reason,
                expires_on=expires_on,
                asked_at=now,
                asked_by=actor,
            )
    except IntegrityError as error:
        raise WaiverExists(_("A waiver for this item waits for a decision.")) from error


def _check(deal: Opportunity, *, item: str, reason: str, expires_on: date, today: date) -> None:
    compiled = compiled_playbook(deal.playbook_id)
    if item not in compiled.by_key:
        raise Invalid(_("This playbook has no such item."), fields={"item": _("unknown item")})
    if item in contract_items(compiled):
        raise ContractCannotBeWaived(_("The signed contract cannot be waived."), fields={"item": _("cannot be waived")})
    if not reason or len(reason) > LONGEST_REASON:
        message = _("Say why, in at most %(n)d characters.") % {"n": LONGEST_REASON}
        raise Invalid(message, fields={"reason": message})
    last = today + timedelta(days=LONGEST_DAYS)
    if not today <= expires_on <= last:
        message = _("Choose a last day from today to %(last)s.") % {"last": last.isoformat()}
        raise Invalid(message, fields={"expires_on": message})
