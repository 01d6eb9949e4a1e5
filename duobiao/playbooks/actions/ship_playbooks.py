"""Put the shipped playbooks into the database."""

import hashlib
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from django.db import transaction

from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import playbook_of, shipped_documents


class ShippedVersionChanged(RuntimeError):
    """A shipped playbook file differs from what this database was given under the same version."""


def document_digest(document: dict[str, Any]) -> str:
    """Return the SHA-256 of a playbook document, independent of the order of keys."""
    return hashlib.sha256(orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).hexdigest()


@lru_cache(maxsize=1)
def shipped_digests() -> dict[tuple[str, int], str]:
    """Return the digests of all shipped versions, each of which was read once and found to be sound.

    Raises:
        PlaybookError: something is wrong with one.
    """
    for document in shipped_documents().values():
        playbook_of(document)
    return {place: document_digest(document) for place, document in shipped_documents().items()}


@transaction.atomic
def ship_playbooks(*, now: datetime) -> list[PlaybookVersion]:
    """Add shipped versions that are not yet there; returns all shipped versions.

    Where a company has published versions of its own, a newly shipped one takes the next free number and waits,
    retired, until somebody offers it.

    Raises:
        ShippedVersionChanged: a file changed without a new version number.
    """
    versions = []
    for (key, number), digest in shipped_digests().items():
        version = PlaybookVersion.objects.filter(key=key, digest=digest, shipped=True).first()
        versions.append(version or _ship(key, number, digest, now=now))
    return versions


def _ship(key: str, number: int, digest: str, *, now: datetime) -> PlaybookVersion:
    document = shipped_documents()[key, number]
    rows = list(PlaybookVersion.objects.filter(key=key))
    if any(row.shipped and row.version == number and row.digest == document_digest(row.document) for row in rows):
        raise ShippedVersionChanged(f"{key} version {number} changed; a correction needs a new version number")
    own = [row for row in rows if not row.shipped]
    if own:
        number = max(row.version for row in rows) + 1
        document = {**document, "version": number}
    return PlaybookVersion.objects.create(
        key=key,
        version=number,
        document=document,
        digest=digest,
        shipped=True,
        created_at=now,
        retired_at=now if own else None,
    )
