"""Let the ledger of the deal follow a call or a visit: exactly what it shows, no more and no less."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from duobiao.customers.models import Contact
from duobiao.documents.models import Document
from duobiao.engagement.domain.findings import Finding
from duobiao.engagement.models import Call, DraftVersion, PurchaseProcess, Visit
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.confirm_evidence import Confirmed, Draft
from duobiao.opportunities.actions.lock import DealClosed
from duobiao.opportunities.actions.sync_evidence import sync_evidence
from duobiao.opportunities.models import Grade, Opportunity, Outcome, Proof

LONGEST_QUOTE = 4000
FROZEN = (Outcome.LOST, Outcome.GIVEN_UP)


def takes_evidence(opportunity: Opportunity | None) -> bool:
    """Say whether the ledger accepts proofs: a lost or given-up deal keeps the record, but it proves nothing."""
    return opportunity is not None and opportunity.outcome not in FROZEN


def follow_evidence(
    source: Call | Visit | DraftVersion | PurchaseProcess,
    findings: Sequence[Finding],
    *,
    reason: str,
    actor: User,
    now: datetime,
    opportunity: Opportunity | None = None,
    known_at: datetime | None = None,
    documents: Sequence[Document] = (),
) -> list[Confirmed]:
    """Make the proofs of ``source`` exactly ``findings``.

    Args:
        reason: Why proofs that are no longer shown are retracted.
        opportunity: The deal; None: the one of the source.
        known_at: Since when this is known; None: now.
        documents: The files that show them.

    Raises:
        DealClosed: proofs of a lost or given-up deal would change.
    """
    deal = opportunity or source.opportunity
    if deal is None:
        return []
    if not takes_evidence(deal):
        if Proof.objects.filter(opportunity=deal, source_ref=source.ref, retracted_on=None).exists():
            raise DealClosed(_("This deal is closed. A manager can reopen it before its evidence changes."))
        return []
    held = Proof.objects.filter(opportunity=deal, source_ref=source.ref, retracted_on=None)
    if not findings and not held.exists():
        return []
    people = Contact.objects.in_bulk({row.person for row in findings if row.person is not None})
    drafts = [replace(_draft(row, people, known_at), documents=documents) for row in findings]
    outcomes = sync_evidence(
        opportunity=deal, source=Ref.of(source), drafts=drafts, reason=reason, actor=actor, now=now
    )
    return outcomes.confirmed


def _draft(finding: Finding, people: dict[int, Contact], known_at: datetime | None) -> Draft:
    person = people.get(finding.person) if finding.person is not None else None
    return Draft(
        key=finding.evidence,
        grade=Grade(finding.grade or Grade.ASSERTED),
        happened_on=finding.on or date.min,
        quote=finding.quote[:LONGEST_QUOTE],
        contact=person,
        channel=finding.channel,
        valid_until=finding.valid_until,
        known_at=known_at,
    )
