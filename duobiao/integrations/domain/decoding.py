"""Tell how the bytes of a file become text: UTF-8 with or without mark, UTF-16, GB18030."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import chain
from typing import Final

from duobiao.integrations.domain.tables import Opener, Unreadable, size_of

ENCODINGS: Final = ("auto", "utf-8", "gb18030", "utf-16", "big5", "latin-1")
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CUT: Final = "\ufffd"
"""Stands for half a character where a file is cut off; its row is refused."""
CUT_OFF: Final = "duobiao-cut-off"
"""Name of the way to read on at the half character at the end of a file."""
TAIL: Final = 3
"""The most bytes that half a character has."""
COMMON_SHARE: Final = 0.9
"""Chinese files consist almost wholly of the characters of GB 2312; other bytes read as GB18030 do not."""
SAMPLE_CHARACTERS: Final = 20_000
SAMPLE_BYTES: Final = 2_000
CHUNK: Final = 2**20

codecs.register_error(CUT_OFF, lambda error: (CUT, len(getattr(error, "object", b""))))


@dataclass(frozen=True, slots=True)
class Text:
    """A file whose bytes were all found to be text.

    Attributes:
        codec: What decodes it.
        encoding: How we call that.
        is_cut: Whether it ends with half a character.
    """

    source: Opener
    codec: str
    encoding: str
    is_cut: bool = False

    def open(self) -> TextIOWrapper:
        """Open it; line breaks stay as they are."""
        errors = CUT_OFF if self.is_cut else "strict"
        return TextIOWrapper(self.source(), encoding=self.codec, errors=errors, newline="")

    def head(self, characters: int) -> str:
        """Return its first characters."""
        with self.open() as stream:
            return stream.read(characters)

    def lines(self) -> Iterator[str]:
        """Yield its lines with their breaks."""
        with self.open() as stream:
            yield from stream


def recognise(source: Opener, encoding: str = "auto") -> Text:
    """Return the text of a file; all of it is looked at, none of it is held.

    Raises:
        Unreadable: the file is empty, or is not in this encoding.
    """
    if _is_blank(source):
        raise Unreadable("empty_file")
    if encoding == "auto":
        return _guess(source)
    codec = {"utf-8": "utf-8-sig", "utf-16": _utf_16(source)}.get(encoding, encoding)
    return _strict(source, codec, encoding)


def _guess(source: Opener) -> Text:
    start = _start(source)
    for mark, codec in MARKS:
        if start.startswith(mark):
            return _strict(source, codec, codec.removesuffix("-sig"))
    if (wide := _wide(start)) is not None:
        return _strict(source, wide, wide)
    wrong = _wrong_at(source, "utf-8")
    if wrong is None:
        return Text(source, "utf-8", "utf-8")
    if wrong >= size_of(source) - TAIL:  # a character cut in half at the very end: half a row
        return Text(source, "utf-8", "utf-8", is_cut=True)
    text = _gb18030(source)
    if text is None:
        raise Unreadable("unknown_encoding", line=_line(source, wrong))
    return text


def _wide(sample: bytes) -> str | None:
    """Recognise UTF-16 without a mark by its zero bytes."""
    if len(sample) < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 5 and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > len(sample) // 5 and odd == 0 else None


def _utf_16(source: Opener) -> str:
    """Return the codec of UTF-16 with a mark; without one it is little-endian, as Windows writes it."""
    marked = _start(source).startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return "utf-16" if marked else "utf-16-le"


def _strict(source: Opener, codec: str, encoding: str) -> Text:
    wrong = _wrong_at(source, codec)
    if wrong is not None:
        raise Unreadable("wrong_encoding", line=_line(source, wrong), encoding=encoding)
    return Text(source, codec, encoding)


def _gb18030(source: Opener) -> Text | None:
    wrong = _wrong_at(source, "gb18030")
    if wrong is not None and wrong < size_of(source) - TAIL:
        return None
    text = Text(source, "gb18030", "gb18030", is_cut=wrong is not None)
    foreign = [character for character in text.head(SAMPLE_CHARACTERS) if character > "\x7f" and character != CUT]
    common = sum(1 for character in foreign if _in_gb2312(character))
    return text if common >= COMMON_SHARE * len(foreign) else None


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _wrong_at(source: Opener, codec: str) -> int | None:
    """Return the place of the first byte that is no text in this encoding."""
    decoder, fed = codecs.getincrementaldecoder(codec)(), 0
    for chunk in chain(_chunks(source), [b""]):
        fed += len(chunk)
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return fed - len(error.object) + error.start
    return None


def _line(source: Opener, position: int) -> int:
    """Return the line in which a byte stands."""
    line, left = 1, position
    for chunk in _chunks(source):
        line += chunk.count(b"\n", 0, max(0, left))
        left -= len(chunk)
    return line


def _is_blank(source: Opener) -> bool:
    return not any(chunk.strip() for chunk in _chunks(source))


def _start(source: Opener) -> bytes:
    with source() as stream:
        return stream.read(SAMPLE_BYTES)


def _chunks(source: Opener) -> Iterator[bytes]:
    with source() as stream:
        while chunk := stream.read(CHUNK):
            yield chunk
