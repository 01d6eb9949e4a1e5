"""Records of composed pages for the route matrix."""

from datetime import timedelta

from django.utils import timezone

from duobiao.opportunities.tests.factories import make_deal
from tests.support.routes import Sample, World


def deal_stage(world: World) -> dict[str, str]:
    """A deal of the owner and the number of a stage."""
    return {"ref": make_deal(world.owner, now=timezone.now() - timedelta(days=1)).ref, "number": "2"}


SAMPLES: dict[str, Sample] = {"deal_stage": deal_stage}
