"""The unified social credit code of Chinese organisations (统一社会信用代码), GB 32100-2015."""

from typing import Final

CHARACTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
"""Weight of each place: 3 to the power of the place, modulo 31."""


def is_credit_code(code: str) -> bool:
    """Say whether ``code`` has 18 allowed characters and the right check character."""
    if len(code) != 18 or any(character not in CHARACTERS for character in code):
        return False
    total = sum(CHARACTERS.index(character) * weight for character, weight in zip(code, WEIGHTS, strict=False))
    return CHARACTERS[(31 - total % 31) % 31] == code[17]
