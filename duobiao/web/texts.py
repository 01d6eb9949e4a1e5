"""Texts kept in data by language: the one for the reader."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import opencc
import yaml

CORRECTIONS: Final = Path(__file__).with_name("zh_hant.yaml")


def in_language(text: Mapping[str, str], language: str | None) -> str:
    """Return a text in the reader's language; traditional Chinese is made from simplified."""
    if language == "en":
        return text["en"]
    if language == "zh-hant":
        return traditional(text["zh-Hans"])
    return text["zh-Hans"]


@lru_cache(maxsize=4096)
def traditional(words: str) -> str:
    """Return simplified Chinese in traditional characters, with our corrections."""
    convert, corrections = _converter()
    made = convert(words)
    for wrong, right in corrections:
        made = made.replace(wrong, right)
    return made


@lru_cache(maxsize=1)
def _converter() -> tuple[Callable[[str], str], tuple[tuple[str, str], ...]]:
    held = yaml.safe_load(CORRECTIONS.read_text(encoding="utf-8"))
    return opencc.OpenCC("s2twp").convert, tuple(held["words"].items())
