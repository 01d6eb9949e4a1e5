"""The survey sheet: aims and questions from the data, with the answers of one visit."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from duobiao.engagement.models import SurveyAnswer, Visit
from duobiao.playbooks.queries import text_of

FILE = Path(__file__).parents[1] / "data" / "survey.yaml"


@dataclass(frozen=True, slots=True)
class Question:
    """One question in the reader's language.

    Attributes:
        field: Field of the visit's record that the answer fills in; "" for none.
        answer: What the customer said; "" before.
    """

    key: str
    kind: str
    words: str
    field: str = ""
    answer: str = ""
    told_by: str = ""


@dataclass(frozen=True, slots=True)
class Aim:
    """One thing the visit is to find out, with its questions.

    Attributes:
        chosen: It is an aim of this visit.
    """

    key: str
    title: str
    questions: list[Question]
    chosen: bool = False

    @property
    def answered(self) -> int:
        """How many questions are answered."""
        return sum(1 for question in self.questions if question.answer)


@lru_cache(maxsize=1)
def survey_data() -> list[dict[str, Any]]:
    """Return the aims as the file holds them."""
    found: list[dict[str, Any]] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["aims"]
    return found


def aim_keys() -> list[str]:
    """Return the keys of all aims, in their order."""
    return [aim["key"] for aim in survey_data()]


def question_keys() -> list[str]:
    """Return the keys of all questions, in their order."""
    return [question["key"] for aim in survey_data() for question in aim["questions"]]


def sheet_of(visit: Visit) -> list[Aim]:
    """Return all aims with questions and answers of a visit; one query."""
    rows = {row.question: row for row in SurveyAnswer.objects.filter(visit=visit).select_related("contact")}
    return [_aim(aim, rows, chosen=aim["key"] in visit.survey_aims) for aim in survey_data()]


def _aim(aim: dict[str, Any], rows: dict[str, SurveyAnswer], *, chosen: bool) -> Aim:
    language = get_language()
    questions = []
    for question in aim["questions"]:
        row = rows.get(question["key"])
        questions.append(
            Question(
                question["key"],
                question["kind"],
                text_of(question["text"], language),
                question.get("field", ""),
                row.answer if row is not None else "",
                row.contact.name if row is not None and row.contact is not None else "",
            )
        )
    return Aim(aim["key"], text_of(aim["title"], language), questions, chosen)


def aims_offered() -> list[tuple[str, str]]:
    """Return key and title of all aims in the reader's language."""
    return [(aim["key"], text_of(aim["title"], get_language())) for aim in survey_data()]


def record_values(aims: Iterable[Aim]) -> dict[str, str]:
    """Return what the answers fill into the record of the visit."""
    return {
        question.field: question.answer
        for aim in aims
        for question in aim.questions
        if question.field and question.answer
    }
