"""What a recorded purchase process proves: the process itself, lead and decider, and both together."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from duobiao.engagement.domain.findings import Finding, Why
from duobiao.engagement.domain.visits import DECIDER, PROCESS, ROLES
from duobiao.playbooks.domain.model import Grade

LEAST_STEPS: Final = 2
LEAST_DUTIES: Final = 2
ROLE_OF: Final = {
    "USING": "USER",
    "TECHNICAL": "INFLUENCER",
    "PROCUREMENT": "GATEKEEPER",
    "FINANCE": "GATEKEEPER",
    "LEGAL": "GATEKEEPER",
}
"""The part in the purchase that a function usually plays; taken where nothing better is known of a person."""


@dataclass(frozen=True, slots=True)
class ProcessFacts:
    """A purchase process as the customer told it.

    Attributes:
        steps, duties: How many are recorded with who does them.
        lead, decider: Names, empty while unknown.
        told_by: Key of the contact who told us; with channel and words it counts as reported.
    """

    on: date
    steps: int = 0
    duties: int = 0
    lead: str = ""
    decider: str = ""
    told_by: int | None = None
    channel: str = ""
    quote: str = ""
    text: str = ""


def judge_process(process: ProcessFacts) -> list[Finding]:
    """Judge the three keys of stage 2 that a recorded process can prove."""
    clear = process.steps >= LEAST_STEPS and process.duties >= LEAST_DUTIES
    known = bool(process.lead.strip() and process.decider.strip())
    names = f"{process.lead} / {process.decider}"
    return [
        _judged(process, PROCESS, clear, Why.PROCESS_INCOMPLETE, process.text),
        _judged(process, DECIDER, known, Why.DECIDER_UNKNOWN, names),
        _judged(
            process, ROLES, clear and known, Why.DECIDER_UNKNOWN if clear else Why.PROCESS_INCOMPLETE, process.text
        ),
    ]


def _judged(process: ProcessFacts, key: str, holds: bool, lack: Why, text: str) -> Finding:
    if not holds:
        return Finding(key, lack)
    reported = process.told_by is not None and bool(process.channel) and bool(process.quote.strip())
    grade = Grade.BUYER_CONFIRMED if reported else Grade.DOCUMENTED
    return Finding(
        key,
        Why.STATED,
        grade,
        detail=text,
        on=process.on,
        person=process.told_by,
        channel=process.channel,
        quote=process.quote or text,
    )
