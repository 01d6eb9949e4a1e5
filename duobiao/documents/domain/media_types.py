"""What a file is, found by looking at its first bytes; names and claims of senders are only hints."""

import codecs
from typing import Final

UNKNOWN: Final = "application/octet-stream"
HEAD_BYTES: Final = 8192
"""How much of the beginning is looked at."""

SIGNATURES: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp3g", "video/3gpp"),
    (4, b"ftyp", "video/mp4"),
    (8, b"WAVE", "audio/wav"),
    (0, b"OggS", "audio/ogg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"{\\rtf", "application/rtf"),
)
"""Offset, bytes, media type; the first that fits wins."""

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_TYPES: Final = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "msg": "application/vnd.ms-outlook",
    "wps": "application/vnd.ms-works",
}
OFFICE_TYPES: Final = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
INLINE_TYPES: Final = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"})
"""What a browser may show in its own page; everything else, SVG and HTML above all, is only handed out."""

TEXT_ENCODINGS: Final = ("utf-8-sig", "gb18030")
BLANKS: Final = frozenset("\t\n\r\f\u3000\xa0")


def sniff(head: bytes, name: str) -> str:
    """Return the media type of a file.

    Args:
        head: Its first bytes, ``HEAD_BYTES`` at most.
        name: Its name; tells apart only what the bytes cannot.
    """
    for offset, signature, media_type in SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            return media_type
    if head.startswith(OLE):
        return OLE_TYPES.get(name.rsplit(".", maxsplit=1)[-1].lower(), "application/x-ole-storage")
    if head.startswith(b"PK\x03\x04"):
        return _zip_type(head)
    return "text/plain" if _is_text(head) else UNKNOWN


def _zip_type(head: bytes) -> str:
    if b"[Content_Types].xml" in head or b"_rels/.rels" in head:
        return next((media_type for folder, media_type in OFFICE_TYPES.items() if folder in head), "application/zip")
    return "application/zip"


def _is_text(head: bytes) -> bool:
    for encoding in TEXT_ENCODINGS:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head, final=len(head) < HEAD_BYTES)
        except UnicodeDecodeError:
            continue
        return all(character.isprintable() or character in BLANKS for character in text)
    return False
