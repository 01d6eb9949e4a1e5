"""Text in spreadsheets: what somebody typed must never become a formula."""

FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
"""Characters with which a spreadsheet begins to calculate, their full-width forms included."""


def plain_text(text: str) -> str:
    """Return text that a spreadsheet shows as it stands: an apostrophe keeps it from being calculated.

    What hides behind leading blanks is kept from it too. Null characters, which no spreadsheet reads, are left out.
    """
    text = text.replace("\x00", "")
    head = text.lstrip(" \u00a0\u3000\ufeff")[:1]
    return f"'{text}" if head in FORMULA_STARTS and head else text
