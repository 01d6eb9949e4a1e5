"""How long a registered project is protected, and when two registrations are about the same project."""

from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import Final

PROTECTED_DAYS: Final = 90
EXTENSION_DAYS: Final = 60
MOST_EXTENSIONS: Final = 2
WARN_DAYS: Final = 7
ALIKE: Final = 0.6
"""Share of letters in the same order from which on two names of projects are taken for the same."""


def protected_until(begins: date) -> date:
    """Return the last protected day of a registration; the first day counts."""
    return begins + timedelta(days=PROTECTED_DAYS - 1)


def extended(until: date) -> date:
    """Return the last protected day after an extension."""
    return until + timedelta(days=EXTENSION_DAYS)


def is_alike(one: str, other: str) -> bool:
    """Say whether two names, already without case, width and blanks, may mean the same project.

    One that holds the other means the same: ``二期产线`` and ``苏州工厂二期产线``. Empty names mean nothing.
    """
    if not one or not other:
        return False
    return one in other or other in one or SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE
