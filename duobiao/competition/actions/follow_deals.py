"""Let the comparison with rivals follow deals that are merged, and parted again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from duobiao.competition.actions.landscape import derive_gaps
from duobiao.competition.models import Landscape
from duobiao.duplicates.events import MergeUndone
from duobiao.opportunities.events.merging import DealsMerged
from duobiao.opportunities.models import Opportunity


def deals_merged(event: DealsMerged, actor: Any, at: datetime) -> None:
    """Compare anew on both deals by the rivals each has now."""
    del actor, at
    _derive([event.subject.ref, event.merged.ref])


def merge_undone(event: MergeUndone, actor: Any, at: datetime) -> None:
    """Compare anew on both deals after a merge was undone."""
    del actor, at
    if event.subject.kind == Opportunity.kind:
        _derive([event.subject.ref, event.parted.ref])


def _derive(refs: Sequence[str]) -> None:
    for landscape in Landscape.objects.filter(opportunity__ref__in=refs).select_related("opportunity").order_by("pk"):
        derive_gaps(landscape)
