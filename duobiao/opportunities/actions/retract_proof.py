"""Take proofs back; the rows stay, the deal is judged without them."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.reassess import Cause, company_day, reassess
from duobiao.opportunities.events import ProofRetracted
from duobiao.opportunities.models import Opportunity, Outcome, Proof, Retraction
from duobiao.opportunities.queries.contract import contract_keys, has_contract
from duobiao.playbooks.queries import compiled_playbook
from duobiao.timeline.actions.record import record

LONGEST_REASON = 500


class AlreadyRetracted(Conflict):
    """The proof was retracted before."""

    code = "already_retracted"


class ContractHolds(Conflict):
    """A deal stays won only as long as its contract is proved."""

    code = "contract_holds"


@transaction.atomic
def retract_proof(*, proof: Proof, reason: str, actor: User, now: datetime) -> Retraction:
    """Take one proof back, with the verification that rests on it.

    Raises:
        NotAllowed: ``actor`` may not retract on this deal.
        Invalid: no reason is given.
        AlreadyRetracted: somebody did it before.
        ContractHolds: the deal is won by this contract.
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
    _keep_the_contract(deal, [locked, *dependent])
    retractions = withdraw(deal, [locked, *dependent], reason=reason, actor=actor, now=now)
    reassess(
        deal,
        actor=actor,
        now=now,
        cause=Cause(
            ProofRetracted.name,
            locked.ref,
            {"key": locked.key, "reason": reason},
            keys=(locked.key,),
            spoke=locked.contact_id is not None,
        ),
    )
    return retractions[0]


def _keep_the_contract(deal: Opportunity, gone: Sequence[Proof]) -> None:
    keys = contract_keys(compiled_playbook(deal.playbook_id))
    if deal.outcome != Outcome.WON or deal.outcome_unproved or all(proof.key not in keys for proof in gone):
        return
    if not has_contract(deal, by=deal.closed_on or date.max, leaving_out=[proof.pk for proof in gone]):
        raise ContractHolds(_("This deal is won by this contract. A manager can reopen the deal first."))


def withdraw(
    opportunity: Opportunity, proofs: Sequence[Proof], *, reason: str, actor: User | None, now: datetime
) -> list[Retraction]:
    """Write the retractions of live proofs of a locked deal; the caller judges it again afterwards."""
    day = company_day(now)
    rows = []
    for proof in proofs:
        rows.append(Retraction.objects.create(proof=proof, reason=reason, retracted_at=now, retracted_by=actor))
        Proof.objects.filter(pk=proof.pk).update(retracted_on=day)
        if proof.verifies_id is not None:
            Proof.objects.filter(pk=proof.verifies_id).update(is_unverified=True)
        record(
            ProofRetracted(subject=Ref.of(proof), chain=opportunity.ref, data={"key": proof.key, "reason": reason}),
            actor=actor,
            at=now,
        )
    return rows
