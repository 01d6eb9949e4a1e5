"""Score our offer or a rival's on the dimensions, and set what the dimensions weigh on a deal."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.competition.actions.landscape import check_version, settle, take
from duobiao.competition.domain.comparison import HIGHEST, LOWEST, weights_fault
from duobiao.competition.events import OfferScored, WeightsSet
from duobiao.competition.models import DealRival, Landscape, RivalScore
from duobiao.competition.queries.settings import settings
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.models import Opportunity
from duobiao.planning.actions.texts import Faults, checked_past, checked_text, refuse
from duobiao.timeline.actions.record import record

LONGEST_SOURCE = 300


@transaction.atomic
def score_offer(
    *,
    opportunity: Opportunity,
    row: DealRival | None,
    scores: Mapping[str, int],
    on: date,
    source: str,
    actor: User,
    now: datetime,
) -> Landscape:
    """Score one side on some dimensions; earlier scores stay readable.

    Args:
        row: The rival; None for our own offer.
        scores: 1 (poor) to 5 (excellent) by dimension; at least one.

    Raises:
        NotAllowed, DealClosed: see ``landscape.take``.
        Invalid: a dimension is unknown, a score out of range, the source missing, the day in the future.
    """
    landscape = take(opportunity, actor=actor)
    text = _checked(scores, on, source, actor=actor, now=now)
    side = {"deal_rival": row} if row is not None else {"landscape": landscape}
    RivalScore.objects.bulk_create(
        RivalScore(**side, dimension=key, score=score, on=on, source=text, at=now, author=actor)
        for key, score in scores.items()
    )
    data = {
        "rival": row.rival.name if row is not None else "",
        "scores": dict(scores),
        "source": text,
        "on": on.isoformat(),
    }
    subject = Ref.of(row) if row is not None else Ref.of(landscape)
    record(OfferScored(subject=subject, chain=landscape.opportunity.ref, data=data), actor=actor, at=now)
    settle(landscape, reason=_("offers were compared anew"), actor=actor, now=now)
    return landscape


@transaction.atomic
def set_weights(
    *, opportunity: Opportunity, version: int, weights: Mapping[str, int], actor: User, now: datetime
) -> Landscape:
    """Set what each dimension weighs for this customer; none: the usual weights.

    Raises:
        NotAllowed, DealClosed: see ``landscape.take``.
        StaleVersion: somebody set them since.
        Invalid: a dimension is unknown or missing, a weight out of range, or they do not add up to 100.
    """
    landscape = take(opportunity, actor=actor)
    check_version(landscape.version, version)
    fault = weights_fault(weights, settings().keys) if weights else ""
    if fault:
        message = {
            "unknown": _("Give a weight for each of: %(names)s.") % {"names": ", ".join(settings().keys)},
            "range": _("A weight is a whole number from 0 to 100."),
            "sum": _("The weights must add up to 100; these add up to %(n)d.") % {"n": sum(weights.values())},
        }[fault]
        raise Invalid(message, fields={"weights": message})
    before = landscape.weights
    if before == dict(weights):
        return landscape
    landscape.weights = dict(weights)
    landscape.version += 1
    landscape.save(update_fields=["weights", "version"])
    data = {"before": before, "after": dict(weights)}
    record(WeightsSet(subject=Ref.of(landscape), chain=landscape.opportunity.ref, data=data), actor=actor, at=now)
    settle(landscape, reason=_("the weights were changed"), actor=actor, now=now)
    return landscape


def _checked(scores: Mapping[str, int], on: date, source: str, *, actor: User, now: datetime) -> str:
    faults: Faults = {}
    known = settings().keys
    if not scores:
        faults["scores"] = _("Score at least one dimension.")
    elif not set(scores) <= set(known):
        faults["scores"] = _("Choose one of: %(names)s.") % {"names": ", ".join(known)}
    elif any(not LOWEST <= score <= HIGHEST for score in scores.values()):
        faults["scores"] = _("A score is a whole number from 1 to 5.")
    text = checked_text("source", source, longest=LONGEST_SOURCE, faults=faults, required=True)
    checked_past("on", on, actor=actor, now=now, faults=faults)
    refuse(faults)
    return text
