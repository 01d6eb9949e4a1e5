"""Make the ledger follow a corrected record: what it proves is added, what it no longer proves is retracted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.confirm_evidence import Draft, Outcomes, confirm_known
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.reassess import Cause, reassess
from duobiao.opportunities.actions.retract_proof import withdraw
from duobiao.opportunities.events import ProofRetracted
from duobiao.opportunities.models import Opportunity, Proof


@transaction.atomic
def sync_evidence(
    *, opportunity: Opportunity, source: Ref, drafts: Sequence[Draft], reason: str, actor: User | None, now: datetime
) -> Outcomes:
    """Let the proofs of one source record be exactly ``drafts``.

    Proofs that are still shown stay as they were recorded; the others of this source are retracted.

    Args:
        reason: Why, for the retractions: "the call was corrected".
        actor: None: nobody wrote, what is recorded shows something else by itself, with time or because of another record.

    Raises:
        NotAllowed: ``actor`` may not prove on this deal.
    """
    if actor is not None:
        policy.require(actor, "opportunities.prove", opportunity)
    deal = lock(opportunity)
    wanted = [replace(draft, source=source) for draft in drafts]
    outcomes = confirm_known(opportunity=opportunity, drafts=wanted, actor=actor, now=now)
    kept = {row.proof.pk for row in outcomes.confirmed}
    held = Proof.objects.filter(opportunity=deal, source_kind=source.kind, source_ref=source.ref, retracted_on=None)
    gone = [proof for proof in held if proof.pk not in kept]
    if not gone:
        return outcomes
    withdraw(deal, gone, reason=reason, actor=actor, now=now)
    deal.refresh_from_db()
    keys = tuple(proof.key for proof in gone)
    cause = Cause(ProofRetracted.name, gone[0].ref, {"key": keys[0], "reason": reason}, keys=keys, spoke=True)
    assessment = reassess(deal, actor=actor, now=now, cause=cause)
    opportunity.refresh_from_db()
    return Outcomes(outcomes.confirmed, assessment)
