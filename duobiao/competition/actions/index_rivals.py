"""Keep rivals findable, by words and by what likely duplicates share; ends every action that changes what they are."""

from collections.abc import Sequence
from datetime import datetime

from duobiao.competition.domain.likeness import rival_keys
from duobiao.competition.models import Rival
from duobiao.competition.queries.findable import findables_of
from duobiao.competition.queries.likely import rival_signs
from duobiao.duplicates.actions.write_keys import write_keys
from duobiao.search.actions.index import index_many, remove


def index_rivals(rivals: Sequence[Rival], *, now: datetime) -> None:
    """Bring index and keys to what these rivals now are; those that went into another one are found no more."""
    rows = Rival.objects.live().filter(pk__in=[row.pk for row in rivals])
    live = list(rows.order_by("pk"))
    index_many(list(findables_of(live, now=now)))
    standing = {row.ref for row in live}
    remove(kind=Rival.kind, refs=[row.ref for row in rivals if row.ref not in standing])
    signs = dict(rival_signs(rows))
    write_keys(Rival.kind, {row.ref: rival_keys(signs[row.ref]) if row.ref in signs else frozenset() for row in rivals})
