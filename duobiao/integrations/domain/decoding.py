"""Turn bytes into text: UTF-8 with or without mark, UTF-16, GB18030."""

import codecs
from typing import Final

from duobiao.integrations.domain.tables import Unreadable

ENCODINGS: Final = ("auto", "utf-8", "gb18030", "utf-16", "big5", "latin-1")
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CUT: Final = "\ufffd"
"""Stands for half a character where a file is cut off; its row is refused."""
COMMON_SHARE: Final = 0.9
"""Chinese files consist almost wholly of the characters of GB 2312; other bytes read as GB18030 do not."""


def decode(content: bytes, encoding: str = "auto") -> tuple[str, str]:
    """Return the text and the encoding it was read with.

    Raises:
        Unreadable: the file is empty, or is not in this encoding.
    """
    if not content.strip():
        raise Unreadable("empty_file")
    if encoding == "auto":
        return _guess(content)
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    try:
        return content.decode(codec), encoding
    except UnicodeDecodeError as error:
        raise Unreadable("wrong_encoding", line=_line(content, error.start), encoding=encoding) from error


def _guess(content: bytes) -> tuple[str, str]:
    for mark, codec in MARKS:
        if content.startswith(mark):
            return _strict(content, codec), codec.removesuffix("-sig")
    if (wide := _wide(content)) is not None:
        return _strict(content, wide), wide
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if error.start >= len(content) - 3:  # a character cut in half at the very end: half a row
            return content[: error.start].decode("utf-8") + CUT, "utf-8"
        text = _gb18030(content)
        if text is None:
            raise Unreadable("unknown_encoding", line=_line(content, error.start)) from error
        return text, "gb18030"


def _wide(content: bytes) -> str | None:
    """Recognise UTF-16 without a mark by its zero bytes."""
    sample = content[:2000]
    if len(sample) < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 5 and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > len(sample) // 5 and odd == 0 else None


def _strict(content: bytes, codec: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        raise Unreadable("wrong_encoding", line=_line(content, error.start), encoding=codec) from error


def _gb18030(content: bytes) -> str | None:
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError as error:
        if error.start < len(content) - 3:
            return None
        text = content[: error.start].decode("gb18030") + CUT
    foreign = [character for character in text[:20_000] if character > "\x7f" and character != CUT]
    common = sum(1 for character in foreign if _in_gb2312(character))
    return text if common >= COMMON_SHARE * len(foreign) else None


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _line(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, position) + 1
