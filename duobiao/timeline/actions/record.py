"""Keep what happened: append audit entries and run the handlers of the event."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from duobiao.kernel.events import Event
from duobiao.timeline import registry
from duobiao.timeline.models import ChainHead, Entry, EntryDetail

GENESIS = "0" * 64


def record(event: Event, *, actor: AbstractBaseUser | None, at: datetime) -> Entry:
    """Append one entry in the caller's transaction, then run the event's handlers.

    Args:
        event: What happened.
        actor: Who did it; None for the daily job.
        at: When it happened, aware.

    Raises:
        TransactionManagementError: the caller holds no transaction, so that entry and effect could part.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("record() belongs into the transaction of what it records")
    head = _lock_head(event.chain_name)
    entry, detail = _chained(event, actor=actor, at=at, sequence=head.sequence + 1, previous=head.digest)
    entry.save(force_insert=True)
    detail.entry = entry
    detail.save(force_insert=True)
    ChainHead.objects.filter(pk=head.pk).update(sequence=entry.sequence, digest=entry.digest)
    for handler in registry.handlers_of(event):
        handler(event, actor, at)
    return entry


def record_many(events: Sequence[Event], *, actor: AbstractBaseUser | None, at: datetime) -> None:
    """Append entries to many chains at once, then run the handlers of each event; a few queries for any number.

    Events of one chain are appended in their order. Chains are locked in the order of their names; the caller holds
    the rows that their other writers lock first.

    Raises:
        TransactionManagementError: see ``record``.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("record_many() belongs into the transaction of what it records")
    if not events:
        return
    heads = _lock_heads({event.chain_name for event in events})
    pairs = []
    for event in events:
        head = heads[event.chain_name]
        entry, detail = _chained(event, actor=actor, at=at, sequence=head.sequence + 1, previous=head.digest)
        head.sequence, head.digest = entry.sequence, entry.digest
        pairs.append((entry, detail))
    _keep(pairs)
    _move_heads(heads)
    for event in events:
        for handler in registry.handlers_of(event):
            handler(event, actor, at)


def record_new(events: Sequence[Event], *, actor: AbstractBaseUser | None, at: datetime) -> None:
    """Append the first entries of many new chains at once; for imports.

    Every event must start a chain of its own: records that were created just now, one event each. Handlers are
    not run.
    """
    pairs = [_chained(event, actor=actor, at=at, sequence=1, previous=GENESIS) for event in events]
    entries = _keep(pairs)
    ChainHead.objects.bulk_create(
        [ChainHead(chain=entry.chain, sequence=1, digest=entry.digest) for entry in entries], batch_size=500
    )


def entry_digest(entry: Entry) -> str:
    """Return the hash that seals an entry to its predecessor (SHA-256, hexadecimal)."""
    parts: list[Any] = [
        entry.previous,
        entry.chain,
        entry.sequence,
        entry.event,
        entry.subject_kind,
        entry.subject_ref,
        entry.actor_id,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.detail_digest,
    ]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


def detail_digest(salt: str, data: dict[str, Any]) -> str:
    """Return the salted hash of an entry's detail; the salt keeps erased details from being guessed."""
    return hashlib.sha256(salt.encode() + orjson.dumps(data, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _chained(
    event: Event, *, actor: AbstractBaseUser | None, at: datetime, sequence: int, previous: str
) -> tuple[Entry, EntryDetail]:
    salt = secrets.token_hex(8)
    entry = Entry(
        chain=event.chain_name,
        sequence=sequence,
        event=event.name,
        subject_kind=event.subject.kind,
        subject_ref=event.subject.ref,
        actor_id=actor.pk if actor is not None else None,
        at=at,
        detail_digest=detail_digest(salt, event.data),
        previous=previous,
    )
    entry.digest = entry_digest(entry)
    return entry, EntryDetail(salt=salt, data=event.data)


def _keep(pairs: Sequence[tuple[Entry, EntryDetail]]) -> list[Entry]:
    entries = Entry.objects.bulk_create([entry for entry, _ in pairs], batch_size=500)
    for entry, (_, detail) in zip(entries, pairs, strict=True):
        detail.entry = entry
    EntryDetail.objects.bulk_create([detail for _, detail in pairs], batch_size=500)
    return entries


def _lock_heads(chains: set[str]) -> dict[str, ChainHead]:
    heads = _locked(chains)
    missing = sorted(chains - set(heads))
    if missing:
        new = [ChainHead(chain=chain, sequence=0, digest=GENESIS) for chain in missing]
        ChainHead.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
        heads |= _locked(set(missing))
    return heads


def _move_heads(heads: dict[str, ChainHead]) -> None:
    changed = ["sequence", "digest"]
    ChainHead.objects.bulk_create(
        heads.values(), batch_size=500, update_conflicts=True, unique_fields=["chain"], update_fields=changed
    )


def _locked(chains: set[str]) -> dict[str, ChainHead]:
    rows = ChainHead.objects.select_for_update().filter(chain__in=chains).order_by("chain")
    return {head.chain: head for head in rows}


def _lock_head(chain: str) -> ChainHead:
    head = ChainHead.objects.select_for_update().filter(chain=chain).first()
    if head is not None:
        return head
    try:
        with transaction.atomic():
            return ChainHead.objects.create(chain=chain, sequence=0, digest=GENESIS)
    except IntegrityError:
        return ChainHead.objects.select_for_update().get(chain=chain)
