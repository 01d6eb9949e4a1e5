"""Write a version of a deal's strategy; it never overwrites the one before."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.actions.lock import lock, require_open
from duobiao.opportunities.actions.plan_review import plan_review
from duobiao.opportunities.actions.reassess import own_day
from duobiao.opportunities.models import Opportunity
from duobiao.strategy.actions.texts import check_ahead, cleaned, refuse
from duobiao.strategy.events import StrategyWritten
from duobiao.strategy.models import StrategyVersion
from duobiao.strategy.queries.strategies import TEXTS, latest_version
from duobiao.timeline.actions.record import record

REQUIRED = ("goal", "position", "moves")
EXCERPT = 200


class ReviewFirst(Conflict):
    """The version in force must be reviewed before the next one is written."""

    code = "review_first"


@transaction.atomic
def write_strategy(
    *, opportunity: Opportunity, texts: Mapping[str, str], review_on: date, actor: User, now: datetime
) -> StrategyVersion:
    """Write the next version.

    Args:
        texts: ``goal``, ``position``, ``moves``, ``supporters``, ``opponents``.
        review_on: Day by which it is to be reviewed; from then on the deal shows it as a risk.

    Raises:
        NotAllowed: ``actor`` may not plan on this deal.
        DealClosed: it is closed.
        ReviewFirst: the version in force was not reviewed.
        Invalid: a field does not fit.
    """
    policy.require(actor, "strategy.plan", opportunity)
    deal = lock(opportunity)
    require_open(deal)
    before = latest_version(deal)
    if before is not None and not hasattr(before, "review"):
        raise ReviewFirst(_("Review version %(n)d first: what worked, what did not, why.") % {"n": before.number})
    faults: dict[str, str] = {}
    held = cleaned({name: texts.get(name, "") for name in TEXTS}, required=REQUIRED, faults=faults)
    check_ahead("review_on", review_on, today=own_day(actor, now), faults=faults)
    refuse(faults)
    version = StrategyVersion.objects.create(
        opportunity=deal,
        number=before.number + 1 if before is not None else 1,
        review_on=review_on,
        created_at=now,
        created_by=actor,
        **held,
    )
    data = {"number": version.number, "goal": version.goal[:EXCERPT], "review_on": review_on.isoformat()}
    record(StrategyWritten(subject=Ref.of(version), chain=deal.ref, data=data), actor=actor, at=now)
    plan_review(deal, review_on=review_on, actor=actor, now=now)
    return version
