"""The bank of SPIN questions: those for everybody, and those for the customer's industry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from duobiao.needs.models import LibraryKind, LibraryVersion
from duobiao.needs.queries.kept import written
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
    """Return the questions for a customer of an industry, its own first; one query.

    What the company wrote replaces the shipped question of the same key, or stands after the shipped ones.

    Args:
        industry: As the customer's record says; "" where it does not.
    """
    kept = written(LibraryKind.SPIN)
    shipped = [(row, names) for row, names in shipped_questions() if row.key not in kept]
    own = [(written_question(row), (row.industry,) if row.industry else ()) for row in kept.values() if not row.removed]
    fitting = [(row, names) for row, names in [*shipped, *own] if not names or _fits(industry, names)]
    return [row for row, names in fitting if names] + [row for row, names in fitting if not names]


def shipped_questions() -> list[tuple[BankQuestion, tuple[str, ...]]]:
    """Return the shipped questions with the names of the industries they fit; none for everybody."""
    told = read("spin")
    general = [(_question(row, {}), ()) for row in told["general"]]
    return general + [
        (_question(row, group["title"]), tuple(group["names"])) for group in told["industries"] for row in group["questions"]
    ]  # fmt: skip


def written_question(row: LibraryVersion) -> BankQuestion:
    """Return a question as the company wrote it; in the language it was written in."""
    return BankQuestion(row.key, row.slot, {"zh-Hans": row.text, "en": row.text}, _same(row.industry))


def _same(text: str) -> dict[str, str]:
    return {"zh-Hans": text, "en": text} if text else {}


def _fits(industry: str, names: Sequence[str]) -> bool:
    return bool(industry) and any(name in industry or industry in name for name in names)


def _question(row: Mapping[str, str], industry: Mapping[str, str]) -> BankQuestion:
    return BankQuestion(row["key"], row["letter"], {"zh-Hans": row["zh-Hans"], "en": row["en"]}, industry)
