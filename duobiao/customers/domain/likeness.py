"""How alike two companies and two people are, by what is known of them; and the keys by which likely ones are found."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from duobiao.customers.domain.company_names import CompanyName, fold, parts_of, spoken
from duobiao.customers.domain.naming import NOT_A_LETTER
from duobiao.duplicates.domain.likeness import NOTHING, Likeness, Sign, weigh

NAME, SPELLING, FORM, PLACE, SOUND, NEAR, SHORT = "name", "spelling", "form", "place", "sound", "near", "short_name"
CODE, PHONE, DOMAIN, EMAIL, WECHAT, POST = "credit_code", "phone", "domain", "email", "wechat", "post"

DIFFERENT_CODES: Final = 0.3
OTHER_BRANCH: Final = 0.4
OTHER_PLACE: Final = 0.55
OTHER_NUMBER: Final = 0.4
OTHER_BRAND: Final = 0.45
OTHER_TRADE: Final = 0.6
"""Limits: what speaks so strongly against that no sign outweighs it, except the registered code."""

LATIN_PART: Final = 4
COMPASS: Final = "东南西北"

PART: Final = 3
"""Letters of a name's beginning, and of its end, by which near names are found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanySigns:
    """What is known of a company.

    Attributes:
        phones: In the one spelling we keep.
        domain: Of its site, without ``www.``.
    """

    name: str
    short_name: str = ""
    credit_code: str = ""
    phones: frozenset[str] = frozenset()
    domain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSigns:
    """What is known of a person at a company.

    Attributes:
        company: Key of the company; only people of one company are compared.
        numbers: Mobile and telephone, in the one spelling we keep.
    """

    company: str
    name: str
    numbers: frozenset[str] = frozenset()
    email: str = ""
    wechat: str = ""
    post: str = ""


def company_likeness(one: CompanySigns, other: CompanySigns) -> Likeness:
    """Weigh names, codes, numbers and domains of two companies against each other."""
    first, second = parts_of(one.name), parts_of(other.name)
    signs = [*_name_signs(first, second, as_written=one.name == other.name), *_short_signs(one, other)]
    limits = list(_limits(first, second, bool(signs)))
    if one.credit_code and one.credit_code == other.credit_code:
        return weigh([Sign(CODE, 0.97), *signs], limits=[OTHER_BRANCH] if first.branch != second.branch else [])
    if one.credit_code and other.credit_code:
        limits.append(DIFFERENT_CODES)
    if one.phones & other.phones:
        signs.append(Sign(PHONE, 0.6))
    if one.domain and one.domain == other.domain:
        signs.append(Sign(DOMAIN, 0.5))
    return weigh(signs, limits=limits)


def name_likeness(one: str, other: str) -> Likeness:
    """Weigh two names alone."""
    return company_likeness(CompanySigns(name=one), CompanySigns(name=other))


def company_keys(signs: CompanySigns) -> frozenset[str]:
    """Return the keys by which likely duplicates of a company are found: two companies are compared if they share one."""
    keys = {f"{mark}:{text}" for mark, text in _name_keys(parts_of(signs.name)) if text}
    if signs.short_name:
        keys |= {f"n:{parts_of(signs.short_name).core[:60]}", f"b:{parts_of(signs.short_name).brand[:60]}"}
    keys |= {f"t:{number}" for number in signs.phones}
    keys |= {f"c:{signs.credit_code}"} if signs.credit_code else set()
    keys |= {f"d:{signs.domain[:60]}"} if signs.domain else set()
    return frozenset(keys)


def person_likeness(one: PersonSigns, other: PersonSigns) -> Likeness:
    """Weigh names and ways of reaching two people of one company."""
    if one.company != other.company:
        return NOTHING
    first, second = _letters(one.name), _letters(other.name)
    signs, limits = [], []
    if first == second:
        signs.append(Sign(NAME, 0.75))
    elif spoken(first) == spoken(second):
        signs.append(Sign(SOUND, 0.5))
    elif first[:1] != second[:1]:
        limits.append(0.6)
    for reason, weight, same in (
        (PHONE, 0.7, one.numbers & other.numbers),
        (EMAIL, 0.75, one.email and one.email.casefold() == other.email.casefold()),
        (WECHAT, 0.7, one.wechat and one.wechat == other.wechat),
        (POST, 0.2, one.post and fold(one.post) == fold(other.post)),
    ):
        if same:
            signs.append(Sign(reason, weight))
    return weigh(signs, limits=limits)


