"""Findings and questions in the reader's language."""

from typing import Final

from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext_lazy

from duobiao.engagement.domain.findings import Finding, Why
from duobiao.engagement.domain.probing import Probe
from duobiao.playbooks.queries import catalogue, text_of
from duobiao.web import formats

LONGEST_DETAIL: Final = 40
MOMENTS: Final = frozenset({Why.MEETING_AGREED, Why.TIME_AGREED, Why.BELOW_HANDLER, Why.HANDLER_UNKNOWN})

REASONS: Final[dict[Why, object]] = {
    Why.INTEREST_STRONG: gettext_lazy("interest %(detail)s, in the customer's words"),
    Why.INTEREST_FAIR: gettext_lazy("interest %(detail)s: curious, no more; from 4 it counts as documented"),
    Why.SPOKE_TO_HANDLER: gettext_lazy("spoke with the handler"),
    Why.WILLING: gettext_lazy("willing, and no product was pitched"),
    Why.MEETING_AGREED: gettext_lazy("meeting agreed for %(detail)s"),
    Why.TIME_AGREED: gettext_lazy("%(detail)s, agreed by the handler"),
    Why.PLACE_AGREED: "%(detail)s",
    Why.TOPIC_AGREED: "%(detail)s",
    Why.MET_HANDLER: gettext_lazy("met the handler face to face"),
    Why.SURVEY_CONFIRMED: gettext_lazy("confirmed by the customer"),
    Why.STATED: gettext_lazy("on record"),
    Why.ASKED_BY_CUSTOMER: gettext_lazy("the customer's own words"),
    Why.NOT_SPOKEN: gettext_lazy("nobody was spoken to"),
    Why.INTEREST_UNKNOWN: gettext_lazy("choose the level of interest"),
    Why.INTEREST_LOW: gettext_lazy("interest %(detail)s is too low; it counts from 3"),
    Why.NO_WORDS: gettext_lazy("note one sentence in the customer's words"),
    Why.BELOW_HANDLER: gettext_lazy("the contact is not the handler; the call is kept but cannot prove an appointment"),
    Why.HANDLER_UNKNOWN: gettext_lazy("it is not known whether the contact is the handler"),
    Why.ATTITUDE_UNKNOWN: gettext_lazy("choose the attitude"),
    Why.NOT_WILLING: gettext_lazy("the attitude was not willing"),
    Why.PITCHED: gettext_lazy("a product was pitched"),
    Why.NO_MEETING: gettext_lazy("no meeting agreed yet"),
    Why.NO_TIME: gettext_lazy("the time is missing"),
    Why.NOT_AGREED: gettext_lazy("nobody at the customer has agreed yet"),
    Why.NO_PLACE: gettext_lazy("the place is missing"),
    Why.NO_TOPIC: gettext_lazy("the topic is missing"),
    Why.NOT_IN_PERSON: gettext_lazy("it was not face to face"),
    Why.HANDLER_ABSENT: gettext_lazy("no handler took part"),
    Why.SURVEY_INCOMPLETE: gettext_lazy("problem, effect and wanted date are not all noted"),
    Why.NOT_CONFIRMED: gettext_lazy("nobody at the customer has confirmed the record"),
    Why.NOT_ALL_STRENGTHS: gettext_lazy("not all four parts were introduced"),
    Why.NO_CASE: gettext_lazy("no case was used"),
    Why.NO_TREND: gettext_lazy("no trend was introduced"),
    Why.NO_DRAFT: gettext_lazy("no draft was handed over"),
    Why.HANDLER_NOT_SHOWN: gettext_lazy("name the handler and two facts that show it"),
    Why.PROCESS_INCOMPLETE: gettext_lazy("note the process and who does what"),
    Why.DECIDER_UNKNOWN: gettext_lazy("name the project lead and the decision maker"),
    Why.BUDGET_INCOMPLETE: gettext_lazy("note the range and the source of funds"),
    Why.RIVALS_UNKNOWN: gettext_lazy("note which rivals they have talked to"),
    Why.NOT_ASKED: gettext_lazy("the customer has not asked for it"),
    Why.NO_QUOTE: gettext_lazy("note the request in the customer's words"),
    Why.SCOPE_INCOMPLETE: gettext_lazy("agree what it covers and the day"),
    Why.NO_DEAL: gettext_lazy("there is no deal yet; it counts once one is opened"),
    Why.DEAL_CLOSED: gettext_lazy("the deal is closed; the record is kept and proves nothing"),
}

