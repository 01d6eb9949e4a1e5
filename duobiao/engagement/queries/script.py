"""The script of a call: three steps, with questions filled from what is known of the company and from the last call."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from duobiao.customers.models import Contact, Customer
from duobiao.customers.queries.customers import best_known_handler, get_profile
from duobiao.engagement.domain.probing import Probe, echo
from duobiao.engagement.models import Call
from duobiao.engagement.queries.brief import ASKS, KINDS, known_ring
from duobiao.engagement.queries.records import calls_of
from duobiao.engagement.queries.wording import question
from duobiao.identity.models import CompanySettings, User
from duobiao.prospecting.models import Lead
from duobiao.web import formats

MOST_ASKS = 3
PAIN = {
    "problem": Probe.PROBLEM,
    "problem_since": Probe.SINCE,
    "tried": Probe.TRIED,
    "tried_result": Probe.RESULT,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to say; ``brings`` what it is for."""

    words: str
    brings: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """What to say in a call.

    Attributes:
        pain: The question of each answer of the pain chain, by field of the call.
        explicit, hidden: The question for a need the customer sees, and for one it does not see yet.
        asks: Questions for what is not known of the company.
        last: The last call with this person.
    """

    opening: list[Line]
    pain: dict[str, Line]
    explicit: Line
    hidden: Line
    asks: list[Line]
    meeting: list[Line]
    last: Call | None = None


def script_for(*, caller: User, name: str, contact: Contact | None, lead: Lead | None, slots: list[datetime]) -> Script:
    """Return the script for a person; ``slots`` are the moments to offer for a meeting."""
    customer = contact.customer if contact is not None else None
    last = calls_of(contact=contact).first() if contact is not None else None
    known = (last.problem if last is not None else "") or (lead.need if lead is not None and customer is None else "")
    words = echo(known) if known.strip() else ""
    return Script(
        opening=_opening(caller, name, customer, words),
        pain=_pain(words),
        explicit=_line(Probe.PAYOFF if words else Probe.CONSEQUENCE, words),
        hidden=_line(Probe.AWAKEN, words),
        asks=_asks(customer),
        meeting=_meeting(slots),
        last=last,
    )


def _line(probe: Probe, words: str) -> Line:
    said, brings = question(probe, words or _("this"))
    return Line(said, brings)


def _opening(caller: User, name: str, customer: Customer | None, known: str) -> list[Line]:
    who = {"name": name, "me": str(caller), "company": CompanySettings.load().name}
    lines = [
        Line(_("“Hello %(name)s, this is %(me)s of %(company)s.”") % who, _("who we are")),
        Line(question(Probe.OPEN, "")[0], question(Probe.OPEN, "")[1]),
    ]
    if known:
        said = _("“Last time you spoke of ‘%(echo)s’. How does that stand today?”") % {"echo": known}
        lines.append(Line(said, _("takes up their own words")))
    elif customer is not None and customer.industry:
        said = _("“We work with several companies in %(industry)s; they told us where it hurts most.”")
        lines.append(Line(said % {"industry": customer.industry}, _("a reason to talk, without a product")))
    return lines


def _pain(known: str) -> dict[str, Line]:
    lines = {name: _line(probe, known) for name, probe in PAIN.items()}
    lines["tried_result"] = Line(_("“And how did that work out?”"), question(Probe.RESULT, known)[1])
    return lines


def _asks(customer: Customer | None) -> list[Line]:
    if customer is None:
        items = list(ASKS)[:MOST_ASKS]
    else:
        ring = known_ring(get_profile(customer), best_known_handler(customer))
        items = [item for group in (ring.customer, ring.handler) for item, there in group.items() if not there]
    asks = [ASKS[item] for item in items if item in ASKS and ASKS[item][0] != "O"][:MOST_ASKS]
    return [Line(str(said), str(KINDS[kind])) for kind, said in asks]


def _meeting(slots: list[datetime]) -> list[Line]:
    lines = []
    if len(slots) > 1:
        first, second = (f"{formats.weekday(slot)} {formats.time(slot)}" for slot in slots[:2])
        said = _("“I could bring a case from your industry. Would %(first)s or %(second)s suit you?”")
        lines.append(Line(said % {"first": first, "second": second}, question(Probe.MEET, "")[1]))
    return [*lines, _line(Probe.PLACE, ""), _line(Probe.TOPIC, "")]
