"""Close a deal: won with the contract, lost or given up with a coded reason."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, Refusal
from duobiao.opportunities.actions.judge_signals import judge_deal
from duobiao.opportunities.actions.lock import DealClosed, lock, require_open
from duobiao.opportunities.actions.reassess import Cause, company_day, own_day, reassess
from duobiao.opportunities.actions.share_deal import share_deal
from duobiao.opportunities.events import OpportunityClosed
from duobiao.opportunities.models import REASONS, Closing, Opportunity, Outcome
from duobiao.opportunities.queries.contract import has_contract
from duobiao.timeline.actions.record import record

LONGEST_NOTE = 1000


class ContractMissing(Refusal):
    """A deal is won by a contract signed by both sides, proved and not waived."""

    code = "contract_missing"


@transaction.atomic
def close_opportunity(
    *, opportunity: Opportunity, outcome: str, reason: str, on: date, note: str = "", actor: User, now: datetime
) -> Opportunity:
    """Close a deal with effect from ``on``; its assessment freezes there, stage 8 of a won deal goes on.

    Raises:
        NotAllowed: ``actor`` may not close this deal; giving up takes a manager.
        DealClosed: it is closed already.
        ContractMissing: WON without the signed contract in the ledger.
        Invalid: unknown outcome or reason, or a day in the future or before the deal was opened.
    """
    verb = "opportunities.give_up" if outcome == Outcome.GIVEN_UP else "opportunities.close"
    policy.require(actor, verb, opportunity)
    deal = lock(opportunity)
    require_open(deal)
    _check(deal, outcome=outcome, reason=reason, on=on, note=note, today=own_day(actor, now))
    if outcome == Outcome.WON and not has_contract(deal, by=on):
        raise ContractMissing(
            _("Record the contract signed by both sides first; without it a deal cannot be won."),
            fields={"outcome": _("contract missing")},
        )
    _close(deal, outcome=outcome, reason=reason, on=on, note=note.strip(), actor=actor, now=now)
    record(
        OpportunityClosed(
            subject=Ref.of(deal),
            data={"outcome": outcome, "reason": reason, "on": on.isoformat(), "note": note.strip()},
        ),
        actor=actor,
        at=now,
    )
    reassess(deal, actor=actor, now=now, cause=Cause(OpportunityClosed.name, deal.ref, {"outcome": outcome}))
    judge_deal(deal, actor=actor, now=now, on=company_day(now))
    share_deal(deal, now=now)
    opportunity.refresh_from_db()
    return deal


def _close(deal: Opportunity, *, outcome: str, reason: str, on: date, note: str, actor: User, now: datetime) -> None:
    try:
        with transaction.atomic():
            Closing.objects.create(
                opportunity=deal,
                outcome=outcome,
                reason=reason,
                note=note,
                closed_on=on,
                known_on=company_day(now),
                recorded_at=now,
                recorded_by=actor,
            )
    except IntegrityError as error:
        raise DealClosed(_("This deal is closed already.")) from error
    deal.outcome = outcome
    deal.closed_on = on
    deal.close_reason = reason
    deal.risk = ""
    deal.version += 1
    deal.save(update_fields=["outcome", "closed_on", "close_reason", "risk", "version"])


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
