"""Telephone numbers: read as people write them, kept in one spelling."""

from functools import lru_cache
from typing import Final

import phonenumbers

HOME_REGION: Final = "CN"


class UnreadableNumber(ValueError):
    """The text is not a telephone number."""


@lru_cache(maxsize=256)  # one write asks for the same number several times
def normal_phone(text: str, region: str = HOME_REGION) -> str:
    """Return a number in one spelling: national for ``region``, international for others; "" for "".

    ``13812345678``, ``+86 138-1234-5678`` and ``(0086)138 1234 5678`` become ``138 1234 5678``; an extension stays,
    as ``0512 6666 8888 ext. 801``.

    Raises:
        UnreadableNumber: not a possible number of any country.
    """
    if not text.strip():
        return ""
    try:
        number = phonenumbers.parse(text.replace("转", " ext. ").replace("轉", " ext. "), region)
    except phonenumbers.NumberParseException as error:
        raise UnreadableNumber(text) from error
    if not phonenumbers.is_possible_number(number):
        raise UnreadableNumber(text)
    home = phonenumbers.region_code_for_country_code(number.country_code or 0) == region
    spelling = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(number, spelling))


def dial_address(text: str, region: str = HOME_REGION) -> str:
    """Return the ``tel:`` address of a number kept by ``normal_phone``; "" when it cannot be dialled."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.RFC3966))
