"""What a telephone call proves: exactly the stage-1 items it shows.

Decisions:

* *Interest.* 1 refuses, 2 listens out of politeness, 3 is curious, 4 wants to learn more and will think it over,
  5 presses for a solution. Interest counts from 3, and only with words of the customer: a level alone is a guess about
  a feeling. 3 is our reading of the tone, so it is ASSERTED; from 4 the customer has committed to think about it, and
  the logged words document that: DOCUMENTED.
* *Grade.* A call note is written by us, however faithfully: it never reaches BUYER_CONFIRMED. Whoever has the
  customer's own act (a reply, a signed note) records that as evidence of its own.
* *Willingness* (互动积极) is shown by a positive attitude in a call without product pitch; who was pitched at reacts to
  the product, not to the problem.
* *Meeting.* Somebody below the 经手人, or of unknown standing, who agrees a visit is kept and proves nothing.
"""

from dataclasses import dataclass
from datetime import date

from duobiao.engagement.domain.appointment import Appointment, judge_appointment
from duobiao.engagement.domain.findings import Finding, Why, lacking, shown
from duobiao.playbooks.domain.model import Grade

INTEREST = "engagement.interest_shown"
HANDLER = "engagement.handler_reached"
WILLING = "engagement.interaction_positive"
OWN_KEYS = (INTEREST, HANDLER, WILLING)
"""Keys whose source is the call itself; those of the appointment have the visit as their source."""

LEAST_INTEREST = 3
STRONG_INTEREST = 4
PHONE = "PHONE"


@dataclass(frozen=True, slots=True)
class CallFacts:
    """A call, as far as proving goes.

    Attributes:
        spoke: Somebody answered and talked.
        person: Key of the contact.
        handler: Whether the contact was the 经手人 or above at that time; None: unknown.
        post: Position of the contact.
        interest: 1 to 5; None: not noted.
        willing: The attitude was positive; None: not noted.
        pitched: We pitched a product.
        words: What the customer said about the problem.
    """

    on: date
    spoke: bool = True
    person: int | None = None
    handler: bool | None = None
    post: str = ""
    interest: int | None = None
    willing: bool | None = None
    pitched: bool = False
    words: str = ""
    appointment: Appointment | None = None
    place_or_topic_only: bool = False


def judge_call(call: CallFacts) -> list[Finding]:
    """Judge every key that a call can prove, in the order of the playbook."""
    if not call.spoke:
        return [Finding(key, Why.NOT_SPOKEN) for key in OWN_KEYS] + judge_appointment(None, missing=Why.NOT_SPOKEN)
    missing = Why.NO_TIME if call.place_or_topic_only else Why.NO_MEETING
    return [_interest(call), *judge_appointment(call.appointment, missing=missing), _handler(call), _willing(call)]


def proves(call: CallFacts) -> list[Finding]:
    """Return the evidence a call shows, each with the reason."""
    return shown(judge_call(call))


def remaining(call: CallFacts) -> list[Finding]:
    """Return the evidence a call could have shown and does not, each with the reason."""
    return lacking(judge_call(call))


def _interest(call: CallFacts) -> Finding:
    level = call.interest
    if level is None:
        return Finding(INTEREST, Why.INTEREST_UNKNOWN)
    if level < LEAST_INTEREST:
        return Finding(INTEREST, Why.INTEREST_LOW, detail=str(level))
    if not call.words.strip():
        return Finding(INTEREST, Why.NO_WORDS, detail=str(level))
    strong = level >= STRONG_INTEREST
    grade, why = (Grade.DOCUMENTED, Why.INTEREST_STRONG) if strong else (Grade.ASSERTED, Why.INTEREST_FAIR)
    return _shown(call, INTEREST, why, grade, detail=str(level), quote=call.words)


def _handler(call: CallFacts) -> Finding:
    if call.handler is None:
        return Finding(HANDLER, Why.HANDLER_UNKNOWN)
    if not call.handler:
        return Finding(HANDLER, Why.BELOW_HANDLER)
    return _shown(call, HANDLER, Why.SPOKE_TO_HANDLER, Grade.DOCUMENTED, detail=call.post)


def _willing(call: CallFacts) -> Finding:
    if call.willing is None:
        return Finding(WILLING, Why.ATTITUDE_UNKNOWN)
    if not call.willing:
        return Finding(WILLING, Why.NOT_WILLING)
    if call.pitched:
        return Finding(WILLING, Why.PITCHED)
    return _shown(call, WILLING, Why.WILLING, Grade.DOCUMENTED)


def _shown(call: CallFacts, key: str, why: Why, grade: Grade, *, detail: str = "", quote: str = "") -> Finding:
    return Finding(key, why, grade, detail=detail, on=call.on, person=call.person, channel=PHONE, quote=quote or detail)
