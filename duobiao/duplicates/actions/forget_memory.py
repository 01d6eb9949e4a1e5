"""Erase what merges remember: when a person's data must go, the memory of the merges that touched them goes with it."""

from datetime import datetime

from django.db.models import Q

from duobiao.duplicates.models import MergeMemory
from duobiao.identity.models import User
from duobiao.timeline.events import DetailsErased


def details_erased(event: DetailsErased, actor: User, at: datetime) -> None:
    """Forget what merges of a record changed, once its details are erased; such a merge can no longer be undone."""
    del actor, at
    touched = Q(merge__keeper=event.subject.ref) | Q(merge__other=event.subject.ref)
    MergeMemory.objects.filter(touched, merge__record_kind=event.subject.kind).delete()
