"""Tell project selling from product selling by six signs (F2); three of them make it a project."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from duobiao.playbooks.domain.model import Process

ENOUGH = 3
"""So many signs make it project selling; our proposal, the method names the signs but no number."""


class Sign(StrEnum):
    """What tells a project from a product."""

    CUSTOMISED = "customised"
    LONG_CYCLE = "long_cycle"
    MANY_DECIDERS = "many_deciders"
    HIGH_AMOUNT = "high_amount"
    HIGH_RISK = "high_risk"
    DELIVERY_AFTER_SALE = "delivery_after_sale"


def signs_of(words: Collection[str]) -> frozenset[Sign]:
    """Return the signs among words that somebody sent; other words are left out."""
    return frozenset(sign for sign in Sign if sign in words)


@dataclass(frozen=True, slots=True)
class Classified:
    """Which process fits, and by which signs.

    Attributes:
        present: The signs that are there, in the order of the list; ``absent`` the others.
    """

    process: Process
    present: tuple[Sign, ...]
    absent: tuple[Sign, ...]


def classify(signs: Collection[Sign]) -> Classified:
    """Return the process that fits a sale with these signs."""
    present = tuple(sign for sign in Sign if sign in signs)
    absent = tuple(sign for sign in Sign if sign not in signs)
    return Classified(Process.PROJECT if len(present) >= ENOUGH else Process.PRODUCT, present, absent)
