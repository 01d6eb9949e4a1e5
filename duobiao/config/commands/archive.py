"""The backup archive: a tar file whose manifest names every member with its hash."""

import hashlib
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from duobiao.config.commands import Problem

FORMAT = 1
MANIFEST = "manifest.json"
KEY_FILE = "secret-key"
FILES = "files/"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
CHUNK = 2**20
MANIFEST_LIMIT = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive."""

    sha256: str
    size: int


@dataclass(slots=True)
class Manifest:
    """What an archive holds.

    Attributes:
        engine: ``sqlite`` or ``postgresql``.
        version: Of the program that wrote it.
        migrations: Applied ones, ``app.name``; tells whether this program is new enough.
        rows: Number of rows by table.
        members: Every file but the manifest itself.
    """

    engine: str
    version: str
    created_at: str
    migrations: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    format: int = FORMAT

    def dump(self) -> bytes:
        """Return the manifest as JSON."""
        return json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False).encode()

    @classmethod
    def load(cls, text: bytes) -> "Manifest":
        """Read a manifest.

        Raises:
            Problem: it is damaged, or of a format this program does not know.
        """
        try:
            values: dict[str, Any] = json.loads(text)
            members = {name: Member(**member) for name, member in values.pop("members").items()}
            manifest = cls(**values, members=members)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise Problem("the backup is damaged: its manifest cannot be read") from error
        if manifest.format != FORMAT:
            raise Problem(f"the backup has format {manifest.format}; this program reads format {FORMAT}")
        return manifest

    @property
    def database(self) -> str:
        """Name of the member that holds the database."""
        return DATABASES[self.engine]


def digest_of(source: IO[bytes], sink: IO[bytes] | None = None) -> Member:
    """Hash a stream to its end, copying it on the way."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if sink is not None:
            sink.write(chunk)
    return Member(digest.hexdigest(), size)


@contextmanager
def opened(path: Path) -> Iterator[tarfile.TarFile]:
    """Open an archive for reading, compressed or not.

    Raises:
        Problem: it is no archive, or damaged.
    """
    try:
        with tarfile.open(path) as archive:
            yield archive
    except (tarfile.TarError, EOFError, OSError) as error:
        raise Problem(f"the backup {path} is damaged or no backup: {error}") from error


def verify(path: Path) -> Manifest:
    """Read an archive to its end and compare everything with the manifest; touches nothing else.

    Raises:
        Problem: a member is missing, extra, altered, or has a name that leads elsewhere.
    """
    found: dict[str, Member] = {}
    manifest = None
    with opened(path) as archive:
        for entry in archive:
            _check_entry(entry, found)
            stream = archive.extractfile(entry)
            if stream is None:
                raise Problem(f"the backup is damaged: {entry.name} cannot be read")
            if entry.name == MANIFEST:
                manifest = Manifest.load(stream.read(MANIFEST_LIMIT))
                found[MANIFEST] = Member("", 0)
            else:
                found[entry.name] = digest_of(stream)
    if manifest is None:
        raise Problem("the backup is damaged: it has no manifest")
    del found[MANIFEST]
    _compare(manifest, found)
    return manifest


def is_file_name(name: str) -> bool:
    """Tell whether a member's name leads to a place inside the folder of files."""
    folder, _, rest = name.partition("/")
    parts = rest.split("/")
    return f"{folder}/" == FILES and not {"", ".", ".."} & set(parts) and not set("\\\0") & set(rest)


def _check_entry(entry: tarfile.TarInfo, found: dict[str, Member]) -> None:
    known = entry.name in (MANIFEST, KEY_FILE, *DATABASES.values()) or is_file_name(entry.name)
    if not entry.isreg() or not known:
        raise Problem(f"the backup is refused: {entry.name!r} has no place in a backup")
    if entry.name in found:
        raise Problem(f"the backup is refused: it holds {entry.name!r} twice")


def _compare(manifest: Manifest, found: dict[str, Member]) -> None:
    if manifest.engine not in DATABASES or manifest.database not in manifest.members:
        raise Problem("the backup is damaged: it holds no database")
    for name, member in manifest.members.items():
        if name not in found:
            raise Problem(f"the backup is damaged: {name} is missing")
        if found[name] != member:
            raise Problem(f"the backup is damaged: {name} was altered")
    extra = sorted(found.keys() - manifest.members.keys())
    if extra:
        raise Problem(f"the backup is refused: {extra[0]} is not in its manifest")
