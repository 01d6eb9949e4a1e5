"""Take proofs back; the rows stay, the deal is judged without them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.reassess import Cause, company_day, reassess
from duobiao.opportunities.events import ProofRetracted
from duobiao.opportunities.models import Opportunity, Proof, Retraction
from duobiao.timeline.actions.record import record

LONGEST_REASON = 500


class AlreadyRetracted(Conflict):
    """The proof was retracted before."""

    code = "already_retracted"


@transaction.atomic
def retract_proof(*, proof: Proof, reason: str, actor: User, now: datetime) -> Retraction:
    """Take one proof back, with the verification that rests on it.

    Raises:
        NotAllowed: ``actor`` may not retract on this deal.
        Invalid: no reason is given.
        AlreadyRetracted: somebody did it before.
    """
    policy.require(actor, "opportunities.retract", proof.opportunity)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        message = _("Say why, in at most %(n)d characters.") % {"n": LONGEST_REASON}
        raise Invalid(message, fields={"reason": message})
    deal = lock(proof.opportunity)
    locked = Proof.objects.get(pk=proof.pk)
    if not locked.is_live:
        raise AlreadyRetracted(_("This evidence has already been retracted."))
    dependent = list(Proof.objects.filter(verifies=locked, retracted_on=None))
    retractions = withdraw(deal, [locked, *dependent], reason=reason, actor=actor, now=now)
    reassess(
        deal,
        actor=actor,
        now=now,
        cause=Cause(ProofRetracted.name, locked.ref, {"key": locked.key, "reason": reason}),
    )
    return retractions[0]


def withdraw(
    opportunity: Opportunity, proofs: Sequence[Proof], *, reason: str, actor: User, now: datetime
) -> list[Retraction]:
    """Write the retractions of live proofs of a locked deal; the caller judges it again afterwards."""
    day = company_day(now)
    rows = []
    for proof in proofs:
        rows.append(Retraction.objects.create(proof=proof, reason=reason, retracted_at=now, retracted_by=actor))
        Proof.objects.filter(pk=proof.pk).update(retracted_on=day)
        record(
            ProofRetracted(subject=Ref.of(proof), chain=opportunity.ref, data={"key": proof.key, "reason": reason}),
            actor=actor,
            at=now,
        )
    return rows
