"""How figures, days and names are written, in the language of the page; the Jinja filters of the same names."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from babel import Locale
from babel.dates import format_skeleton, format_timedelta
from babel.numbers import format_compact_decimal, format_decimal
from django.utils import timezone
from django.utils.translation import get_language

from duobiao.kernel.money import Money, minor_units

LOCALES = {"zh-hans": "zh_Hans", "zh-hant": "zh_Hant", "en": "en"}
SYMBOLS = {"CNY": "¥", "USD": "US$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥", "TWD": "NT$", "KRW": "₩"}
WAN = Decimal(10_000)
YI = Decimal(100_000_000)
UNITS = {"zh_Hans": ("万", "亿"), "zh_Hant": ("萬", "億")}
KIB = 1024
FIGURE_BEFORE_HAN = re.compile(r"(?<=\d)(?=[\u4e00-\u9fff])")


@lru_cache
def _locale(code: str) -> Locale:
    return Locale.parse(LOCALES.get(code, "en"))


def locale() -> Locale:
    """Return the Babel locale of the active language."""
    return _locale(get_language() or "en")


def as_money(value: Money | int, currency: str = "CNY") -> Money:
    """Accept an amount either as ``Money`` or as minor units with a currency."""
    return value if isinstance(value, Money) else Money(value, currency)


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _decimal(value: Decimal, places: int, *, fixed: bool = False) -> str:
    return _written(_rounded(value, places), places, fixed, get_language() or "en")


@lru_cache(maxsize=8192)
def _written(value: Decimal, places: int, fixed: bool, language: str) -> str:
    fraction = ("0" if fixed else "#") * places
    pattern = f"#,##0.{fraction}" if places else "#,##0"
    return format_decimal(value, format=pattern, locale=_locale(language))


def _chinese_amount(value: Decimal, wan: str, yi: str) -> str:
    """Write 12,800,000 as ``1,280 万``: at most four figures, 亿 with two decimals; the carry moves up a unit."""
    if _rounded(value / WAN, 0) >= WAN:
        amount = value / YI
        return f"{_decimal(amount, 2 if amount < 100 else 1, fixed=True)} {yi}"
    if value >= WAN:
        amount = value / WAN
        return f"{_decimal(amount, 0 if amount >= 1000 else 1 if amount >= 100 else 2)} {wan}"
    return _decimal(value, 0 if value == value.to_integral_value() else 2, fixed=True)


def _compact(value: Decimal) -> str:
    found = locale()
    if (units := UNITS.get(str(found))) is not None:
        return _chinese_amount(value, *units)
    if value < WAN:
        return _decimal(value, 0 if value == value.to_integral_value() else 2, fixed=True)
    return format_compact_decimal(value, format_type="short", locale=found, fraction_digits=2)


def money(value: Money | int | None, currency: str = "CNY", empty: str = "–") -> str:
    """Write an amount briefly: ``¥1,280 万`` in Chinese, ``¥12.8M`` in English.

    Args:
        value: ``Money``, or whole minor units.
        currency: Of minor units.
        empty: Written for ``None``.
    """
    if value is None:
        return empty
    held = as_money(value, currency)
    sign = "−" if held.amount_minor < 0 else ""
    return f"{sign}{SYMBOLS.get(held.currency, held.currency + ' ')}{_compact(abs(held.amount))}"


def money_full(value: Money | int | None, currency: str = "CNY", empty: str = "–") -> str:
    """Write an amount to the last minor unit, for titles, forms and contracts: ``¥12,800,000.00``."""
    if value is None:
        return empty
    held = as_money(value, currency)
    places = 0 if minor_units(held.currency) == 1 else 2
    sign = "−" if held.amount_minor < 0 else ""
    symbol = SYMBOLS.get(held.currency, held.currency + " ")
    return f"{sign}{symbol}{_decimal(abs(held.amount), places, fixed=True)}"


def money_wan(value: Money | int | None, currency: str = "CNY", empty: str = "–") -> str:
    """Write the figure alone for a column whose head names the unit: 万 in Chinese, thousands in English."""
    if value is None:
        return empty
    unit = WAN if str(locale()) in UNITS else Decimal(1000)
    return _decimal(as_money(value, currency).amount / unit, 1)


def number(value: Decimal | int | float | None, places: int = 0, empty: str = "–") -> str:
    """Write a count or figure with separators of thousands."""
    return empty if value is None else _decimal(Decimal(str(value)), places)


def percent(value: Decimal | int | float | None, places: int = 0, empty: str = "–") -> str:
    """Write a percentage; ``value`` is already in percent (0–100)."""
    return empty if value is None else f"{_decimal(Decimal(str(value)), places)}%"


def _day_of(value: dt.date | dt.datetime) -> dt.date:
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def date(value: dt.date | dt.datetime | None, empty: str = "–") -> str:
    """Write a full date: ``2026-09-11``; moments in the user's zone."""
    return empty if value is None else _day_of(value).isoformat()


