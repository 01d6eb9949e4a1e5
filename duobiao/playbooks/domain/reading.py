"""Read the values of a document strictly: every fault is noted at its place, and reading goes on with a neutral value."""

import re
from collections.abc import Iterable
from enum import Enum
from typing import Any, TypeVar

from duobiao.playbooks.domain.model import Text
from duobiao.playbooks.domain.problems import Code, Path, Problems

LANGUAGES = ("zh-Hans", "en")
LONGEST_TEXT = 1000
LONGEST_NAME = 60
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters and halves of characters: neither databases nor browsers keep them."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

Choice = TypeVar("Choice", bound=Enum)


class Entry:
    """A value at its place in a document."""

    __slots__ = ("path", "problems", "value")

    def __init__(self, value: object, path: Path, problems: Problems) -> None:
        self.value, self.path, self.problems = value, path, problems

    def wrong(self, code: Code, **values: Any) -> None:
        """Note a problem here."""
        self.problems.add(self.path, code, **values)

    def at(self, step: str | int, value: object) -> "Entry":
        """Return a value below this one."""
        return Entry(value, (*self.path, step), self.problems)

    def pairs(self) -> "list[tuple[str, Entry]]":
        """Return the entries of a mapping by key."""
        if not isinstance(self.value, dict):
            self.wrong(Code.NOT_MAPPING)
            return []
        return [(str(key), self.at(str(key), value)) for key, value in self.value.items()]

    def rows(self) -> "list[Entry]":
        """Return the entries of a list."""
        if not isinstance(self.value, list):
            self.wrong(Code.NOT_LIST)
            return []
        return [self.at(place, value) for place, value in enumerate(self.value)]

    def string(self, longest: int = LONGEST_TEXT) -> str:
        """Return words."""
        if not isinstance(self.value, str):
            self.wrong(Code.NOT_TEXT)
            return ""
        if not self.value.strip():
            self.wrong(Code.EMPTY)
        elif len(self.value) > longest:
            self.wrong(Code.TOO_LONG, most=longest)
        elif UNPRINTABLE.search(self.value):
            self.wrong(Code.NOT_PRINTABLE)
            return ""
        return self.value

    def name(self) -> str:
        """Return a short key: letters, figures, dots, hyphens."""
        found = self.string(LONGEST_NAME)
        if found.strip() and len(found) <= LONGEST_NAME and not NAME.fullmatch(found):
            self.wrong(Code.NOT_A_NAME, value=found)
        return found

    def text(self) -> Text:
        """Return words in every language."""
        pairs = dict(self.pairs())
        for language, entry in pairs.items():
            if language not in LANGUAGES:
                entry.wrong(Code.LANGUAGE_UNKNOWN, language=language, languages=LANGUAGES)
        if isinstance(self.value, dict):
            for language in LANGUAGES:
                if language not in pairs:
                    self.wrong(Code.LANGUAGE_MISSING, language=language)
        return {language: pairs[language].string() if language in pairs else "" for language in LANGUAGES}

    def whole(self, least: int, most: int) -> int:
        """Return a whole number within bounds."""
        if isinstance(self.value, int) and not isinstance(self.value, bool) and least <= self.value <= most:
            return self.value
        self.wrong(Code.NOT_WHOLE, least=least, most=most)
        return least

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            self.wrong(Code.NOT_FLAG)
        return self.value is True

    def choice(self, kind: type[Choice]) -> Choice:
        """Return a member of an enumeration by its word; the first one where the word is unknown."""
        members = {member.value if isinstance(member.value, str) else member.name: member for member in kind}
        if isinstance(self.value, str) and self.value in members:
            return members[self.value]
        said = {"value": str(self.value)[:LONGEST_NAME], "allowed": tuple(members)}
        self.wrong(Code.NOT_ONE_OF, **said, is_text=isinstance(self.value, str) and not UNPRINTABLE.search(self.value))
        return next(iter(kind))


class Fields:
    """The fields of a mapping; unknown ones and missing ones are noted when it is made."""

    __slots__ = ("entry", "held")

    def __init__(self, entry: Entry, *, required: Iterable[str], optional: Iterable[str] = ()) -> None:
        self.entry = entry
        self.held: dict[str, Entry] = {}
        required = tuple(required)
        allowed = (*required, *optional)
        for key, value in entry.pairs():
            if key in allowed:
                self.held[key] = value
            else:
                value.wrong(Code.UNKNOWN_KEY, key=key, allowed=allowed)
        if isinstance(entry.value, dict):
            for key in required:
                if key not in self.held:
                    entry.wrong(Code.MISSING_KEY, key=key)

    def __contains__(self, name: str) -> bool:
        return name in self.held

    def __getitem__(self, name: str) -> Entry:
        return self.held[name]

    def rows(self, name: str) -> list[Entry]:
        """Return the entries of a list, none where it is absent."""
        return self.held[name].rows() if name in self.held else []

    def pairs(self, name: str) -> list[tuple[str, Entry]]:
        """Return the entries of a mapping, none where it is absent."""
        return self.held[name].pairs() if name in self.held else []

    def name(self, name: str) -> str:
        """Return a short key, "" where it is absent."""
        return self.held[name].name() if name in self.held else ""

    def text(self, name: str) -> Text:
        """Return words, empty ones where they are absent."""
        return self.held[name].text() if name in self.held else dict.fromkeys(LANGUAGES, "")

    def whole(self, name: str, least: int, most: int) -> int:
        """Return a whole number, ``least`` where it is absent."""
        return self.held[name].whole(least, most) if name in self.held else least

    def flag(self, name: str) -> bool:
        """Return true or false, false where it is absent."""
        return self.held[name].flag() if name in self.held else False

    def choice(self, name: str, kind: type[Choice]) -> Choice:
        """Return a member of an enumeration, the first one where it is absent."""
        return self.held[name].choice(kind) if name in self.held else next(iter(kind))
