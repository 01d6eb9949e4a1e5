"""Anchor the audit chains once a day."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

import orjson
from django.db import transaction
from django.db.models import F

from duobiao.timeline.actions.record import GENESIS
from duobiao.timeline.models import Anchor, AnchoredHead, ChainHead

BATCH = 1000
HeadRow = tuple[str, int, str]
"""Chain, sequence, digest."""


@transaction.atomic
def anchor_day(*, day: date, now: datetime) -> Anchor:
    """Fix where every chain stands that grew since the last anchor; a second run on a day changes nothing.

    Args:
        day: The day that ended.
    """
    held = Anchor.objects.filter(day=day).first()
    if held is not None:
        return held
    last = Anchor.objects.select_for_update().order_by("-day").first()
    grown = ChainHead.objects.filter(sequence__gt=F("anchored")).order_by("chain")
    rows = sorted(grown.values_list("chain", "sequence", "digest"))
    previous = last.digest if last is not None else GENESIS
    anchor = Anchor.objects.create(
        day=day, at=now, chains=len(rows), previous=previous, digest=anchor_digest(previous, day, rows)
    )
    AnchoredHead.objects.bulk_create(
        (
            AnchoredHead(anchor=anchor, chain=chain, sequence=sequence, digest=digest)
            for chain, sequence, digest in rows
        ),
        batch_size=BATCH,
    )
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        ChainHead.objects.bulk_update(
            [ChainHead(chain=chain, anchored=sequence) for chain, sequence, _digest in part], ["anchored"]
        )
    return anchor


def anchor_digest(previous: str, day: date, rows: Iterable[HeadRow]) -> str:
    """Return the fingerprint of a day (SHA-256, hexadecimal); ``rows`` sorted by chain."""
    seal = hashlib.sha256(orjson.dumps([previous, day.isoformat()]))
    for row in rows:
        seal.update(orjson.dumps(list(row)))
    return seal.hexdigest()
