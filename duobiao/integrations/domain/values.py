"""Turn cells into values: figures with currency signs and 万, days in the usual spellings, yes and no."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

EXCEL_EPOCH: Final = date(1899, 12, 30)
EXCEL_DAYS: Final = (1, 2_958_465)
EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2200, 12, 31)
FACTORS: Final = (
    ("万亿", 10**12),
    ("億", 10**8),
    ("亿", 10**8),
    ("千万", 10**7),
    ("百万", 10**6),
    ("萬", 10**4),
    ("万", 10**4),
    ("千", 10**3),
    ("m", 10**6),
    ("k", 10**3),
)
CURRENCIES: Final = (
    ("HK$", "HKD"),
    ("NT$", "TWD"),
    ("US$", "USD"),
    ("USD", "USD"),
    ("EUR", "EUR"),
    ("RMB", "CNY"),
    ("CNY", "CNY"),
    ("HKD", "HKD"),
    ("GBP", "GBP"),
    ("JPY", "JPY"),
    ("人民币", "CNY"),
    ("美元", "USD"),
    ("欧元", "EUR"),
    ("港元", "HKD"),
    ("$", "USD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "CNY"),
    ("元", "CNY"),
)
YES: Final = frozenset({"1", "true", "yes", "y", "是", "对", "有", "x", "✓", "√"})
NO: Final = frozenset({"0", "false", "no", "n", "否", "不", "无", "×"})
DAY: Final = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
TIME: Final = re.compile(r"(?<=[T\s])(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*$")
NOON: Final = time(12)
COMPACT_DAY: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
GROUPED: Final = {
    ".": re.compile(r"\d{1,3}(?:[,' ]\d{3})*(?:\.\d+)?|\d+(?:\.\d+)?|\d{1,4}(?:,\d{4})*(?:\.\d+)?"),
    ",": re.compile(r"\d{1,3}(?:[.' ]\d{3})*(?:,\d+)?|\d+(?:,\d+)?"),
}
LONGEST_NUMBER: Final = 60


class Unfit(ValueError):
    """A cell is not what its field needs; ``code`` is worded by ``queries.fault_words``."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def as_text(cell: Any) -> str:
    """Return a cell as text, as a person would type it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return str(cell)


def as_number(cell: Any, *, decimal: str = ".") -> Decimal:
    """Return a figure; 万 and 亿 are worked out, grouping is dropped.

    Args:
        decimal: Sign between whole and fraction in text: ``.`` or ``,``.

    Raises:
        Unfit: it is not a figure.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Decimal(str(cell))
    text = unicodedata.normalize("NFKC", str(cell)).strip().replace("−", "-")
    if len(text) > LONGEST_NUMBER:
        raise Unfit("not_a_number")
    negative = text.startswith("-") or (text.startswith("(") and text.endswith(")"))
    body = text.strip("()").lstrip("+-").strip()
    body, factor = _factor(body)
    if not GROUPED[decimal].fullmatch(body):
        other = "," if decimal == "." else "."
        code = "decimal_comma" if GROUPED[other].fullmatch(body) else "not_a_number"
        raise Unfit(code, decimal=other)
    plain = re.sub(r"[,' ]" if decimal == "." else r"[.' ]", "", body).replace(",", ".")
    try:
        number = Decimal(plain) * factor
    except InvalidOperation as error:
        raise Unfit("not_a_number") from error
    return -number if negative else number


def as_amount(cell: Any, *, currency: str, decimal: str = ".") -> Decimal:
    """Return an amount in whole units of ``currency``.

    Raises:
        Unfit: it is not a figure, or is marked with another currency.
    """
    if not isinstance(cell, str):
        return as_number(cell, decimal=decimal)
    text = unicodedata.normalize("NFKC", cell).strip().replace("￥", "¥")
    upper = text.upper()
    for sign, code in CURRENCIES:
        if sign not in upper:
            continue
        if code != currency and not (sign == "¥" and currency == "JPY") and not (sign == "$" and currency in _DOLLARS):
            raise Unfit("other_currency", found=code, wanted=currency)
        place = upper.index(sign)
        text = text[:place] + text[place + len(sign) :]
        upper = text.upper()
    return as_number(text, decimal=decimal)


