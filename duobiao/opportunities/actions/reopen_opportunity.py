"""Open a closed deal again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.reassess import Cause, company_day, reassess
from duobiao.opportunities.actions.share_deal import share_deal
from duobiao.opportunities.events import OpportunityReopened
from duobiao.opportunities.models import Closing, Opportunity, Outcome
from duobiao.timeline.actions.record import record

LONGEST_REASON = 500


class DealOpen(Conflict):
    """The deal is not closed."""

    code = "deal_open"


@transaction.atomic
def reopen_opportunity(*, opportunity: Opportunity, reason: str, actor: User, now: datetime) -> Opportunity:
    """Open a closed deal again; it is judged on today's evidence.

    Raises:
        NotAllowed: ``actor`` is no manager of this deal.
        DealOpen: it is not closed.
        Invalid: no reason is given.
    """
    policy.require(actor, "opportunities.reopen", opportunity)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        message = _("Say why, in at most %(n)d characters.") % {"n": LONGEST_REASON}
        raise Invalid(message, fields={"reason": message})
    deal = lock(opportunity)
    if deal.outcome == Outcome.OPEN:
        raise DealOpen(_("This deal is open."))
    Closing.objects.filter(opportunity=deal, reopened_on=None).update(
        reopened_on=company_day(now), reopened_at=now, reopened_by=actor, reopen_reason=reason
    )
    deal.outcome = Outcome.OPEN
    deal.closed_on = None
    deal.close_reason = ""
    deal.outcome_unproved = False
    deal.version += 1
    deal.save(update_fields=["outcome", "closed_on", "close_reason", "outcome_unproved", "version"])
    record(OpportunityReopened(subject=Ref.of(deal), data={"reason": reason, "note": reason}), actor=actor, at=now)
    reassess(deal, actor=actor, now=now, cause=Cause(OpportunityReopened.name, deal.ref, {"reason": reason}))
    share_deal(deal, now=now)
    opportunity.refresh_from_db()
    return deal
