"""Ask to give a deal up: with a coded reason, what was proposed and tried, and what would change our mind."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.approvals.actions.open_request import RequestExists, open_request
from duobiao.approvals.actions.withdraw import drop_requests
from duobiao.approvals.models import ApprovalRequest
from duobiao.approvals.queries.rights import settles_alone
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.approval_drafts import give_up_draft
from duobiao.opportunities.actions.lock import lock, require_open
from duobiao.opportunities.actions.reassess import company_day, own_day
from duobiao.opportunities.events import GiveUpAsked
from duobiao.opportunities.models import REASONS, GiveUpReview, Opportunity, Outcome
from duobiao.opportunities.models.give_up import LONG
from duobiao.opportunities.queries.approval_requests import GIVE_UP, open_give_up
from duobiao.opportunities.queries.explain import Explained, explain
from duobiao.opportunities.queries.give_up import CHOSEN, kept_proposals, proposals_of
from duobiao.timeline.actions.record import record

FARTHEST = timedelta(days=1827)


@transaction.atomic
def ask_give_up(
    *,
    opportunity: Opportunity,
    reason: str,
    alternatives: str,
    note: str = "",
    change_mind: str = "",
    look_again_on: date | None = None,
    fates: Mapping[str, str] | None = None,
    actor: User,
    now: datetime,
) -> ApprovalRequest:
    """Ask to give a deal up; once approved it is closed that day, at once where the actor may decide alone.

    Args:
        alternatives: What was tried instead, in words.
        note: What we learn from it.
        change_mind: What would let us take it up again; on ``look_again_on`` the owner is told to look.
        fates: What became of the proposals to catch up that the records do not settle, by item.

    Raises:
        NotAllowed: ``actor`` may neither close nor give up this deal.
        DealClosed: it is closed already.
        Invalid: a field does not fit; fates are named ``fate_<item>``.
        RequestExists: it is asked for already.
    """
    if not policy.allows(actor, "opportunities.give_up", opportunity):
        policy.require(actor, "opportunities.close", opportunity)
    deal = lock(opportunity)
    require_open(deal)
    texts = {"alternatives": alternatives.strip(), "note": note.strip(), "change_mind": change_mind.strip()}
    explained = explain(deal, company_day(now))
    faults = _faults(reason, texts, look_again_on, today=own_day(actor, now))
    faults |= _wrong_fates(explained, fates or {})
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    draft = give_up_draft(
        deal, reason=reason, alternatives=texts["alternatives"], note=texts["note"], actor=actor,
        change_mind=texts["change_mind"], look_again_on=look_again_on,
    )  # fmt: skip
    _make_room(deal, draft, actor=actor, now=now)
    review = GiveUpReview.objects.create(
        opportunity=deal,
        reason=reason,
        alternatives=texts["alternatives"],
        proposals=kept_proposals(explained, fates or {}),
        change_mind=texts["change_mind"],
        look_again_on=look_again_on,
        lessons=texts["note"],
        stage_number=deal.stage_number,
        buyer_stage=deal.buyer_stage,
        lag=deal.lag,
        asked_by=actor,
        asked_at=now,
    )
    data = {"reason": reason, "alternatives": texts["alternatives"], "note": texts["note"], "review": review.ref}
    record(GiveUpAsked(subject=Ref.of(deal), data=data), actor=actor, at=now)
    request = open_request(draft=draft, now=now)
    opportunity.refresh_from_db()
    return request


def _make_room(deal: Opportunity, draft: ApprovalRequest, *, actor: User, now: datetime) -> None:
    """Let who may decide alone take the place of a request that waits; else refuse a second one."""
    if settles_alone(draft, actor):
        drop_requests(matter=GIVE_UP, subject=Ref.of(deal), actor=actor, now=now)
        return
    if open_give_up(deal) is not None:
        raise RequestExists(_("This is asked for already and waits for a decision."))


def _faults(reason: str, texts: Mapping[str, str], look_again_on: date | None, *, today: date) -> dict[str, str]:
    faults = {name: _("At most %(n)d characters.") % {"n": LONG} for name, text in texts.items() if len(text) > LONG}
    if reason not in REASONS[Outcome.GIVEN_UP]:
        faults["reason"] = _("Choose one of: %(names)s.") % {"names": ", ".join(REASONS[Outcome.GIVEN_UP])}
    if not 1 <= len(texts["alternatives"]) <= LONG:
        faults["alternatives"] = _("Say what was tried instead, in at most %(n)d characters.") % {"n": LONG}
    if look_again_on is not None and not today < look_again_on <= today + FARTHEST:
        faults["look_again_on"] = _("Choose a day after today (%(today)s), at most five years ahead.") % {
            "today": today.isoformat()
        }
    if look_again_on is not None and not texts["change_mind"]:
        faults["change_mind"] = _("Say what to look at on that day.")
    return faults


def _wrong_fates(explained: Explained, fates: Mapping[str, str]) -> dict[str, str]:
    if not fates:
        return {}
    open_items = {row.item for row in proposals_of(explained) if row.fate is None}
    faults = {}
    for item, fate in fates.items():
        if item not in open_items:
            faults[f"fate_{item}"] = _("This was not proposed, or the records show what became of it.")
        elif fate not in CHOSEN:
            faults[f"fate_{item}"] = _("Choose one of: %(names)s.") % {"names": ", ".join(CHOSEN)}
    return faults
