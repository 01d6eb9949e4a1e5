import io
import json
import tarfile
from pathlib import Path

import pytest

from duobiao.config.commands import Problem, archive

DATABASE = "database.sqlite3"


def write(path: Path, members: dict[str, bytes], *, manifest: dict | None = None) -> Path:
    """Write an archive whose manifest is true unless one is given."""
    true = archive.Manifest(engine="sqlite", version="0.1.0", created_at="2026-09-14T10:00:00+08:00")
    true.members = {name: archive.digest_of(io.BytesIO(content)) for name, content in members.items()}
    text = true.dump() if manifest is None else json.dumps(manifest).encode()
    with tarfile.open(path, "w") as tar:
        for name, content in {**members, archive.MANIFEST: text}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return path


def add(path: Path, entry: tarfile.TarInfo, content: bytes = b"") -> Path:
    entry.size = len(content)
    with tarfile.open(path, "a") as tar:
        tar.addfile(entry, io.BytesIO(content))
    return path


def test_a_true_archive_is_accepted_with_any_file_names(tmp_path):
    names = {DATABASE: b"d", "files/2026/合同 (1).pdf": b"x", "files/a..b/c": b"y", "secret-key": b"s"}

    manifest = archive.verify(write(tmp_path / "a.tar", names))

    assert manifest.members.keys() == names.keys()


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "files/../../evil",
        "/etc/passwd",
        "files//evil",
        "files/a/../b",
        "files/./b",
        "files/..",
        "other.txt",
        "files/a\\b",
    ],
)
def test_a_member_that_leads_elsewhere_is_refused(tmp_path, name):
    with pytest.raises(Problem, match="has no place in a backup"):
        archive.verify(write(tmp_path / "a.tar", {DATABASE: b"d", name: b"evil"}))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_a_member_that_is_no_plain_file_is_refused(tmp_path, kind):
    entry = tarfile.TarInfo("files/link")
    entry.type, entry.linkname = kind, "/etc/passwd"

    with pytest.raises(Problem, match="has no place in a backup"):
        archive.verify(add(write(tmp_path / "a.tar", {DATABASE: b"d"}), entry))


def test_a_member_twice_is_refused(tmp_path):
    path = write(tmp_path / "a.tar", {DATABASE: b"d", "files/a": b"x"})

    with pytest.raises(Problem, match="twice"):
        archive.verify(add(path, tarfile.TarInfo("files/a"), b"x"))


def test_a_member_outside_the_manifest_is_refused(tmp_path):
    path = write(tmp_path / "a.tar", {DATABASE: b"d"})

    with pytest.raises(Problem, match="not in its manifest"):
        archive.verify(add(path, tarfile.TarInfo("files/a"), b"x"))


@pytest.mark.parametrize("position", range(0, 10_240, 512))
def test_a_flipped_bit_anywhere_that_matters_is_found(tmp_path, position):
    path = write(tmp_path / "a.tar", {DATABASE: b"d" * 4000, "files/a": b"x" * 900})
    whole = bytearray(path.read_bytes())
    content = whole[position : position + 1] != b"\0"
    whole[position] ^= 1
    path.write_bytes(whole)

    if content:
        with pytest.raises(Problem, match="backup"):
            archive.verify(path)


@pytest.mark.parametrize("keep", [0, 100, 512, 3000, 5000])
def test_a_cut_off_archive_is_refused(tmp_path, keep):
    path = write(tmp_path / "a.tar", {DATABASE: b"d" * 4000})
    path.write_bytes(path.read_bytes()[:keep])

    with pytest.raises(Problem, match="backup"):
        archive.verify(path)


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        ({}, "manifest cannot be read"),
        ([], "manifest cannot be read"),
        ({"members": {}, "engine": "sqlite", "version": "9", "created_at": "", "format": 2}, "reads format 1"),
        ({"members": {}, "engine": "oracle", "version": "1", "created_at": ""}, "holds no database"),
        ({"members": {}, "engine": "sqlite", "version": "1", "created_at": ""}, "holds no database"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(tmp_path, manifest, reason):
    with pytest.raises(Problem, match=reason):
        archive.verify(write(tmp_path / "a.tar", {DATABASE: b"d"}, manifest=manifest))


def test_an_archive_without_manifest_is_refused(tmp_path):
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as tar:
        entry = tarfile.TarInfo(DATABASE)
        entry.size = 1
        tar.addfile(entry, io.BytesIO(b"d"))

    with pytest.raises(Problem, match="no manifest"):
        archive.verify(path)