def person_keys(signs: PersonSigns) -> frozenset[str]:
    """Return the keys by which likely duplicates of a person are found, within the company."""
    marks = [f"p:{spoken(_letters(signs.name))}", *(f"t:{number}" for number in signs.numbers)]
    marks += [f"e:{signs.email.casefold()}"] if signs.email else []
    marks += [f"w:{signs.wechat}"] if signs.wechat else []
    return frozenset(f"{signs.company}:{mark}"[:100] for mark in marks)


def _letters(name: str) -> str:
    return NOT_A_LETTER.sub("", fold(name))


def _name_keys(name: CompanyName) -> Iterator[tuple[str, str]]:
    yield "n", name.core[:60]
    yield "b", name.brand[:60]
    yield "p", name.sound[:60]
    part = PART if name.is_chinese else LATIN_PART
    if len(name.core) > part:
        yield "h", name.core[:part]
        yield "e", name.core[-part:]
    if not name.is_chinese:
        yield "s", "".join(sorted(name.brand))[:60]


def _name_signs(one: CompanyName, other: CompanyName, *, as_written: bool) -> list[Sign]:
    if one.letters == other.letters:
        return [Sign(NAME if as_written else SPELLING, 0.92)]
    if one.core == other.core:
        return [Sign(_how_spelt(one, other), 0.85)]
    if one.brand == other.brand:
        return [Sign(NEAR, 0.74 if _trades_agree(one, other) else 0.5)]
    if one.sound and one.sound == other.sound and _trades_agree(one, other):
        return [Sign(SOUND, 0.76)]
    return [Sign(NEAR, weight)] if (weight := _nearness(one, other)) else []


def _how_spelt(one: CompanyName, other: CompanyName) -> str:
    if one.places != other.places:
        return PLACE
    return FORM


def _trades_agree(one: CompanyName, other: CompanyName) -> bool:
    """Say whether the words of trade do not contradict each other: equal, one left out, or one part of the other."""
    return one.trade in other.trade or other.trade in one.trade


def _nearness(one: CompanyName, other: CompanyName) -> float:
    """Weigh two different brands: one letter wrong, missing or swapped in a long one may be a slip."""
    from rapidfuzz import fuzz  # loaded by who compares, not by every process
    from rapidfuzz.distance import DamerauLevenshtein

    if one.is_chinese != other.is_chinese:
        return 0.0
    if one.is_chinese:
        long_enough = min(len(one.core), len(other.core)) >= 4 and min(len(one.brand), len(other.brand)) >= 3
        slips = DamerauLevenshtein.distance(one.core, other.core, score_cutoff=2)
        return 0.72 if long_enough and slips <= 1 and one.trade == other.trade else 0.0
    ratio = fuzz.ratio(one.brand, other.brand) / 100
    slips = DamerauLevenshtein.distance(one.brand, other.brand, score_cutoff=2)
    shortest = min(len(one.brand), len(other.brand))
    if (shortest >= 5 and slips <= 1) or (shortest >= 9 and ratio >= 0.9):
        return 0.75
    return 0.0


def _short_signs(one: CompanySigns, other: CompanySigns) -> list[Sign]:
    names = [{_letters(signs.name), _letters(signs.short_name)} - {""} for signs in (one, other)]
    has_short = bool(one.short_name or other.short_name)
    return [Sign(SHORT, 0.7)] if has_short and names[0] & names[1] else []


def _limits(one: CompanyName, other: CompanyName, named_alike: bool) -> Iterator[float]:
    if one.branch != other.branch:
        yield OTHER_BRANCH
    if one.numbers != other.numbers or _face_elsewhere(one, other):
        yield OTHER_NUMBER
    if one.places and other.places and not _places_agree(one.places, other.places):
        yield OTHER_PLACE
    if not named_alike:
        yield OTHER_BRAND if one.is_chinese == other.is_chinese else OTHER_TRADE + 0.15
    elif one.brand == other.brand and not _trades_agree(one, other):
        yield OTHER_TRADE


def _face_elsewhere(one: CompanyName, other: CompanyName) -> bool:
    """Say whether both name a point of the compass, and not the same: 中冶南方 and 中冶北方."""
    first, second = ([letter for letter in name.core if letter in COMPASS] for name in (one, other))
    return bool(first and second and first != second)


def _places_agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether the places can be those of one company: one set holds the other, ``江苏苏州`` and ``苏州``."""
    return one <= other or other <= one
