"""Texts typed by people: what is taken away before they are kept."""

import re
from typing import Final

INVISIBLE: Final = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Zero-width and direction marks: they make a name look like another one or turn the rest of a line around."""

CONTROL: Final = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]")
LINE_BREAKS: Final = re.compile(r"[\r\n\u2028\u2029\t]+")


class NulCharacter(ValueError):
    """The text holds a NUL character, which no database keeps."""


def clean_line(text: str) -> str:
    """Return a single line without marks nobody sees, blanks at the ends and repeated blanks.

    Raises:
        NulCharacter: the text holds a NUL character.
    """
    return " ".join(clean_text(LINE_BREAKS.sub(" ", text)).split())


def clean_text(text: str) -> str:
    """Return a text without marks nobody sees and blanks at the ends; lines stay lines.

    Raises:
        NulCharacter: the text holds a NUL character.
    """
    if "\x00" in text:
        raise NulCharacter
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return CONTROL.sub("", INVISIBLE.sub("", unix)).strip()
