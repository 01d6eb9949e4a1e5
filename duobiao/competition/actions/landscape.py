"""Take the landscape of a deal for writing, and settle what follows from its records: gaps and evidence."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from duobiao.competition.domain.comparison import Gap, weighted_gap
from duobiao.competition.domain.proving import Shown, shown
from duobiao.competition.models import Landscape
from duobiao.competition.queries.proving import rival_facts
from duobiao.competition.queries.scores import latest_scores
from duobiao.competition.queries.settings import settings
from duobiao.identity.models import User
from duobiao.identity.policy import allows, require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import StaleVersion
from duobiao.opportunities.actions.confirm_evidence import Draft
from duobiao.opportunities.actions.lock import lock, require_open
from duobiao.opportunities.actions.sync_evidence import sync_evidence
from duobiao.opportunities.models import Grade, Opportunity, Proof

VERB = "competition.assess"
LONGEST_QUOTE = 1000
HUNDRED = 100


def take(opportunity: Opportunity, *, actor: User) -> Landscape:
    """Return the landscape of an open deal, which is locked; the first record makes it.

    Raises:
        NotAllowed: the actor may not assess the rivals of this deal.
        DealClosed: it is closed.
    """
    deal = lock(opportunity)
    require(actor, VERB, deal)
    require_open(deal)
    held, _made = Landscape.objects.get_or_create(opportunity=deal)
    held.opportunity = deal
    return held


def check_version(found: int, seen: int) -> None:
    """Refuse a change of what somebody else changed meanwhile.

    Raises:
        StaleVersion: ``seen`` is not the version as it stands.
    """
    if found != seen:
        message = _("Somebody else changed this meanwhile. Look at it again before you save.")
        raise StaleVersion(message, details={"version": found})


def settle(landscape: Landscape, *, reason: str, actor: User, now: datetime) -> None:
    """Derive the gaps anew, and let the ledger show exactly what the records prove.

    Args:
        reason: Why proofs that are no longer shown are retracted.
    """
    derive_gaps(landscape)
    deal = landscape.opportunity
    if not allows(actor, "opportunities.prove", deal):
        return
    drafts = [_draft(row) for row in shown(rival_facts(landscape)) if row.on is not None]
    source = Ref.of(landscape)
    if drafts or Proof.objects.filter(opportunity=deal, source_ref=source.ref, retracted_on=None).exists():
        sync_evidence(opportunity=deal, source=source, drafts=drafts, reason=reason, actor=actor, now=now)


def derive_gaps(landscape: Landscape) -> None:
    """Keep the weighted gap to each rival, and to the strongest of those still in the race."""
    rivals = list(landscape.opportunity.rivals.order_by("pk"))
    ours, theirs = latest_scores(landscape, rivals)
    weights = landscape.weights or settings().weights
    worst: int | None = None
    for row in rivals:
        found = _hundredths(weighted_gap(weights, ours, theirs.get(row.pk, {})))
        if row.gap_hundredths != found:
            row.gap_hundredths = found
            row.save(update_fields=["gap_hundredths"])
        if found is not None and row.left_on is None:
            worst = found if worst is None else min(worst, found)
    if landscape.gap_hundredths != worst:
        landscape.gap_hundredths = worst
        landscape.save(update_fields=["gap_hundredths"])


def _draft(row: Shown) -> Draft:
    names = pgettext("between names", ", ").join(row.names) or _("nobody is likely to bid")
    return Draft(key=row.key, grade=Grade.DOCUMENTED, happened_on=row.on or date.min, quote=names[:LONGEST_QUOTE])


def _hundredths(gap: Gap | None) -> int | None:
    return None if gap is None else int(gap.value * HUNDRED)
