"""What imported deals prove: what their customer's own record shows and, where the mapping says so, the claimed stage."""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from duobiao.integrations.actions.context import Context
from duobiao.integrations.domain.targets import Target
from duobiao.opportunities.actions.confirm_evidence import Draft, confirm_all
from duobiao.opportunities.actions.follow_customer import customer_evidence
from duobiao.opportunities.models import Grade, Opportunity, Outcome
from duobiao.playbooks.domain.model import METHOD_KEY
from duobiao.playbooks.queries import compiled_playbook


def prove_imported(context: Context, deals: Sequence[Opportunity]) -> None:
    """Add the proofs of new deals, one deal after another; most have none."""
    asserting = any(rule.assert_stage for rule in context.mapping.files if rule.target is Target.OPPORTUNITIES)
    for deal in deals:
        drafts = customer_evidence(deal.customer, on=context.today) if deal.is_open else []
        if asserting and deal.claimed_stage:
            drafts.extend(claimed_drafts(context, deal))
        if drafts and deal.outcome in (Outcome.OPEN, Outcome.WON):
            confirm_all(opportunity=deal, drafts=drafts, actor=context.actor, now=context.now)


def claimed_drafts(context: Context, deal: Opportunity) -> list[Draft]:
    """Return ASSERTED drafts for every gating item up to the claimed stage.

    They are dated on the day the deal was opened, and known since then. Items that ask for more than an assertion
    stay weak, and facts about the purchase method are left out: an assertion cannot say which one.
    """
    known_at = datetime.combine(deal.opened_on, time(12), ZoneInfo(context.zone))
    keys: dict[str, None] = {}
    for item in compiled_playbook(deal.playbook_id).playbook.items:
        if item.gates and item.stage <= (deal.claimed_stage or 0) and item.accepts[0].evidence != METHOD_KEY:
            keys[item.accepts[0].evidence] = None
    quote = f"{context.source}: {deal.claimed_label}" if deal.claimed_label else context.source
    return [
        Draft(key, Grade.ASSERTED, deal.opened_on, quote=quote, known_at=min(known_at, context.now)) for key in keys
    ]
