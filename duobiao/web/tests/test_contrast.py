"""The promise of the tokens: text 4.5:1 on its ground, shapes and edges of controls 3:1, in both themes."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[1] / "static" / "web" / "tokens.css"
TONES = ("ours", "buyer", "lag", "ok", "warn", "bad", "settled")
TEXT, SHAPE = 4.5, 3.0
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "ink-2", "ink-3") for ground in ("surface", "bg", "sunken")),
    *((tone, ground, TEXT) for tone in TONES for ground in ("surface", "bg", f"{tone}-bg")),
    *((ink, f"{tone}-bg", TEXT) for tone in TONES for ink in ("ink", "ink-2")),
    *(("on-fill", f"{tone}-fill", TEXT) for tone in ("ours", "buyer", "ok", "bad")),
    *(("ours", ground, TEXT) for ground in ("sunken", "plain-bg")),
    *((ink, "plain-bg", TEXT) for ink in ("ink", "ink-2", "ink-3")),
    *((f"{tone}-fill", "surface", SHAPE) for tone in ("ours", "buyer", "ok", "warn", "bad")),
    *(("edge", ground, SHAPE) for ground in ("surface", "bg")),
    ("lag-line", "surface", SHAPE),
    ("on-fill", "edge", SHAPE),
]


def _tokens() -> dict[str, tuple[str, str]]:
    text = TOKENS.read_text(encoding="utf-8")
    both = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", text)
    found = {name: (light, dark) for name, light, dark in both}
    found["on-fill"] = ("#ffffff", "#ffffff")
    return found


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_tokens_keep_their_contrast(front, ground, least, theme):
    tokens = _tokens()

    assert ratio(tokens[front][theme], tokens[ground][theme]) >= least


def test_the_ratio_is_that_of_the_standard():
    assert round(ratio("#ffffff", "#000000"), 1) == 21.0
    assert round(ratio("#767676", "#ffffff"), 2) == 4.54
