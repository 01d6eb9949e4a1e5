"""Reading documents of data (YAML, JSON) by hand-written rules: what is wrong is said with its place."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

LANGUAGES: Final = ("zh-Hans", "en")
LONGEST_WORDS: Final = 300
KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")

Text = Mapping[str, str]
"""Words by language."""


class Fault(ValueError):
    """A document cannot be read.

    Attributes:
        path: Where: ``criteria[1].weight``.
        message: What is wrong and what would be right; a constant that the edge translates.
    """

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


def rows_of(value: object, path: str, least: int, most: int) -> Sequence[object]:
    """Return a list of ``least`` to ``most`` entries.

    Raises:
        Fault: it is none.
    """
    if not isinstance(value, Sequence) or isinstance(value, str) or not least <= len(value) <= most:
        raise Fault(path, "There are too few or too many entries.")
    return value


def mapping_of(row: object, path: str, known: set[str]) -> Mapping[str, Any]:
    """Return names and values, all of them known.

    Raises:
        Fault: it is no mapping, or has a name that is not ``known``.
    """
    if not isinstance(row, Mapping):
        raise Fault(path, "Something is missing here.")
    if unknown := sorted(str(name) for name in row if name not in known):
        raise Fault(f"{path}.{unknown[0]}", "There is no such field.")
    return row


def words_of(value: object, path: str, *, longest: int = LONGEST_WORDS, may_be_empty: bool = False) -> Text:
    """Return words in both languages.

    Raises:
        Fault: one is missing, or too long.
    """
    held = mapping_of(value, path, set(LANGUAGES))
    for language in LANGUAGES:
        words = held.get(language)
        if not isinstance(words, str) or len(words) > longest or "\x00" in words:
            raise Fault(path, "Write it in Chinese and in English, not too long.")
        if not words.strip() and not may_be_empty:
            raise Fault(path, "Write it in Chinese and in English.")
    return {language: str(held[language]).strip() for language in LANGUAGES}


def key_of(value: object, path: str) -> str:
    """Return a key: a letter followed by letters, digits or underscores, at most 40.

    Raises:
        Fault: it is none.
    """
    if not isinstance(value, str) or not KEY.fullmatch(value):
        raise Fault(path, "A key is a letter followed by letters, digits or underscores.")
    return value


def number_of(value: object, path: str, least: int, most: int) -> int:
    """Return a whole number within its range.

    Raises:
        Fault: it is none.
    """
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Fault(path, "The number is out of range.")
    return value


def one_of(value: object, path: str, offered: Sequence[str]) -> str:
    """Return one of the values offered.

    Raises:
        Fault: it is another one.
    """
    if value not in offered:
        raise Fault(path, "Choose one of those offered.")
    return str(value)


def require_distinct(keys: Sequence[str], path: str) -> None:
    """Refuse a key that is used twice.

    Raises:
        Fault: one is.
    """
    if len(set(keys)) < len(keys):
        raise Fault(path, "Two entries have the same key.")
