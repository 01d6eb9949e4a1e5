"""Is a Word file safe to lay papers out by? Looked at as a package of parts, before anything opens it as a document."""

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Final

MAX_BYTES: Final = 5 * 2**20
"""A template is letterhead, styles and a logo."""
MAX_UNPACKED: Final = 40 * 2**20
MAX_PARTS: Final = 500
OLD_WORD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAIN: Final = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TEMPLATE: Final = b"wordprocessingml.template.main+xml"
MACRO_PARTS: Final = re.compile(r"vbaproject|vbadata|/activex/|\.bin$", re.IGNORECASE)
MACRO_TYPES: Final = re.compile(rb"macroenabled|vbaproject|activex", re.IGNORECASE)
EMBEDDED: Final = re.compile(r"^word/embeddings/|/afchunk", re.IGNORECASE)
EMBEDDED_TYPES: Final = re.compile(rb"relationships/(?:aFChunk|oleObject|package|control|subDocument)\"", re.IGNORECASE)
RELATIONSHIP: Final = re.compile(rb"<[^<>]*TargetMode\s*=\s*[\"']External[\"'][^<>]*>", re.IGNORECASE)
TARGET: Final = re.compile(rb"\bTarget\s*=\s*[\"']([^\"']*)[\"']")
FETCHING: Final = re.compile(
    rb"\b(?:DDEAUTO|DDE|INCLUDEPICTURE|INCLUDETEXT|INCLUDE|IMPORT|LINK|DATABASE|MACROBUTTON)\b", re.IGNORECASE
)
FIELD: Final = re.compile(
    rb"<(?:\w+:)?instrText\b[^>]*>(.*?)</|<(?:\w+:)?fldSimple\b[^>]*\binstr\s*=\s*[\"']([^\"']*)", re.S
)
DECLARATION: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
LONGEST_SHOWN: Final = 120


@dataclass(slots=True)
class Unfit(Exception):
    """A file cannot be a template.

    Attributes:
        code: What is wrong: see ``papers.actions.check_template``.
        found: What was met, to be shown; "" when there is nothing to show.
    """

    code: str
    found: str = ""


def check_package(content: bytes) -> None:
    """Refuse what is no Word file, carries macros or other files, or reaches outside.

    Raises:
        Unfit: with the first fault.
    """
    if len(content) > MAX_BYTES:
        raise Unfit("too_large")
    if content.startswith(OLD_WORD):
        raise Unfit("old_word")
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            _check_parts(package)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise Unfit("not_word") from error


def _check_parts(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    names = [part.filename for part in parts]
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Unfit("unpacks_too_large")
    if "[Content_Types].xml" not in names or len(set(names)) < len(names):
        raise Unfit("not_word")
    _check_kind(names, package.read("[Content_Types].xml"))
    for name in names:
        if EMBEDDED.search(name):
            raise Unfit("embedded", name)
        if name.endswith((".xml", ".rels")):
            _check_xml(name, package.read(name))


def _check_kind(names: list[str], types: bytes) -> None:
    if MACRO_TYPES.search(types) or any(MACRO_PARTS.search(name) for name in names):
        raise Unfit("macros")
    if TEMPLATE in types:
        raise Unfit("saved_as_template")
    if MAIN not in types or "word/document.xml" not in names:
        raise Unfit("not_word")


def _check_xml(name: str, content: bytes) -> None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = content.decode("utf-16", "replace").encode()
    if DECLARATION.search(content):
        raise Unfit("declarations", name)
    if name.endswith(".rels"):
        outside = RELATIONSHIP.search(content)
        if outside:
            target = TARGET.search(outside[0])
            raise Unfit("external", _shown(target[1] if target else b""))
        if EMBEDDED_TYPES.search(content):
            raise Unfit("embedded", name)
        return
    said = b"".join(plain or attribute for plain, attribute in FIELD.findall(content))
    fetching = FETCHING.search(said)
    if fetching:
        raise Unfit("fetching_field", _shown(fetching[0]))


def _shown(found: bytes) -> str:
    return found.decode("utf-8", "replace")[:LONGEST_SHOWN]
