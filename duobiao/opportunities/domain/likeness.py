"""How alike two deals are: of one customer, named alike, of like amount, at the same time."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from duobiao.customers.domain.company_names import NUMBER, fold
from duobiao.customers.domain.naming import NOT_A_LETTER
from duobiao.duplicates.domain.likeness import NOTHING, Likeness, Sign, weigh

NAME, NEAR, AMOUNT, TIME, PRODUCT, BUYER = "deal_name", "near", "amount", "time", "product", "customer"
OTHER_NUMBER: Final = 0.4
"""Limit: phase 1 and phase 2 are two deals."""

NO_NAME: Final = 0.6
"""Limit: without names alike, amount and time tell too little."""

NEAR_DAYS: Final = 120
NEAR_AMOUNT: Final = 0.1
ALIKE: Final = 0.72
SURROUNDINGS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DealSigns:
    """What is known of a deal.

    Attributes:
        customer: Key of the customer; only deals of one customer are compared.
        customer_words: Name and short name of the customer: in the names of its deals they tell nothing.
    """

    customer: str
    customer_words: tuple[str, ...]
    name: str
    amount_minor: int | None
    currency: str
    closes_on: date | None
    product: str = ""


def deal_likeness(one: DealSigns, other: DealSigns) -> Likeness:
    """Weigh two deals of one customer against each other."""
    from rapidfuzz import fuzz  # loaded by who compares, not by every process

    if one.customer != other.customer:
        return NOTHING
    first, second = topic(one), topic(other)
    ratio = max(fuzz.ratio(first, second), fuzz.token_set_ratio(first, second)) / 100
    signs, limits = [Sign(BUYER, 0.3)], []
    if first == second:
        signs.append(Sign(NAME, 0.75))
    elif ratio >= ALIKE or _holds(first, second):
        signs.append(Sign(NEAR, 0.5))
    else:
        limits.append(NO_NAME)
    if NUMBER.findall(first) != NUMBER.findall(second):
        limits.append(OTHER_NUMBER)
    signs += _figures(one, other)
    return weigh(signs, limits=limits)


def deal_keys(signs: DealSigns) -> frozenset[str]:
    """Return the key by which likely duplicates of a deal are found: its customer."""
    return frozenset((f"k:{signs.customer}",))


def topic(signs: DealSigns) -> str:
    """Return what a deal is about: its name without the customer, in one script, width and case."""
    rest = fold(signs.name)
    for word in sorted(map(fold, signs.customer_words), key=len, reverse=True):
        if len(word) >= 2 and len(rest.replace(word, "")) >= SURROUNDINGS:
            rest = rest.replace(word, "")
    return NOT_A_LETTER.sub("", rest).removesuffix("项目")


def _holds(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= SURROUNDINGS and (one in other or other in one)


def _figures(one: DealSigns, other: DealSigns) -> list[Sign]:
    signs = []
    if one.amount_minor and other.amount_minor and one.currency == other.currency:
        larger = max(one.amount_minor, other.amount_minor)
        if abs(one.amount_minor - other.amount_minor) <= larger * NEAR_AMOUNT:
            signs.append(Sign(AMOUNT, 0.4))
    if one.closes_on and other.closes_on and abs((one.closes_on - other.closes_on).days) <= NEAR_DAYS:
        signs.append(Sign(TIME, 0.2))
    if one.product and one.product == other.product:
        signs.append(Sign(PRODUCT, 0.15))
    return signs
