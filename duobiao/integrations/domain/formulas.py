"""Keep text text: a spreadsheet runs cells that begin like a formula."""

import re
from typing import Final

DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PLAIN_NUMBER: Final = re.compile(r"[+-]?\d+([.,]\d+)*%?")


def safe_cell(value: object) -> str:
    """Return a cell for a CSV file; text that would run as a formula gets an apostrophe in front."""
    text = "" if value is None else str(value)
    if text.startswith(DANGEROUS) and not PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text
