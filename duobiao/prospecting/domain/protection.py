"""How long a registered project is protected, and when two registrations are about the same project."""

from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import Final

ALIKE: Final = 0.6
"""Share of letters in the same order from which on two names of projects are taken for the same."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How long registrations are protected; a company may set its own.

    Attributes:
        protected_days: Days of protection, the first one counts.
        extension_days: Days that an extension adds.
        most_extensions: How often one registration may be extended.
        warn_days: Days before the end on which its owner is told.
    """

    protected_days: int = 90
    extension_days: int = 60
    most_extensions: int = 2
    warn_days: int = 7

    def protected_until(self, begins: date) -> date:
        """Return the last protected day of a registration; the first day counts."""
        return begins + timedelta(days=self.protected_days - 1)

    def extended(self, until: date) -> date:
        """Return the last protected day after an extension."""
        return until + timedelta(days=self.extension_days)


SHIPPED: Final = Figures()
BOUNDS: Final[dict[str, tuple[int, int]]] = {
    "protected_days": (1, 730),
    "extension_days": (1, 365),
    "most_extensions": (0, 20),
    "warn_days": (0, 90),
}
"""Smallest and largest value of each figure."""


def is_alike(one: str, other: str) -> bool:
    """Say whether two names, already without case, width and blanks, may mean the same project.

    One that holds the other means the same: ``二期产线`` and ``苏州工厂二期产线``. Empty names mean nothing.
    """
    if not one or not other:
        return False
    return one in other or other in one or SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE
