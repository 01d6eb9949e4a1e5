"""The seven channels of information: where to look for facts about a customer, and what to ask there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Text = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """One guiding question.

    Attributes:
        field: The field of the customer form that its answer fills, "" where the answer stands by itself.
    """

    key: str
    title: Text
    field: str
    origin: str


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel of information; ``where`` says where to look."""

    key: str
    title: Text
    where: Text
    origin: str
    questions: tuple[Question, ...]

    def question(self, key: str) -> Question | None:
        """Return one of its questions."""
        return next((found for found in self.questions if found.key == key), None)


def parse_channels(document: Mapping[str, Any]) -> dict[str, Channel]:
    """Read the channels, in the order of the file."""
    found = {}
    for row in document["channels"]:
        questions = tuple(
            Question(asked["key"], asked["title"], asked.get("field", ""), asked["origin"])
            for asked in row["questions"]
        )
        found[row["key"]] = Channel(row["key"], row["title"], row["where"], row["origin"], questions)
    return found
