"""Build requests for approval about a deal, before they are asked."""

from datetime import date

from duobiao.approvals.actions.open_request import draft_request
from duobiao.approvals.models import ApprovalRequest
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.approval_requests import GIVE_UP, WAIVER, give_up_facts, waiver_facts


def waiver_draft(
    deal: Opportunity, *, item: str, reason: str, expires_on: date, actor: User, ref: str = ""
) -> ApprovalRequest:
    """Return the request for a waiver.

    Args:
        ref: Of the waiver, once it is stored.
    """
    return draft_request(
        matter=WAIVER,
        subject=Ref("waiver", ref),
        owner=deal.owner,
        title=deal.name,
        facts=waiver_facts(deal, item=item, reason=reason, expires_on=expires_on),
        amount=deal.amount,
        actor=actor,
    )


def give_up_draft(
    deal: Opportunity,
    *,
    actor: User,
    reason: str = "",
    alternatives: str = "",
    note: str = "",
    change_mind: str = "",
    look_again_on: date | None = None,
    on: date | None = None,
) -> ApprovalRequest:
    """Return the request to give a deal up."""
    return draft_request(
        matter=GIVE_UP,
        subject=Ref.of(deal),
        owner=deal.owner,
        title=deal.name,
        facts=give_up_facts(
            deal,
            reason=reason,
            alternatives=alternatives,
            note=note,
            change_mind=change_mind,
            look_again_on=look_again_on,
            on=on,
        ),
        amount=deal.amount,
        actor=actor,
    )
