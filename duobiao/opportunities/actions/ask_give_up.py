"""Ask to give a deal up: with a coded reason and what was tried instead."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.approvals.actions.open_request import open_request
from duobiao.approvals.models import ApprovalRequest
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.approval_drafts import give_up_draft
from duobiao.opportunities.actions.lock import lock, require_open
from duobiao.opportunities.events import GiveUpAsked
from duobiao.opportunities.models import REASONS, Opportunity, Outcome
from duobiao.timeline.actions.record import record

LONGEST = 1000


@transaction.atomic
def ask_give_up(
    *, opportunity: Opportunity, reason: str, alternatives: str, note: str = "", actor: User, now: datetime
) -> ApprovalRequest:
    """Ask to give a deal up; once approved it is closed that day, at once where the actor may decide alone.

    Raises:
        NotAllowed: ``actor`` may not close this deal.
        DealClosed: it is closed already.
        Invalid: unknown reason, or nothing said about alternatives.
        RequestExists: it is asked for already.
    """
    policy.require(actor, "opportunities.close", opportunity)
    deal = lock(opportunity)
    require_open(deal)
    alternatives, note = alternatives.strip(), note.strip()
    _check(reason=reason, alternatives=alternatives, note=note)
    data = {"reason": reason, "alternatives": alternatives, "note": note}
    record(GiveUpAsked(subject=Ref.of(deal), data=data), actor=actor, at=now)
    draft = give_up_draft(deal, reason=reason, alternatives=alternatives, note=note, actor=actor)
    request = open_request(draft=draft, now=now)
    opportunity.refresh_from_db()
    return request


def _check(*, reason: str, alternatives: str, note: str) -> None:
    faults: dict[str, str] = {}
    if reason not in REASONS[Outcome.GIVEN_UP]:
        faults["reason"] = _("Choose one of: %(names)s.") % {"names": ", ".join(REASONS[Outcome.GIVEN_UP])}
    if not 1 <= len(alternatives) <= LONGEST:
        faults["alternatives"] = _("Say what was tried instead, in at most %(n)d characters.") % {"n": LONGEST}
    if len(note) > LONGEST:
        faults["note"] = _("At most %(n)d characters.") % {"n": LONGEST}
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
