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


@lru_cache(maxsize=64)
def shipped_digest(key: str, number: int) -> str:
    """Return the digest of a shipped version, which is read once in a process and found to be sound.

    Raises:
        PlaybookError: something is wrong with it.
    """
    document = shipped_documents()[key, number]
    playbook_of(document)
    return document_digest(document)


@transaction.atomic
def ship_playbooks(*, now: datetime) -> list[PlaybookVersion]:
    """Add shipped versions that are not yet there; returns all shipped versions.

    Where a company has published versions of its own, a newly shipped one takes the next free number and waits,
    retired, until somebody offers it.

    Raises:
        ShippedVersionChanged: a file changed without a new version number.
    """
    versions = []
    for key, number in shipped_documents():
        digest = shipped_digest(key, number)
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