_DOLLARS: Final = frozenset({"USD", "HKD", "TWD", "SGD", "AUD", "CAD"})


def as_whole(cell: Any, *, decimal: str = ".") -> int:
    """Return a whole number.

    Raises:
        Unfit: it is not one.
    """
    number = as_number(cell, decimal=decimal)
    if number != number.to_integral_value():
        raise Unfit("not_whole")
    return int(number)


def as_day(cell: Any, *, pattern: str = "") -> date:
    """Return a day.

    Args:
        pattern: As for ``strptime``, or ``excel`` for serial numbers kept as text; "" reads year-month-day.

    Raises:
        Unfit: it is not a day, or not clearly one.
    """
    found = _day(cell, pattern)
    if not EARLIEST <= found <= LATEST:
        raise Unfit("day_out_of_range")
    return found


def as_moment(cell: Any, *, pattern: str = "") -> datetime:
    """Return a day with its time of day, without a zone; a day alone is its noon.

    Raises:
        Unfit: it is not a day, or not clearly one.
    """
    if isinstance(cell, datetime):
        as_day(cell)
        return cell.replace(tzinfo=None)
    if pattern and "%H" in pattern:
        found = _moment_by_pattern(str(cell).strip(), pattern)
        as_day(found)
        return found
    day = as_day(cell, pattern=pattern)
    match = TIME.search(unicodedata.normalize("NFKC", str(cell))) if isinstance(cell, str) else None
    if match is None:
        return datetime.combine(day, NOON)
    hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return datetime.combine(day, time(hour, minute, second))
    except ValueError as error:
        raise Unfit("not_a_day") from error


def as_yes_or_no(cell: Any) -> bool:
    """Return yes or no.

    Raises:
        Unfit: it is neither.
    """
    if isinstance(cell, bool):
        return cell
    text = as_text(cell).strip().casefold()
    if text in YES or text in NO:
        return text in YES
    raise Unfit("not_yes_or_no")


def _day(cell: Any, pattern: str) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _serial(cell)
    if isinstance(cell, time | timedelta | bool):
        raise Unfit("not_a_day")
    text = unicodedata.normalize("NFKC", str(cell)).strip()
    if pattern:
        return _serial(float(as_number(text))) if pattern == "excel" else _by_pattern(text, pattern)
    return _written_day(text)


def _written_day(text: str) -> date:
    match = DAY.fullmatch(text) or COMPACT_DAY.fullmatch(text)
    if match is None:
        raise Unfit("day_unclear" if re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", text) else "not_a_day")
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError as error:
        raise Unfit("not_a_day") from error


def _by_pattern(text: str, pattern: str) -> date:
    return _moment_by_pattern(text, pattern).date()


def _moment_by_pattern(text: str, pattern: str) -> datetime:
    try:
        return datetime.strptime(f"{text} +0000", f"{pattern} %z").replace(tzinfo=None)
    except (ValueError, re.error) as error:
        raise Unfit("not_a_day_like", pattern=pattern) from error


def _serial(number: float) -> date:
    if not EXCEL_DAYS[0] <= number <= EXCEL_DAYS[1]:
        raise Unfit("not_a_day")
    return EXCEL_EPOCH + timedelta(days=int(number))


def _factor(body: str) -> tuple[str, int]:
    lowered = body.removesuffix("元").strip()
    for word, factor in FACTORS:
        if lowered.casefold().endswith(word):
            return lowered[: -len(word)].strip(), factor
    return lowered, 1


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _digits(text: str) -> str:
    return re.sub(r"\D+", "", text)


TEXT_TRANSFORMS: Final[dict[str, Callable[[str], str]]] = {
    "upper": str.upper,
    "lower": str.lower,
    "title": str.title,
    "squeeze": _squeezed,
    "digits": _digits,
    "width": lambda text: unicodedata.normalize("NFKC", text),
}
"""Changes to the text of a cell, by the name a mapping uses."""

SCALES: Final[dict[str, int]] = {"thousands": 10**3, "wan": 10**4, "millions": 10**6, "yi": 10**8}
"""The unit a column of figures is kept in, by the name a mapping uses."""