QUESTIONS: Final[dict[Probe, tuple[object, object]]] = {
    Probe.OPEN: (
        gettext_lazy("“May I take three minutes? Others in your industry struggle with the same thing.”"),
        gettext_lazy("first gets their consent to talk"),
    ),
    Probe.PROBLEM: (
        gettext_lazy("“What gives you the most trouble in this at present?”"),
        gettext_lazy("lets them name the problem themselves"),
    ),
    Probe.SINCE: (
        gettext_lazy("“How long has it been like this?”"),
        gettext_lazy("shows whether it hurts enough to act"),
    ),
    Probe.TRIED: (
        gettext_lazy("“What have you tried so far?”"),
        gettext_lazy("shows the way around and who is already in"),
    ),
    Probe.RESULT: (
        gettext_lazy("“And ‘%(echo)s’, how did that work out?”"),
        gettext_lazy("shows why it is still open"),
    ),
    Probe.WHO_KNOWS: (
        gettext_lazy("“‘%(echo)s’: does management know of it?”"),
        gettext_lazy("shows who cares and who decides"),
    ),
    Probe.CONSEQUENCE: (
        gettext_lazy("“If ‘%(echo)s’ stays for another half year, who feels it most?”"),
        gettext_lazy("turns the problem into a consequence"),
    ),
    Probe.AWAKEN: (
        gettext_lazy("“Have you worked out what ‘%(echo)s’ costs you in a year?”"),
        gettext_lazy("wakes a need they do not see yet"),
    ),
    Probe.PAYOFF: (
        gettext_lazy("“If ‘%(echo)s’ were solved, what would that be worth to you?”"),
        gettext_lazy("lets them state the benefit"),
    ),
    Probe.REFERRAL: (
        gettext_lazy("“Who usually looks after this? Could you introduce me?”"),
        gettext_lazy("leads to the handler"),
    ),
    Probe.MEET: (
        gettext_lazy("“I could bring a case from your industry. Would Thursday or next Tuesday suit you?”"),
        gettext_lazy("two dates make it easy to agree to one"),
    ),
    Probe.PLACE: (
        gettext_lazy("“Where do we meet, in your office or on site?”"),
        gettext_lazy("on site you see the problem"),
    ),
    Probe.TOPIC: (
        gettext_lazy("“What should we settle that day, and who should be there?”"),
        gettext_lazy("sets topic and participants"),
    ),
}


def evidence_title(key: str) -> str:
    """Return the title of an evidence key in the reader's language."""
    return text_of(catalogue()[key].title, get_language())


def reason(finding: Finding) -> str:
    """Say why a finding proves something, or why it does not."""
    if finding.why is Why.STATED and finding.detail:
        return _short(finding.detail)
    detail = _moment(finding.detail) if finding.why in MOMENTS else _short(finding.detail)
    return str(REASONS[finding.why]) % {"detail": detail}


def question(probe: Probe, echo: str) -> tuple[str, str]:
    """Return a question to ask and what it brings."""
    words, brings = QUESTIONS[probe]
    return str(words) % {"echo": echo}, str(brings)


def _moment(text: str) -> str:
    moment = parse_datetime(text) if text else None
    return f"{formats.day(moment)} {formats.time(moment)}" if moment is not None else text


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_DETAIL else line[: LONGEST_DETAIL - 1] + "…"
