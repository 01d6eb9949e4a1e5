"""Let the ledger of the deal follow a confirmation: each fact of the snapshot beside what the record itself shows."""

from collections.abc import Sequence
from datetime import datetime

from duobiao.documents.models import Document
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.confirm_evidence import Confirmed, Draft, confirm_known
from duobiao.opportunities.domain.snapshots import Fact, facts_of
from duobiao.opportunities.models import Confirmation, Grade, Opportunity, Outcome, Proof, Way

FROZEN = (Outcome.LOST, Outcome.GIVEN_UP)


def confirm_facts(
    confirmation: Confirmation, *, documents: Sequence[Document], actor: User | None, now: datetime
) -> list[Confirmed]:
    """Prove what the customer confirmed, never above the ceiling of each kind of evidence.

    A deal that was lost or given up keeps the answer, which then proves nothing.

    Args:
        actor: Who recorded it; None: the customer, by the link.
    """
    deal = confirmation.opportunity
    if deal is None or deal.outcome in FROZEN:
        return []
    standing = _standing(confirmation)
    facts = [fact for fact in facts_of(confirmation.snapshot) if fact.new or fact.key in standing]
    drafts = [_draft(confirmation, deal, fact, documents, standing.get(fact.key)) for fact in facts]
    found = confirm_known(opportunity=deal, drafts=drafts, actor=actor, now=now).confirmed
    verified = [draft.verifies.pk for draft in drafts if draft.verifies is not None]
    Proof.objects.filter(pk__in=verified).update(is_unverified=False)
    return found


def _standing(confirmation: Confirmation) -> dict[str, Proof]:
    """Return what the record itself still proves, by key; one that waits to be verified before others."""
    rows = Proof.objects.filter(
        opportunity=confirmation.opportunity, source_ref=confirmation.source_ref, retracted_on=None
    )
    return {proof.key: proof for proof in rows.order_by("is_unverified", "pk")}


def _draft(
    confirmation: Confirmation, deal: Opportunity, fact: Fact, documents: Sequence[Document], held: Proof | None
) -> Draft:
    by_link = confirmation.way == Way.LINK
    contact = confirmation.contact
    companies = {deal.customer_id, *deal.participants.values_list("customer_id", flat=True)}
    return Draft(
        key=fact.key,
        grade=Grade.BUYER_CONFIRMED,
        happened_on=fact.on or confirmation.answered_on or confirmation.asked_at.date(),
        quote=fact.quote,
        contact=contact if contact.customer_id in companies else None,
        channel=confirmation.channel,
        documents=documents,
        valid_until=fact.until,
        source=Ref.of(confirmation),
        verifies=held if by_link and held is not None and held.is_unverified else None,
        by_link=by_link,
    )
