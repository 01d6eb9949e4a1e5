"""The contact lines of a deal by department: who is there, what they care about, when we last spoke."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact, Function
from duobiao.identity.models import User
from duobiao.opportunities.domain.threads import Line, judge_line
from duobiao.opportunities.models import Confirmation, Conversation, DealThread, Opportunity, Proof
from duobiao.opportunities.models.thread import USUAL_QUIET_DAYS
from duobiao.opportunities.queries.people import companies_of

ORDER = (
    Function.USING,
    Function.TECHNICAL,
    Function.PROCUREMENT,
    Function.FINANCE,
    Function.MANAGEMENT,
    Function.LEGAL,
    Function.OTHER,
)
ALWAYS = ORDER[:5]
"""Departments that every purchase of this kind touches; the others show once somebody is known there."""
CONCERNS: Mapping[str, object] = {
    Function.USING: _("does it solve our daily trouble, and who helps when it stops"),
    Function.TECHNICAL: _("is it feasible, and does it fit what we have"),
    Function.PROCUREMENT: _("cost and compliance"),
    Function.FINANCE: _("budget, payment and tax"),
    Function.MANAGEMENT: _("return on the investment, and the risk"),
    Function.LEGAL: _("liability and terms"),
    Function.OTHER: "",
}
"""What a department usually cares about, until somebody notes it for this deal."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of a department; ``last_on`` the day we last heard from them about this deal."""

    ref: str
    name: str
    position: str
    last_on: date | None


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One line of the board.

    Attributes:
        usual: Nobody has noted the concern for this deal; the usual one is shown.
        quiet: Days since the last contact.
    """

    function: str
    title: str
    concern: str
    usual: bool
    keeper: str
    keeper_ref: str
    people: Sequence[Somebody]
    last_on: date | None
    quiet: int | None
    quiet_days: int
    line: Line
    version: int


def threads_of(deal: Opportunity, reader: User, *, on: date) -> list[ThreadLine]:
    """Return the lines of a deal in the order of departments; five queries for any number of people.

    Who owns the deal or is on its team sees the people of all its companies, others those of customers they see.
    """
    spoken = last_spoken([deal.pk])[deal.pk]
    people: dict[str, list[Somebody]] = defaultdict(list)
    works_here = deal.owner_id == reader.pk or deal.team.filter(user=reader).exists()
    seen = Contact.objects.live() if works_here else Contact.objects.visible_to(reader)
    rows = seen.filter(customer__in=companies_of(deal).values("pk")).order_by("name", "pk")
    for pk, ref, name, position, function in rows.values_list("pk", "ref", "name", "position", "function"):
        people[function or Function.OTHER].append(Somebody(ref, name, position, spoken.get(pk)))
    kept = {row.function: row for row in deal.threads.select_related("keeper")}
    shown = [name for name in ORDER if name in ALWAYS or name in people or name in kept]
    return [_line(deal, name, people[name], kept.get(name), on) for name in shown]


Heard = Iterable[tuple[int, int, date]]
"""Deal, contact, and the last day on which we heard from this contact about this deal."""
Hearing = Callable[[Sequence[int], date], Heard]
"""Takes deals and a last day; returns whom the records of a capability above show us to have heard from."""
_hearings: list[Hearing] = []


def register_hearing(hearing: Hearing) -> None:
    """Let records of a capability above say whom we heard from; once, at start."""
    _hearings.append(hearing)


def last_spoken(deals: Sequence[int], *, until: date = date.max) -> dict[int, dict[int, date]]:
    """Return when we last heard from each contact up to a day, by deal; one query, and those of registered records.

    Heard counts a call or visit, an answer to what we asked to be confirmed, what somebody proved, and what records of
    capabilities above say. What only follows from another record proves no word of the person, unless it says by which
    channel the word came.
    """
    found: dict[int, dict[int, date]] = defaultdict(dict)
    talks = Conversation.objects.filter(opportunity_id__in=deals, on__lte=until)
    proofs = Proof.objects.filter(opportunity_id__in=deals, contact__isnull=False, retracted_on=None)
    proofs = proofs.filter(Q(source_kind="") | ~Q(channel=""), happened_on__lte=until)
    answers = Confirmation.objects.filter(opportunity_id__in=deals, answered_on__lte=until)
    ours = (
        answers.order_by()
        .values_list("opportunity_id", "contact_id")
        .annotate(last=Max("answered_on"))
        .union(
            talks.order_by().values_list("opportunity_id", "contact_id").annotate(last=Max("on")),
            proofs.order_by().values_list("opportunity_id", "contact_id").annotate(last=Max("happened_on")),
        )
    )
    for rows in (ours, *(hearing(deals, until) for hearing in _hearings)):
        for deal, contact, last in rows:
            held = found[deal].get(contact)
            found[deal][contact] = last if held is None else max(held, last)
    return found


def _line(
    deal: Opportunity, name: Function, people: Sequence[Somebody], kept: DealThread | None, on: date
) -> ThreadLine:
    last_on = max((row.last_on for row in people if row.last_on is not None), default=None)
    quiet_days = kept.quiet_days if kept else USUAL_QUIET_DAYS
    keeper = (kept.keeper if kept else None) or deal.owner
    noted = kept.concern if kept else ""
    return ThreadLine(
        function=str(name),
        title=str(name.label),
        concern=noted or str(CONCERNS[name]),
        usual=not noted,
        keeper=keeper.name,
        keeper_ref=keeper.ref,
        people=sorted(people, key=lambda row: (row.last_on is None, -(row.last_on or on).toordinal(), row.name)),
        last_on=last_on,
        quiet=(on - last_on).days if last_on is not None else None,
        quiet_days=quiet_days,
        line=judge_line(people=len(people), last_on=last_on, quiet_days=quiet_days, on=on),
        version=kept.version if kept else 0,
    )
