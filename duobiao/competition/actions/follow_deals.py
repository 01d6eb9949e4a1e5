"""Let the comparison with rivals follow deals that are merged, and parted again."""

from datetime import datetime

from django.utils.translation import gettext as _

from duobiao.competition.actions.join_places import join_landscapes
from duobiao.competition.actions.landscape import settle
from duobiao.competition.models import Landscape
from duobiao.duplicates.events import MergeUndone
from duobiao.identity.models import User
from duobiao.opportunities.events.merging import DealsMerged
from duobiao.opportunities.models import Opportunity


def deals_merged(event: DealsMerged, actor: User, at: datetime) -> None:
    """Make one landscape of both, with the scores of both."""
    kept = Opportunity.objects.get(ref=event.subject.ref)
    other = Opportunity.objects.get(ref=event.merged.ref)
    join_landscapes(kept, other, actor=actor, now=at)


def merge_undone(event: MergeUndone, actor: User, at: datetime) -> None:
    """Compare anew on both deals after a merge was undone."""
    if event.subject.kind != Opportunity.kind:
        return
    refs = [event.subject.ref, event.parted.ref]
    for landscape in Landscape.objects.filter(opportunity__ref__in=refs).select_related("opportunity").order_by("pk"):
        settle(landscape, reason=_("two entries of the project were parted"), actor=actor, now=at)