def day(value: dt.date | dt.datetime | None, empty: str = "–", today: dt.date | None = None) -> str:
    """Write a day briefly: ``9-11`` or ``Sep 11``; with its year when that is not the present one."""
    if value is None:
        return empty
    held = _day_of(value)
    if held.year != (today or timezone.localdate()).year:
        return held.isoformat()
    if str(locale()) in UNITS:
        return f"{held.month}-{held.day:02d}"
    return format_skeleton("MMMd", held, locale=locale())


def weekday(value: dt.date | dt.datetime | None, empty: str = "–") -> str:
    """Write a day with its weekday: ``9月16日周三`` or ``Wed, Sep 16``."""
    return empty if value is None else format_skeleton("MMMEd", _day_of(value), locale=locale())


def weekday_name(value: dt.date) -> str:
    """Write the weekday alone, briefly: ``周三`` or ``Wed``."""
    return format_skeleton("E", value, locale=locale())


def month(value: dt.date) -> str:
    """Write a month with its year: ``2026年9月`` or ``September 2026``."""
    return format_skeleton("yMMMM", value, locale=locale())


def time(value: dt.datetime | None, empty: str = "–") -> str:
    """Write the time of day in the user's zone: ``09:30``."""
    return empty if value is None else timezone.localtime(value).strftime("%H:%M")


def datetime(value: dt.datetime | None, empty: str = "–") -> str:
    """Write a moment in the user's zone: ``2026-09-11 09:30``."""
    return empty if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


def ago(value: dt.datetime | None, empty: str = "–", now: dt.datetime | None = None) -> str:
    """Write how long ago (or ahead) a moment is: ``3 分钟前``."""
    if value is None:
        return empty
    words = format_timedelta(value - (now or timezone.now()), add_direction=True, locale=locale())
    return FIGURE_BEFORE_HAN.sub(" ", words)


def initial(name: str | None) -> str:
    """Return the character of an avatar: the first letter or Chinese character of a name."""
    return next((character.upper() for character in str(name or "") if character.isalnum()), "?")


def filesize(size: int | None, empty: str = "–") -> str:
    """Write a number of bytes: ``412 KB``."""
    if size is None:
        return empty
    amount, units = Decimal(size), ["B", "KB", "MB", "GB"]
    while amount >= KIB and len(units) > 1:
        amount, units = amount / KIB, units[1:]
    return f"{_decimal(amount, 0 if amount >= 10 or units[0] == 'B' else 1)} {units[0]}"


def web_address(text: str) -> str:
    """Return an address that a browser may open on a click; "" for anything but http and https."""
    try:
        scheme = urlsplit(text).scheme
    except ValueError:
        return ""
    return text if scheme in ("http", "https") else ""


FILTERS: dict[str, Callable[..., Any]] = {
    "money": money,
    "money_full": money_full,
    "money_wan": money_wan,
    "number": number,
    "percent": percent,
    "date": date,
    "day": day,
    "weekday": weekday,
    "weekday_name": weekday_name,
    "month": month,
    "time": time,
    "datetime": datetime,
    "ago": ago,
    "initial": initial,
    "filesize": filesize,
    "web_address": web_address,
}
