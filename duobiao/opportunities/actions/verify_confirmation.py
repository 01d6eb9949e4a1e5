"""A second person looks at the paper of a confirmation and stands for all that it proves, with one tap."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.opportunities.actions.confirm_evidence import Confirmed
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.verify_proof import NothingToVerify, OwnProof, verify_proof
from duobiao.opportunities.models import Confirmation
from duobiao.opportunities.queries.confirmations import unverified_of


@transaction.atomic
def verify_confirmation(*, confirmation: Confirmation, actor: User, now: datetime) -> list[Confirmed]:
    """Verify every proof of a confirmation.

    Raises:
        NotAllowed: ``actor`` may not verify on this deal.
        OwnProof: ``actor`` recorded it.
        NothingToVerify: there is nothing left to verify.
    """
    deal = confirmation.opportunity
    if deal is None:
        raise NothingToVerify(_("There is nothing to verify here any more."))
    policy.require(actor, "opportunities.verify", deal)
    if confirmation.asked_by_id == actor.pk:
        raise OwnProof(_("Somebody else has to verify what you recorded."))
    lock(deal)
    waiting = unverified_of(confirmation)
    if not waiting:
        raise NothingToVerify(_("There is nothing to verify here any more."))
    return [verify_proof(proof=proof, actor=actor, now=now) for proof in waiting]
