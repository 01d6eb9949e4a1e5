"""Draw a line between two people of a chain, and end it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Opportunity
from duobiao.stakeholders.actions.take import settle, take_deal
from duobiao.stakeholders.actions.texts import Faults, check_choice, checked_text, refuse, require_past
from duobiao.stakeholders.domain.graph import MOST_LINKS, STRONGEST, WEAKEST, cycle_closed_by
from duobiao.stakeholders.events import LinkEnded, PeopleLinked
from duobiao.stakeholders.models import DealPerson, InfluenceLink, LinkKind, Tie
from duobiao.stakeholders.queries.chain import ties_of
from duobiao.timeline.actions.record import record

LONGEST_LABEL = 40


class SelfLink(Conflict):
    """Nobody reports to, or influences, themselves (409)."""

    code = "self_link"


class ReportingCycle(Conflict):
    """Reporting lines would close a circle (409)."""

    code = "reporting_cycle"


class LinkedAlready(Conflict):
    """A line of this kind, resting on the same tie, is there (409)."""

    code = "linked_already"


class TooManyLinks(Conflict):
    """The chain holds as many lines as can be drawn and measured (409)."""

    code = "too_many_links"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as somebody wants to draw it.

    Attributes:
        source, target: Formal: ``source`` reports to ``target``. Informal: ``source`` influences ``target``.
        tie: What an informal one rests on.
        strength: 0.5 to 2; a formal line counts 1 whatever is said.
        since: Day from which it is known; None: today.
    """

    source: DealPerson
    target: DealPerson
    kind: str
    tie: str = ""
    strength: float = 1.0
    label: str = ""
    since: date | None = None


@transaction.atomic
def link_people(*, opportunity: Opportunity, line: Line, actor: User, now: datetime) -> InfluenceLink:
    """Draw a line.

    Raises:
        NotAllowed, DealClosed: see ``take_deal``.
        SelfLink, ReportingCycle, LinkedAlready, TooManyLinks: see there; a circle names its people.
        InTheFuture: the day has not come.
        Invalid: a field does not fit, or somebody is not on this chain.
    """
    deal = take_deal(opportunity, actor)
    label, tie, tenths = _checked(deal, line)
    if line.since is not None:
        require_past("since", line.since, actor=actor, now=now)
    live = list(InfluenceLink.objects.filter(opportunity=deal, until=None))
    _require_possible(live, line, tie)
    link = InfluenceLink.objects.create(
        opportunity=deal,
        source=line.source,
        target=line.target,
        link_kind=line.kind,
        tie=tie,
        strength_tenths=tenths,
        label=label,
        since=min(line.since or company_day(now), company_day(now)),
        added_at=now,
        added_by=actor,
    )
    record(PeopleLinked(subject=Ref.of(deal), chain=deal.ref, data=told(link)), actor=actor, at=now)
    settle(deal, actor=actor, now=now)
    return link


@transaction.atomic
def end_link(*, link: InfluenceLink, actor: User, now: datetime) -> InfluenceLink:
    """End a line; pictures of earlier days still show it.

    Raises:
        NotAllowed, DealClosed: see ``take_deal``.
        Conflict: it ended before.
    """
    deal = take_deal(link.opportunity, actor)
    held = InfluenceLink.objects.select_related("source__contact", "target__contact").get(pk=link.pk)
    if held.until is not None:
        raise Conflict(_("This line ended before."))
    held.until, held.ended_by = company_day(now), actor
    held.save(update_fields=["until", "ended_by"])
    record(LinkEnded(subject=Ref.of(deal), chain=deal.ref, data=told(held)), actor=actor, at=now)
    settle(deal, actor=actor, now=now)
    return held


def told(link: InfluenceLink) -> dict[str, object]:
    """Return what the audit says of a line."""
    return {
        "link": link.ref,
        "kind": link.link_kind,
        "source": link.source.contact.name,
        "target": link.target.contact.name,
        "tie": link.tie,
        "strength": link.strength_tenths / 10,
        "label": link.label,
        "since": link.since.isoformat(),
    }


def _checked(deal: Opportunity, line: Line) -> tuple[str, str, int]:
    faults: Faults = {}
    formal = line.kind == LinkKind.FORMAL
    check_choice("kind", line.kind, LinkKind.values, faults)
    for name, person in (("from", line.source), ("to", line.target)):
        if person.opportunity_id != deal.pk or person.removed_at is not None:
            faults[name] = _("Choose somebody of this decision chain.")
    label = checked_text("label", line.label, longest=LONGEST_LABEL, faults=faults)
    tie = "" if formal else line.tie or Tie.OTHER
    if tie:
        check_choice("tie", tie, Tie.values, faults)
    if not formal and not WEAKEST <= line.strength <= STRONGEST:
        faults["strength"] = _("The strength lies between 0.5 and 2.")
    refuse(faults)
    return label, tie, 10 if formal else round(10 * line.strength)


def _require_possible(live: list[InfluenceLink], line: Line, tie: str) -> None:
    names = {"source": line.source.contact.name, "target": line.target.contact.name}
    if line.source.pk == line.target.pk:
        message = _("A line leads from one person to another. Choose two different people.")
        raise SelfLink(message, fields={"to": message})
    drawn = (line.source.pk, line.target.pk, line.kind, tie)
    if any((row.source_id, row.target_id, row.link_kind, row.tie) == drawn for row in live):
        raise LinkedAlready(_("This line from %(source)s to %(target)s is drawn already.") % names)
    if len(live) >= MOST_LINKS:
        message = _("A decision chain holds at most %(n)d lines. End those that no longer matter.")
        raise TooManyLinks(message % {"n": MOST_LINKS})
    if line.kind == LinkKind.FORMAL:
        circle = cycle_closed_by(ties_of(live), source=line.source.pk, target=line.target.pk)
        if circle:
            raise _circle_of(circle)


def _circle_of(keys: list[int]) -> ReportingCycle:
    people = {row.pk: row for row in DealPerson.objects.filter(pk__in=keys).select_related("contact")}
    names = " → ".join(people[key].contact.name for key in [*keys, keys[0]])
    message = _("Reporting lines would run in a circle: %(names)s. End one of these lines first.") % {"names": names}
    return ReportingCycle(message, fields={"to": message}, details={"people": [people[key].ref for key in keys]})
