"""A second person looks at a claimed buyer confirmation and stands for it (b-playbook-8 §0.7)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.actions.confirm_evidence import Confirmed, Draft, confirm_evidence
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.models import Grade, Proof


class OwnProof(Conflict):
    """Nobody verifies what they recorded themselves."""

    code = "own_proof"


class NothingToVerify(Conflict):
    """The proof is retracted, was verified before, or claims no act of the buyer."""

    code = "nothing_to_verify"


@transaction.atomic
def verify_proof(*, proof: Proof, actor: User, now: datetime) -> Confirmed:
    """Add the verified proof beside the first one; it carries the buyer's grade from today on.

    Raises:
        NotAllowed: ``actor`` may not verify on this deal.
        OwnProof: ``actor`` recorded it.
        NothingToVerify: there is nothing left to verify.
    """
    policy.require(actor, "opportunities.verify", proof.opportunity)
    if proof.recorded_by_id == actor.pk:
        raise OwnProof(_("Somebody else has to verify what you recorded."))
    lock(proof.opportunity)
    proof.refresh_from_db()
    if not proof.is_live or not proof.is_unverified:
        raise NothingToVerify(_("There is nothing to verify here any more."))
    confirmed = confirm_evidence(
        opportunity=proof.opportunity,
        draft=Draft(
            key=proof.key,
            grade=Grade.BUYER_CONFIRMED,
            happened_on=proof.happened_on,
            quote=proof.quote,
            contact=proof.contact,
            channel=proof.channel,
            documents=list(proof.documents.all()),
            valid_until=proof.valid_until,
            method=proof.method,
            verifies=proof,
        ),
        actor=actor,
        now=now,
    )
    Proof.objects.filter(pk=proof.pk).update(is_unverified=False)
    return confirmed
