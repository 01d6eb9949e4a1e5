"""The bank of SPIN questions: those for everybody, and those for the customer's industry."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from duobiao.web.texts import in_language

FOLDER = Path(__file__).parents[1] / "data"


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """A question of the bank.

    Attributes:
        industry: Title of the industry it belongs to, by language; empty for everybody.
    """

    key: str
    letter: str
    text: Mapping[str, str]
    industry: Mapping[str, str]

    @property
    def words(self) -> str:
        """The question in the reader's language."""
        return in_language(self.text, get_language())

    @property
    def trade(self) -> str:
        """The industry in the reader's language; "" for everybody."""
        return in_language(self.industry, get_language()) if self.industry else ""


@lru_cache(maxsize=4)
def read(name: str) -> dict[str, Any]:
    """Return a data file of this capability."""
    held: dict[str, Any] = yaml.load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return held


def bank_questions(industry: str) -> list[BankQuestion]:
    """Return the questions for a customer of an industry, its own first.

    Args:
        industry: As the customer's record says; "" where it does not.
    """
    told = read("spin")
    own = [
        _question(row, group["title"])
        for group in told["industries"]
        if industry and any(name in industry or industry in name for name in group["names"])
        for row in group["questions"]
    ]
    return own + [_question(row, {}) for row in told["general"]]


def _question(row: Mapping[str, str], industry: Mapping[str, str]) -> BankQuestion:
    return BankQuestion(row["key"], row["letter"], {"zh-Hans": row["zh-Hans"], "en": row["en"]}, industry)
