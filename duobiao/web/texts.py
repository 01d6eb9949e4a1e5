"""Texts kept in data by language: the one for the reader."""

from collections.abc import Mapping
from functools import lru_cache

import opencc


def in_language(text: Mapping[str, str], language: str | None) -> str:
    """Return a text in the reader's language; traditional Chinese is made from simplified."""
    if language == "en":
        return text["en"]
    if language == "zh-hant":
        return _traditional(text["zh-Hans"])
    return text["zh-Hans"]


@lru_cache(maxsize=4096)
def _traditional(words: str) -> str:
    return str(_converter().convert(words))


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2twp")
