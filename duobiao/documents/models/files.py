"""The stored files: named after their content, written whole or not at all."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings
from filelock import FileLock

from duobiao.documents.domain.media_types import HEAD_BYTES

LOCK_SECONDS = 60


class ContentTooLarge(Exception):
    """More bytes arrived than are kept."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that was received and lies beside the stored ones.

    Attributes:
        head: Its first bytes.
    """

    place: Path
    sha256: str
    size: int
    head: bytes


def folder() -> Path:
    """Return where documents lie."""
    return Path(settings.MEDIA_ROOT) / "documents"


def file_path(sha256: str) -> Path:
    """Return where the content with this hash lies."""
    return folder() / sha256[:2] / sha256[2:4] / sha256


@contextmanager
def files_locked() -> Iterator[None]:
    """Let nobody else put or sweep stored files meanwhile; also across processes."""
    folder().mkdir(parents=True, exist_ok=True)
    with FileLock(folder() / ".lock", timeout=LOCK_SECONDS):
        yield


@contextmanager
def received(chunks: Iterable[bytes]) -> Iterator[Incoming]:
    """Write what arrives to disk, chunk by chunk, hashing it; whatever is not kept is gone afterwards.

    Raises:
        ContentTooLarge: more than ``UPLOAD_MAX_BYTES`` arrived.
    """
    arrivals = folder() / "incoming"
    arrivals.mkdir(parents=True, exist_ok=True)
    place = arrivals / uuid4().hex
    try:
        yield _write(place, chunks)
    finally:
        place.unlink(missing_ok=True)


def keep(incoming: Incoming) -> bool:
    """Move a received file to its place; return whether it is new. Call it within ``files_locked``."""
    target = file_path(incoming.sha256)
    is_new = not target.exists()
    target.parent.mkdir(parents=True, exist_ok=True)
    incoming.place.replace(target)
    _sync_folder(target.parent)
    return is_new


def stored_files() -> Iterator[tuple[str, float]]:
    """Yield hash and time of last writing (seconds) of every stored file."""
    for path in folder().glob("??/??/*"):
        yield path.name, path.stat().st_mtime


def abandoned_arrivals(before: datetime) -> Iterator[Path]:
    """Yield files whose receiving was cut off before a moment."""
    for path in (folder() / "incoming").glob("*"):
        if path.stat().st_mtime < before.timestamp():
            yield path


def _write(place: Path, chunks: Iterable[bytes]) -> Incoming:
    digest, size, head = hashlib.sha256(), 0, b""
    with place.open("xb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > settings.UPLOAD_MAX_BYTES:
                raise ContentTooLarge
            digest.update(chunk)
            head += chunk[: HEAD_BYTES - len(head)]
            file.write(chunk)
        _sync_file(file)
    place.chmod(settings.FILE_UPLOAD_PERMISSIONS or 0o640)
    return Incoming(place, digest.hexdigest(), size, head)


def _sync_file(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
