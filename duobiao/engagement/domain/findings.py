"""What a record shows and what it lacks, finding by finding; reasons are codes, worded for people elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from duobiao.playbooks.domain.model import Grade


class Why(StrEnum):
    """Why a record proves an evidence key, or why it does not."""

    # proves
    INTEREST_STRONG = "INTEREST_STRONG"
    INTEREST_FAIR = "INTEREST_FAIR"
    SPOKE_TO_HANDLER = "SPOKE_TO_HANDLER"
    WILLING = "WILLING"
    MEETING_AGREED = "MEETING_AGREED"
    TIME_AGREED = "TIME_AGREED"
    PLACE_AGREED = "PLACE_AGREED"
    TOPIC_AGREED = "TOPIC_AGREED"
    MET_HANDLER = "MET_HANDLER"
    SURVEY_CONFIRMED = "SURVEY_CONFIRMED"
    STATED = "STATED"
    ASKED_BY_CUSTOMER = "ASKED_BY_CUSTOMER"
    # does not
    NOT_SPOKEN = "NOT_SPOKEN"
    INTEREST_UNKNOWN = "INTEREST_UNKNOWN"
    INTEREST_LOW = "INTEREST_LOW"
    NO_WORDS = "NO_WORDS"
    BELOW_HANDLER = "BELOW_HANDLER"
    HANDLER_UNKNOWN = "HANDLER_UNKNOWN"
    ATTITUDE_UNKNOWN = "ATTITUDE_UNKNOWN"
    NOT_WILLING = "NOT_WILLING"
    PITCHED = "PITCHED"
    NO_MEETING = "NO_MEETING"
    NO_TIME = "NO_TIME"
    NOT_AGREED = "NOT_AGREED"
    NO_PLACE = "NO_PLACE"
    NO_TOPIC = "NO_TOPIC"
    NOT_IN_PERSON = "NOT_IN_PERSON"
    HANDLER_ABSENT = "HANDLER_ABSENT"
    SURVEY_INCOMPLETE = "SURVEY_INCOMPLETE"
    NOT_CONFIRMED = "NOT_CONFIRMED"
    NOT_ALL_STRENGTHS = "NOT_ALL_STRENGTHS"
    NO_CASE = "NO_CASE"
    NO_TREND = "NO_TREND"
    NO_DRAFT = "NO_DRAFT"
    HANDLER_NOT_SHOWN = "HANDLER_NOT_SHOWN"
    PROCESS_INCOMPLETE = "PROCESS_INCOMPLETE"
    DECIDER_UNKNOWN = "DECIDER_UNKNOWN"
    BUDGET_INCOMPLETE = "BUDGET_INCOMPLETE"
    RIVALS_UNKNOWN = "RIVALS_UNKNOWN"
    NOT_ASKED = "NOT_ASKED"
    NO_QUOTE = "NO_QUOTE"
    SCOPE_INCOMPLETE = "SCOPE_INCOMPLETE"
    # of the deal, not of the record
    NO_DEAL = "NO_DEAL"
    DEAL_CLOSED = "DEAL_CLOSED"


@dataclass(frozen=True, slots=True)
class Finding:
    """One evidence key, judged for one record.

    Attributes:
        grade: What the record shows; None: nothing, ``why`` says the reason.
        detail: The part of the record the reason speaks of: a level, a place, a day.
        on: Day on which it happened, where it is shown.
        valid_until: Last day it is good for, where the fact itself says so.
        person: Key of the contact who said or did it.
        channel: How they said it.
        quote: Their words, or ours where the record has none.
    """

    evidence: str
    why: Why
    grade: Grade | None = None
    detail: str = ""
    on: date | None = None
    valid_until: date | None = None
    person: int | None = None
    channel: str = ""
    quote: str = ""

    @property
    def shown(self) -> bool:
        """Whether the record proves it."""
        return self.grade is not None


def shown(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that prove something."""
    return [finding for finding in findings if finding.shown]


def lacking(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that prove nothing."""
    return [finding for finding in findings if not finding.shown]
