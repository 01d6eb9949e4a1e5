"""What to ask next: from what was answered so far, towards pain, consequence, value and a meeting (SPIN)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

FIGURE: Final = re.compile(r"\d+(?:\.\d+)?\s*(?:%|％|万|亿|元|块|天|小时|台|次|吨|人|k\b|days?|hours?)", re.IGNORECASE)
CLAUSE: Final = re.compile(r"[，。；！？,;!?.\n]+(?!\d)")
LONGEST_ECHO: Final = 18


class Probe(StrEnum):
    """A kind of question."""

    OPEN = "OPEN"
    PROBLEM = "PROBLEM"
    SINCE = "SINCE"
    TRIED = "TRIED"
    RESULT = "RESULT"
    WHO_KNOWS = "WHO_KNOWS"
    CONSEQUENCE = "CONSEQUENCE"
    AWAKEN = "AWAKEN"
    PAYOFF = "PAYOFF"
    REFERRAL = "REFERRAL"
    MEET = "MEET"
    PLACE = "PLACE"
    TOPIC = "TOPIC"


@dataclass(frozen=True, slots=True)
class Talk:
    """How far a conversation has come."""

    problem: str = ""
    since: str = ""
    tried: str = ""
    tried_result: str = ""
    hidden: bool = False
    handler: bool | None = None
    interest: int | None = None
    meeting: bool = False
    place: str = ""
    topic: str = ""
    consented: bool = False


def probes(talk: Talk, *, most: int = 2) -> list[tuple[Probe, str]]:
    """Return the next questions, best first, each with the customer's words to take up ("" for none)."""
    found = [*_pain(talk), *_consequence(talk), *_meeting(talk)]
    return found[:most]


def echo(text: str) -> str:
    """Return the customer's words worth repeating: the clause with a figure, else the first one."""
    clauses = [clause.strip() for clause in CLAUSE.split(text) if clause.strip()]
    chosen = next((clause for clause in clauses if FIGURE.search(clause)), clauses[0] if clauses else "")
    return chosen if len(chosen) <= LONGEST_ECHO else chosen[: LONGEST_ECHO - 1].rstrip() + "…"


def _pain(talk: Talk) -> list[tuple[Probe, str]]:
    if not talk.problem.strip():
        return [(Probe.PROBLEM if talk.consented else Probe.OPEN, "")]
    found = []
    if FIGURE.search(talk.problem) and not talk.handler:
        found.append((Probe.WHO_KNOWS, echo(talk.problem)))
    for answer, probe in ((talk.since, Probe.SINCE), (talk.tried, Probe.TRIED), (talk.tried_result, Probe.RESULT)):
        if not answer.strip():
            found.append((probe, echo(talk.tried) if probe is Probe.RESULT else ""))
            break
    return found


def _consequence(talk: Talk) -> list[tuple[Probe, str]]:
    if not talk.problem.strip():
        return []
    if talk.hidden:
        return [(Probe.AWAKEN, echo(talk.problem))]
    if talk.handler and FIGURE.search(talk.problem):
        return [(Probe.WHO_KNOWS, echo(talk.problem))]
    return [(Probe.PAYOFF if talk.tried_result.strip() else Probe.CONSEQUENCE, echo(talk.problem))]


def _meeting(talk: Talk) -> list[tuple[Probe, str]]:
    if talk.handler is not True:
        return [(Probe.REFERRAL, "")]
    if not talk.meeting:
        return [(Probe.MEET, "")] if (talk.interest or 0) >= 3 else []
    if not talk.place.strip():
        return [(Probe.PLACE, "")]
    return [] if talk.topic.strip() else [(Probe.TOPIC, "")]
