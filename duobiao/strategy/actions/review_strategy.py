"""Review the strategy in force: what worked, what did not, and why."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.plan_review import plan_review
from duobiao.opportunities.models import Opportunity
from duobiao.strategy.actions.texts import cleaned, refuse
from duobiao.strategy.events import StrategyReviewed
from duobiao.strategy.models import StrategyReview
from duobiao.strategy.queries.strategies import latest_version
from duobiao.timeline.actions.record import record

FINDINGS = ("worked", "failed", "causes")
EXCERPT = 200


class NothingToReview(Conflict):
    """There is no strategy, or its latest version was reviewed already."""

    code = "nothing_to_review"


@transaction.atomic
def review_strategy(
    *, opportunity: Opportunity, findings: Mapping[str, str], actor: User, now: datetime
) -> StrategyReview:
    """Keep a review of the latest version; a closed deal can be reviewed too, as what it taught.

    Args:
        findings: ``worked``, ``failed``, ``causes``; all are needed.

    Raises:
        NotAllowed: ``actor`` may not plan on this deal.
        NothingToReview: no version waits for a review.
        Invalid: a text is missing or too long.
    """
    policy.require(actor, "strategy.plan", opportunity)
    deal = lock(opportunity)
    version = latest_version(deal)
    if version is None or hasattr(version, "review"):
        raise NothingToReview(_("No strategy waits for a review. Write the next version."))
    faults: dict[str, str] = {}
    held = cleaned({name: findings.get(name, "") for name in FINDINGS}, required=FINDINGS, faults=faults)
    refuse(faults)
    review = StrategyReview.objects.create(version=version, reviewed_at=now, reviewed_by=actor, **held)
    data = {"number": version.number, "causes": review.causes[:EXCERPT]}
    record(StrategyReviewed(subject=Ref.of(version), chain=deal.ref, data=data), actor=actor, at=now)
    plan_review(deal, review_on=None, actor=actor, now=now)
    return review
