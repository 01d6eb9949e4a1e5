"""Let the proof of the four steps follow the present: every P0 and P1 went through all of them, or it is taken back."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.needs.actions.follow_evidence import count
from duobiao.needs.domain import proving
from duobiao.needs.domain.proving import NeedFacts
from duobiao.needs.domain.steps import LAST_VERIFY
from duobiao.needs.models import Need, RequirementPaper, Verification
from duobiao.opportunities.actions.confirm_evidence import Draft, confirm_all
from duobiao.opportunities.actions.reassess import Cause, reassess
from duobiao.opportunities.actions.retract_proof import withdraw
from duobiao.opportunities.events import ProofRetracted
from duobiao.opportunities.models import Confirmation, Grade, Opportunity, Proof

VERIFIED = "need_verification"
"""Kind of the source of a verification; its ``ref`` is that of the need verified last."""


def prove_verification(need: Need, *, on: date, actor: User, now: datetime) -> None:
    """Prove that the four steps are done and the needs reviewed, once every P0 and P1 went through them."""
    needs = _facts(need.opportunity)
    if proving.went_through(needs):
        drafts = [_draft(key, needs, need.ref, on) for key in (proving.FOUR_STEPS, proving.REVIEWED)]
        confirm_all(opportunity=need.opportunity, drafts=drafts, actor=actor, now=now)


def follow_verification(deal: Opportunity, *, actor: User, now: datetime) -> None:
    """Let the proof of the four steps be what the needs show today; that they were reviewed once stays.

    A P0 or P1 that is not verified takes it back, also where the customer confirmed it; once that need is verified, or
    ranked lower, it stands again on the day of the last consensus, as documented.
    """
    needs = _facts(deal)
    if not proving.went_through(needs):
        take_back_verification(deal, actor=actor, now=now)
        return
    if _held(deal).exists():
        return
    last = (
        Verification.objects.filter(
            need__opportunity=deal, need__removed_at=None, need__priority__in=("P0", "P1"), step=LAST_VERIFY
        )
        .order_by("-done_on", "-pk")
        .values_list("need__ref", "done_on")
        .first()
    )
    if last is not None:
        drafts = [_draft(proving.FOUR_STEPS, needs, *last)]
        confirm_all(opportunity=deal, drafts=drafts, actor=actor, now=now)


def take_back_verification(deal: Opportunity, *, actor: User | None, now: datetime) -> None:
    """Retract what says that the four steps are done, while not every P0 and P1 went through them.

    Args:
        actor: None: the customer's answer by the link.
    """
    if proving.went_through(_facts(deal)):
        return
    gone = list(_held(deal).order_by("pk"))
    if not gone:
        return
    reason = _("a P0 or P1 is not verified in all four steps")
    withdraw(deal, gone, reason=reason, actor=actor, now=now)
    deal.refresh_from_db()
    key = proving.FOUR_STEPS
    cause = Cause(ProofRetracted.name, gone[0].ref, {"key": key, "reason": reason}, keys=(key,), spoke=True)
    reassess(deal, actor=actor, now=now, cause=cause)


def _facts(deal: Opportunity) -> list[NeedFacts]:
    return [need.facts() for need in Need.objects.live().filter(opportunity=deal)]


def _draft(key: str, needs: Sequence[NeedFacts], ref: str, on: date) -> Draft:
    quote = _("four steps done for %(n)d needs, P0 and P1") % {"n": count(needs, "P0") + count(needs, "P1")}
    return Draft(key, Grade.DOCUMENTED, on, quote=quote, source=Ref(VERIFIED, ref))


def _held(deal: Opportunity) -> QuerySet[Proof]:
    asked = Confirmation.objects.filter(opportunity=deal, source_kind=RequirementPaper.kind)
    ours = Q(source_kind=VERIFIED) | Q(source_kind=Confirmation.kind, source_ref__in=asked.values("ref"))
    return Proof.objects.filter(ours, opportunity=deal, key=proving.FOUR_STEPS, retracted_on=None)
