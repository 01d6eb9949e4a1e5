"""Names of files: what of a sender's name is kept."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 200
UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff<>:\"|?*]")


def safe_name(name: str) -> str:
    """Return a file name without folders, control characters and direction marks, 200 characters at most.

    The ending stays when the name is cut; a name of nothing becomes ``file``.
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    clean = " ".join(UNSAFE.sub("", last).split()).strip(". ")
    if len(clean) <= LONGEST:
        return clean or "file"
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending) > 16:
        return clean[:LONGEST]
    return stem[: LONGEST - len(ending) - 1] + dot + ending
