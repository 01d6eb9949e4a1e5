"""What an agreed meeting proves: that there will be one, when, where and about what.

Only a 经手人 or somebody above can grant it; anybody else may pass a date on, but cannot promise the company's time.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from duobiao.engagement.domain.findings import Finding, Why
from duobiao.playbooks.domain.model import Grade

MEETING = "engagement.next_meeting_granted"
TIME = "engagement.visit_time_agreed"
PLACE = "engagement.visit_place_agreed"
TOPIC = "engagement.visit_topic_agreed"
KEYS = (MEETING, TIME, PLACE, TOPIC)

GRACE = timedelta(days=7)
"""Time, place and topic lapse this long after the appointment unless the visit is held (b-playbook-8 §0.5)."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A meeting as it was agreed.

    Attributes:
        agreed_on: Day of the agreement.
        day: Day of the meeting, where we and the customer sit.
        at: The moment, ISO 8601 in UTC; ``said`` the same as the ledger quotes it, where the meeting takes place.
        with_handler: Whether who agreed is the 经手人 or above; None while unknown.
        person: Key of the contact who agreed; None: nobody has yet.
        held: It took place, so that what was agreed does not lapse any more.
    """

    agreed_on: date
    day: date
    at: str
    said: str = ""
    place: str = ""
    topic: str = ""
    with_handler: bool | None = None
    person: int | None = None
    channel: str = ""
    held: bool = False


def judge_appointment(appointment: Appointment | None, *, missing: Why = Why.NO_MEETING) -> list[Finding]:
    """Judge the four keys of an agreed meeting; ``missing`` is the reason where there is none.

    The promise to go on (1.S1) has no last day of its own; time, place and topic carry one until the visit is held.
    """
    if appointment is None:
        return [Finding(key, missing) for key in KEYS]
    refused = _refused(appointment)
    if refused is not None:
        return [Finding(key, refused, detail=appointment.at) for key in KEYS]
    return [
        _shown(appointment, MEETING, Why.MEETING_AGREED, appointment.at, quote=appointment.said, lapses=False),
        _shown(appointment, TIME, Why.TIME_AGREED, appointment.at, quote=appointment.said),
        _part(appointment, PLACE, appointment.place, Why.PLACE_AGREED, Why.NO_PLACE),
        _part(appointment, TOPIC, appointment.topic, Why.TOPIC_AGREED, Why.NO_TOPIC),
    ]


def _refused(appointment: Appointment) -> Why | None:
    if appointment.person is None:
        return Why.NOT_AGREED
    if appointment.with_handler is None:
        return Why.HANDLER_UNKNOWN
    return None if appointment.with_handler else Why.BELOW_HANDLER


def _part(appointment: Appointment, key: str, text: str, why: Why, lack: Why) -> Finding:
    return _shown(appointment, key, why, text, quote=text) if text.strip() else Finding(key, lack)


def _shown(appointment: Appointment, key: str, why: Why, text: str, *, quote: str, lapses: bool = True) -> Finding:
    return Finding(
        key,
        why,
        Grade.DOCUMENTED,
        detail=text,
        on=appointment.agreed_on,
        valid_until=appointment.day + GRACE if lapses and not appointment.held else None,
        person=appointment.person,
        channel=appointment.channel,
        quote=quote,
    )
