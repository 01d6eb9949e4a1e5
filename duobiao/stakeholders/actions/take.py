"""Take a deal for writing its chain, and settle it afterwards: ledger and figures follow in the same transaction."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refusals import NotFound, StaleVersion
from duobiao.opportunities.actions.lock import lock, require_open
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Opportunity, Outcome
from duobiao.stakeholders.actions.keep_figures import keep_figures
from duobiao.stakeholders.actions.prove_chain import prove_chain
from duobiao.stakeholders.actions.tell_cards import tell_cards
from duobiao.stakeholders.models import DealPerson
from duobiao.stakeholders.queries.chain import Chain, load_chain

MAP: Final = "stakeholders.map"
"""The right that writes chains."""
RELATED: Final = ("contact__customer", "keeper", "also_at", "opportunity__owner", "opportunity__customer")


def take_deal(deal: Opportunity, actor: User) -> Opportunity:
    """Return a deal locked for writing its chain; a won deal is still written, for those who keep the customer.

    Raises:
        NotAllowed: the actor may not write its chain.
        DealClosed: it is lost, given up, or went into another one.
    """
    require(actor, MAP, deal)
    held = lock(deal)
    if held.outcome != Outcome.WON or held.merged_into_id is not None:
        require_open(held)
    return held


def take_person(person: DealPerson, actor: User, *, version: int | None = None) -> DealPerson:
    """Return a person of a chain whose deal is locked.

    Raises:
        NotAllowed, DealClosed: as ``take_deal``.
        NotFound: the person was taken off the chain.
        StaleVersion: somebody changed the person since.
    """
    deal = take_deal(person.opportunity, actor)
    held = DealPerson.objects.present().select_related(*RELATED).filter(pk=person.pk).first()
    if held is None or held.opportunity_id != deal.pk:
        raise NotFound(_("This person is no longer on the chain."))
    held.opportunity = deal
    if version is not None and held.version != version:
        message = _("Somebody changed this person since you opened the form. Look at it again before you save.")
        raise StaleVersion(message, details={"version": held.version})
    return held


def settle(deal: Opportunity, *, actor: User, now: datetime) -> Chain:
    """Let ledger, figures and the cards of its people follow the chain of a locked deal; return it as it now is."""
    chain = load_chain(deal, on=company_day(now))
    prove_chain(chain, actor=actor, now=now)
    keep_figures([chain])
    tell_cards([figure.row.contact_id for figure in chain.people])
    return chain
