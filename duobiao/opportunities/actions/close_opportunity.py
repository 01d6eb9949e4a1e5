"""Close a deal: won with the contract, lost or given up with a coded reason."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.approvals.actions.open_request import open_request
from duobiao.approvals.actions.withdraw import drop_requests
from duobiao.approvals.queries.rights import settles_alone
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, NotAllowed, Refusal
from duobiao.opportunities.actions.approval_drafts import give_up_draft
from duobiao.opportunities.actions.finish_deal import finish_deal
from duobiao.opportunities.actions.lock import lock, require_open
from duobiao.opportunities.actions.reassess import company_day, own_day
from duobiao.opportunities.models import REASONS, GiveUpReview, Opportunity, Outcome
from duobiao.opportunities.queries.approval_requests import GIVE_UP
from duobiao.opportunities.queries.contract import has_contract
from duobiao.opportunities.queries.explain import explain
from duobiao.opportunities.queries.give_up import kept_proposals

LONGEST_NOTE = 1000


class ContractMissing(Refusal):
    """A deal is won by a contract signed by both sides, proved and not waived."""

    code = "contract_missing"


class ApproverNeeded(NotAllowed):
    """Giving up takes somebody else's approval."""

    code = "approver_needed"


@transaction.atomic
def close_opportunity(
    *, opportunity: Opportunity, outcome: str, reason: str, on: date, note: str = "", actor: User, now: datetime
) -> Opportunity:
    """Close a deal with effect from ``on``; its assessment freezes there; from the contract on, the stages of a won deal go on.

    Raises:
        NotAllowed: ``actor`` may not close this deal.
        ApproverNeeded: ``actor`` may not decide alone to give it up; ``ask_give_up`` asks for it.
        DealClosed: it is closed already.
        ContractMissing: WON without the signed contract in the ledger.
        Invalid: unknown outcome or reason, or a day in the future or before the deal was opened.
    """
    policy.require(
        actor, "opportunities.give_up" if outcome == Outcome.GIVEN_UP else "opportunities.close", opportunity
    )
    deal = lock(opportunity)
    require_open(deal)
    note = note.strip()
    _check(deal, outcome=outcome, reason=reason, on=on, note=note, today=own_day(actor, now))
    if outcome == Outcome.WON and not has_contract(deal, by=on):
        raise ContractMissing(
            _("Record the contract signed by both sides first; without it a deal cannot be won."),
            fields={"outcome": _("contract missing")},
        )
    if outcome == Outcome.GIVEN_UP:
        _give_up(deal, reason=reason, on=on, note=note, actor=actor, now=now)
    else:
        finish_deal(deal, outcome=outcome, reason=reason, on=on, note=note, actor=actor, now=now)
    opportunity.refresh_from_db()
    deal.refresh_from_db()
    return deal


def _give_up(deal: Opportunity, *, reason: str, on: date, note: str, actor: User, now: datetime) -> None:
    """Let the actor decide alone, in the place of a request that may wait."""
    draft = give_up_draft(deal, reason=reason, note=note, on=on, actor=actor)
    if not settles_alone(draft, actor):
        raise ApproverNeeded(_("Somebody else has to agree that this deal is given up. Ask for approval."))
    drop_requests(matter=GIVE_UP, subject=Ref.of(deal), actor=actor, now=now)
    GiveUpReview.objects.create(
        opportunity=deal,
        reason=reason,
        proposals=kept_proposals(explain(deal, company_day(now)), {}),
        lessons=note,
        stage_number=deal.stage_number,
        buyer_stage=deal.buyer_stage,
        lag=deal.lag,
        asked_by=actor,
        asked_at=now,
    )
    open_request(draft=draft, now=now)


def _check(deal: Opportunity, *, outcome: str, reason: str, on: date, note: str, today: date) -> None:
    if outcome not in REASONS:
        message = _("Choose one of: %(names)s.") % {"names": ", ".join(REASONS)}
        raise Invalid(message, fields={"outcome": message})
    faults: dict[str, str] = {}
    if reason not in REASONS[outcome]:
        faults["reason"] = _("Choose one of: %(names)s.") % {"names": ", ".join(REASONS[outcome])}
    if on > today:
        faults["on"] = _("The day cannot be later than today (%(today)s).") % {"today": today.isoformat()}
    elif on < deal.opened_on and not deal.external_id:
        faults["on"] = _("The day cannot lie before the deal was opened (%(day)s).") % {
            "day": deal.opened_on.isoformat()
        }
    if len(note) > LONGEST_NOTE:
        faults["note"] = _("At most %(n)d characters.") % {"n": LONGEST_NOTE}
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
