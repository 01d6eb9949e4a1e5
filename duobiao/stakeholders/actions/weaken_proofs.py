"""Let evidence that rests on somebody who is gone count as asserted only."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.confirm_evidence import Draft, confirm_known
from duobiao.opportunities.actions.reassess import Cause, reassess
from duobiao.opportunities.actions.retract_proof import withdraw
from duobiao.opportunities.events import ProofRetracted
from duobiao.opportunities.models import Grade, Outcome, Proof
from duobiao.playbooks.domain.model import Nature
from duobiao.playbooks.queries import catalogue
from duobiao.stakeholders.actions.prove_chain import SOURCE
from duobiao.stakeholders.models import ChainRole, DealPerson

FROZEN: Final = (Outcome.LOST, Outcome.GIVEN_UP)
PEOPLE: Final = "stakeholders."
"""Keys of evidence about people."""


def weaken_proofs(person: DealPerson, *, actor: User, now: datetime) -> None:
    """Write what holds as long as this person stands by it anew as asserted; the deal is locked.

    What happened stays true (an EVENT), and so does the state of the purchase, whoever told us. A STATE of the people (what
    they think, which part they play) does not hold by itself once the one it names is gone. It keeps day, words and
    validity, and points to the person. That the handler, or the decider, is found no longer holds at all once it is they
    who are gone. What the chain itself shows is weakened by ``prove_chain``.
    """
    deal = person.opportunity
    if deal.outcome in FROZEN or not policy.allows(actor, "opportunities.prove", deal):
        return
    known = catalogue()
    live = Proof.objects.filter(
        opportunity=deal, contact=person.contact_id, retracted_on=None, grade__gt=Grade.ASSERTED
    )
    resting = [
        proof
        for proof in live.exclude(source_kind=SOURCE).order_by("recorded_at", "pk")
        if proof.key.startswith(PEOPLE) and known[proof.key].nature is Nature.STATE
    ]
    if not resting:
        return
    reason = _("%(name)s is no longer there") % {"name": person.contact.name}
    withdraw(deal, resting, reason=reason, actor=actor, now=now)
    keys = tuple(proof.key for proof in resting)
    drafts = [
        Draft(
            proof.key,
            Grade.ASSERTED,
            proof.happened_on,
            quote=proof.quote,
            contact=person.contact,
            channel=proof.channel,
            valid_until=proof.valid_until,
            method=proof.method,
            source=Ref.of(person),
        )
        for proof in resting
        if proof.key not in _untrue_without(person)
    ]
    confirm_known(opportunity=deal, drafts=drafts, actor=actor, now=now)
    cause = Cause(ProofRetracted.name, resting[0].ref, {"key": resting[0].key, "reason": reason}, keys=keys, spoke=True)
    reassess(deal, actor=actor, now=now, cause=cause)
    deal.refresh_from_db()


def _untrue_without(person: DealPerson) -> set[str]:
    """Return what does not hold any more, not even as asserted, once this person is gone."""
    handled = {"stakeholders.handler_found"} if person.contact.is_handler is True else set()
    decided = {"stakeholders.decision_maker_identified"} if person.role == ChainRole.FINAL_DECIDER else set()
    return handled | decided
