"""Words of a text as the index keeps them: Chinese in overlapping pairs, everything else in whole words.

One function feeds both databases and both sides, text and question, so that what is written is what is found.
``苏州工厂 X-200`` is kept as ``苏州 州工 工厂 厂 x 200``; a question for ``州工`` finds it exactly, one for ``厂`` as the
beginning of a pair or as the last character.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

IDEOGRAPHS: Final = (
    "\u3040-\u30ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Chinese characters of the basic plane
    "\uac00-\ud7af"  # hangul
    "\U00020000-\U0003ffff"  # further Chinese characters
)
RUN: Final = re.compile(f"(?P<pairs>[{IDEOGRAPHS}]+)|(?P<word>[^\\W_{IDEOGRAPHS}]+)")
LONGEST_WORD: Final = 60
MOST_TERMS: Final = 12
"""Terms of a question that are looked at; more would only narrow what a person pasted by accident."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for.

    Attributes:
        tokens: Tokens that must follow each other.
        prefix: Whether the last token may be the beginning of a longer one.
    """

    tokens: tuple[str, ...]
    prefix: bool


def tokens(text: str) -> list[str]:
    """Return the tokens a text is kept as, in reading order."""
    return [token for run, is_pairs in _runs(text) for token in (_pairs(run) if is_pairs else [run[:LONGEST_WORD]])]


def terms(question: str) -> list[Term]:
    """Return what a question asks for; all terms must be found.

    Chinese of two and more characters is an exact phrase; a single character and any word is a beginning.
    """
    found: list[Term] = []
    for run, is_pairs in _runs(question):
        if is_pairs and len(run) > 1:
            found.append(Term(tuple(run[at : at + 2] for at in range(len(run) - 1)), prefix=False))
        else:
            found.append(Term((run[:LONGEST_WORD],), prefix=True))
    return list(dict.fromkeys(found))[:MOST_TERMS]


def _pairs(run: str) -> Iterator[str]:
    for at in range(len(run) - 1):
        yield run[at : at + 2]
    yield run[-1]


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    for match in RUN.finditer(unicodedata.normalize("NFKC", text).casefold()):
        yield match.group(), match.lastgroup == "pairs"
