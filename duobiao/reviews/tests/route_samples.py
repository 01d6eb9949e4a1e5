"""Records of gate reviews for the route matrix; all belong to the owner."""

from datetime import timedelta

from django.utils import timezone

from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.tests.factories import make_deal
from duobiao.reviews.models import GateReview
from duobiao.reviews.tests.factories import plan
from tests.support.routes import Sample, World


def _deal(world: World) -> Opportunity:
    return make_deal(world.owner, now=timezone.now() - timedelta(days=1))


def _parts(world: World, held: Opportunity) -> dict[str, str]:
    return {"ref": held.ref, "owner": world.owner.ref, "today": company_day(timezone.now()).isoformat()}


def _review(world: World, held: Opportunity) -> GateReview:
    now = timezone.now()
    return plan(held, world.owner, planned_on=company_day(now), now=now)


def deal(world: World) -> dict[str, str]:
    """A deal without a review."""
    return _parts(world, _deal(world))


def review_of_deal(world: World) -> dict[str, str]:
    """A deal with a planned review."""
    held = _deal(world)
    _review(world, held)
    return _parts(world, held)


def review_page(world: World) -> dict[str, str]:
    """The same, as pages and operations name the review."""
    held = _deal(world)
    return _parts(world, held) | {"ref": _review(world, held).ref}


SAMPLES: dict[str, Sample] = {
    "reviewed_deal": deal,
    "gate_review_of_deal": review_of_deal,
    "gate_review_page": review_page,
}
