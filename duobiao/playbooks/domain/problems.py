"""What can be wrong with a playbook document, and where; the words are made in the reader's language elsewhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Path = tuple[str | int, ...]
"""Where something stands in a document: keys and places in lists, from the top."""

MOST_PROBLEMS = 200
"""More are not collected: whoever mends these asks again."""


class Code(StrEnum):
    """Kinds of problems."""

    TOO_LARGE = "TOO_LARGE"
    NOT_UTF8 = "NOT_UTF8"
    SYNTAX = "SYNTAX"
    ONE_DOCUMENT = "ONE_DOCUMENT"
    TOO_DEEP = "TOO_DEEP"
    TOO_MANY_PARTS = "TOO_MANY_PARTS"
    CYCLE = "CYCLE"
    DUPLICATE_KEY = "DUPLICATE_KEY"
    KEY_NOT_TEXT = "KEY_NOT_TEXT"
    MERGE_KEY = "MERGE_KEY"
    UNREADABLE = "UNREADABLE"

    UNKNOWN_KEY = "UNKNOWN_KEY"
    MISSING_KEY = "MISSING_KEY"
    NOT_MAPPING = "NOT_MAPPING"
    NOT_LIST = "NOT_LIST"
    NOT_TEXT = "NOT_TEXT"
    NOT_WHOLE = "NOT_WHOLE"
    NOT_FLAG = "NOT_FLAG"
    NOT_ONE_OF = "NOT_ONE_OF"
    NOT_A_NAME = "NOT_A_NAME"
    TOO_LONG = "TOO_LONG"
    NOT_PRINTABLE = "NOT_PRINTABLE"
    EMPTY = "EMPTY"
    LANGUAGE_MISSING = "LANGUAGE_MISSING"
    LANGUAGE_UNKNOWN = "LANGUAGE_UNKNOWN"

    UNKNOWN_EVIDENCE = "UNKNOWN_EVIDENCE"
    EVENT_EXPIRES = "EVENT_EXPIRES"
    TWO_ENDS = "TWO_ENDS"
    GRADE_TOO_HIGH = "GRADE_TOO_HIGH"
    MIXED_METHODS = "MIXED_METHODS"

    STAGE_COUNT = "STAGE_COUNT"
    TOO_MANY_STAGES = "TOO_MANY_STAGES"
    BUYER_STAGE_COUNT = "BUYER_STAGE_COUNT"
    ONE_BUYER_TRACK = "ONE_BUYER_TRACK"
    UNKNOWN_BUYER = "UNKNOWN_BUYER"
    ONE_COVER = "ONE_COVER"
    UNKNOWN_BUYER_STAGE = "UNKNOWN_BUYER_STAGE"
    COVER_ENDS = "COVER_ENDS"
    COVER_BACKWARDS = "COVER_BACKWARDS"
    RATES_COUNT = "RATES_COUNT"
    RATE_NOT_RISING = "RATE_NOT_RISING"
    TOO_MANY_ITEMS = "TOO_MANY_ITEMS"
    TWICE = "TWICE"
    EVIDENCE_TWICE = "EVIDENCE_TWICE"
    NOTHING_LEFT = "NOTHING_LEFT"
    NO_CONTRACT = "NO_CONTRACT"
    EXPIRES_AFTER_WIN = "EXPIRES_AFTER_WIN"
    UNKNOWN_ITEM = "UNKNOWN_ITEM"
    RELATION_TWICE = "RELATION_TWICE"
    NO_CELLS = "NO_CELLS"
    CONTROL_POINT_GONE = "CONTROL_POINT_GONE"
    CONTROL_POINT_LOOSENED = "CONTROL_POINT_LOOSENED"
    APPROVER_LOWERED = "APPROVER_LOWERED"


STRUCTURE = frozenset({
    Code.TOO_LARGE, Code.NOT_UTF8, Code.SYNTAX, Code.ONE_DOCUMENT, Code.TOO_DEEP, Code.TOO_MANY_PARTS, Code.CYCLE,
    Code.DUPLICATE_KEY, Code.KEY_NOT_TEXT, Code.MERGE_KEY, Code.UNREADABLE, Code.UNKNOWN_KEY, Code.NOT_MAPPING,
    Code.NOT_LIST, Code.NOT_TEXT, Code.NOT_WHOLE, Code.NOT_FLAG, Code.TOO_LONG, Code.NOT_PRINTABLE, Code.LANGUAGE_UNKNOWN,
    Code.TOO_MANY_ITEMS, Code.TOO_MANY_STAGES,
})  # fmt: skip
"""What no draft may have: it could not be shown or edited. The rest keeps a draft from being published only."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; ``values`` are what its words name."""

    path: Path
    code: Code
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_structural(self) -> bool:
        """Whether not even a draft may have it."""
        return self.code in STRUCTURE or not self.values.get("is_text", True)

    @property
    def place(self) -> str:
        """Where it is, as people write it: ``stages[2].milestone[0].evidence``."""
        return place_of(self.path)

    def __str__(self) -> str:
        said = ", ".join(f"{name} {value!r}" for name, value in self.values.items())
        return f"{self.place or 'document'}: {self.code}{f' ({said})' if said else ''}"


class Problems:
    """Collects problems, up to ``most``."""

    def __init__(self, most: int = MOST_PROBLEMS) -> None:
        self.most = most
        self.found: list[Problem] = []

    def add(self, path: Path, code: Code, **values: Any) -> None:
        """Note a problem."""
        if len(self.found) < self.most:
            self.found.append(Problem(path, code, values))

    def under(self, *path: str | int) -> bool:
        """Whether anything is wrong at a place or below it."""
        return any(problem.path[: len(path)] == path for problem in self.found)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.found)


class PlaybookError(ValueError):
    """A playbook document is wrong; ``problems`` names each place."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems[:5]))
        self.problems = problems


def place_of(path: Path) -> str:
    """Return a path as people write it."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text
