"""Traces of a person in texts: their name, numbers and addresses, found in any usual spelling and wiped out.

Forms of address ("张工", "王总") are no names and are not looked for; whoever erases reads the texts that are shown.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

MARK: Final = "***"
"""What stands where a person was named."""

SHORTEST_NAME: Final = 2
SHORTEST_HANDLE: Final = 4
SHORTEST_NUMBER: Final = 7
PLAIN: Final = re.compile(r"[A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Traces:
    """What to look for.

    Attributes:
        pattern: Finds every trace, and in a group of its own what merely holds one and stays; None: there is nothing
            to look for.
        words: Pieces of which a text with a trace holds at least one, for a database to look for.
    """

    pattern: re.Pattern[str] | None
    words: tuple[str, ...]

    def found_in(self, value: Any) -> bool:
        """Say whether a text, or a text within a JSON value, holds a trace."""
        if self.pattern is None:
            return False
        if isinstance(value, str):
            return any(not found["kept"] for found in self.pattern.finditer(value))
        if isinstance(value, dict):
            return any(self.found_in(inner) for inner in value.values())
        return isinstance(value, list) and any(self.found_in(inner) for inner in value)

    def wiped(self, value: Any) -> Any:
        """Return the text, or the JSON value, with ``MARK`` in the place of every trace."""
        if self.pattern is None:
            return value
        if isinstance(value, str):
            return self.pattern.sub(lambda found: found["kept"] or MARK, value)
        if isinstance(value, dict):
            return {name: self.wiped(inner) for name, inner in value.items()}
        return [self.wiped(inner) for inner in value] if isinstance(value, list) else value


def traces_of(
    *, names: Iterable[str], numbers: Iterable[str], handles: Iterable[str], kept: Iterable[str] = ()
) -> Traces:
    """Return what to look for.

    Args:
        names: A name of one character is not looked for: it stands in too many words.
        numbers: Telephone numbers of 7 digits or more, in any spelling.
        handles: Mail addresses and names in chats, of 4 characters or more.
        kept: Longer names of others, which stay whole wherever they stand.
    """
    called = sorted({name.strip() for name in names if len(name.strip()) >= SHORTEST_NAME}, key=len, reverse=True)
    dialled = sorted({digits for digits in map(digits_of, numbers) if len(digits) >= SHORTEST_NUMBER})
    reached = sorted({handle.strip() for handle in handles if len(handle.strip()) >= SHORTEST_HANDLE}, key=len)
    parts = [*map(_number, dialled), *map(_word, reversed(reached)), *map(_word, called)]
    longer = sorted({name.strip() for name in kept if name.strip()}, key=len, reverse=True)
    stays = "(?P<kept>" + ("|".join(map(re.escape, longer)) or "(?!)") + ")"
    pattern = re.compile("|".join([stays, *parts]), re.IGNORECASE) if parts else None
    return Traces(pattern, (*called, *reached, *(digits[-4:] for digits in dialled)))


def digits_of(number: str) -> str:
    """Return the digits of a telephone number, without the prefix of the country."""
    digits = re.sub(r"\D+", "", number)
    return digits.removeprefix("86") if number.strip().startswith("+86") else digits


def _number(digits: str) -> str:
    return r"(?<!\d)(?:\+?86[\s-]*)?" + r"[\s-]*".join(digits) + r"(?!\d)"


def _word(word: str) -> str:
    before = r"(?<![A-Za-z0-9])" if PLAIN.match(word[0]) else ""
    after = r"(?![A-Za-z0-9])" if PLAIN.match(word[-1]) else ""
    return before + re.escape(word) + after
