"""The overview of a deal: both tracks, what is missing, what to do, what runs out, conditions, people."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from duobiao.customers.models import Stance
from duobiao.opportunities.queries.catch_up import CatchUpPlan, catch_up_plan
from duobiao.opportunities.queries.effects import effect_of
from duobiao.opportunities.queries.explain import Explained, explain
from duobiao.opportunities.queries.gates import Gap, gap_of
from duobiao.opportunities.queries.next_actions import NextAction, ended_by_buyer, next_actions
from duobiao.opportunities.queries.people import Person, people_of
from duobiao.opportunities.queries.renewals import is_appointment, renewal_url
from duobiao.opportunities.queries.risks import RiskLine, risk_lines
from duobiao.opportunities.queries.surroundings import around
from duobiao.opportunities.queries.tracks import moves_of, tracks
from duobiao.opportunities.queries.what_if import next_fall
from duobiao.playbooks.domain.model import Kind, Verdict
from duobiao.stakeholders.queries.known import Standing, standings
from duobiao.strategy.queries.plans import planned_rules
from duobiao.web.components import Stepper
from duobiao.web.formats import day
from duobiao.workbench.queries.deal_frame import DealFrame

WARNED_DAYS = 60
PEOPLE_SHOWN = 6
SHORT_TITLE = 12


@dataclass(frozen=True, slots=True)
class Ring:
    """One condition group of the stage in focus."""

    label: str
    met: int
    required: int
    note: str


@dataclass(frozen=True, slots=True)
class Ending:
    """What runs out next and what that does."""

    title: str
    text: str
    url: str
    dialog: bool


@dataclass(frozen=True, slots=True)
class Pending:
    """A waiver that waits for a decision."""

    ref: str
    title: str
    asked_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the overview shows.

    Attributes:
        catch_up: What brings us level with the buyer; None where we are not behind.
        planned: Keys of the signals that an unfinished contingency plan answers.
    """

    explained: Explained
    stepper: Stepper
    gap: Gap
    catch_up: CatchUpPlan | None
    actions: list[NextAction]
    ending: Ending | None
    rings: list[Ring]
    people: list[Person]
    people_count: int
    pending: list[Pending]
    risks: list[RiskLine]
    planned: set[str]
    ended: str
    items: int


def overview_of(frame: DealFrame) -> Overview:
    """Return the overview; thirteen queries whatever the deal holds."""
    deal, rights, on = frame.deal, frame.rights, frame.on
    explained, surrounding = explain(deal, on), around(deal)
    may_prove = rights.may_prove
    people = people_in(frame)
    bid_day = timezone.localtime(deal.bid_deadline_at).date() if deal.bid_deadline_at else None
    return Overview(
        explained=explained,
        stepper=tracks(explained, moves_of(deal.pk), may_prove=may_prove, bid_day=bid_day),
        gap=gap_of(explained, may_prove=may_prove),
        catch_up=catch_up_plan(explained),
        actions=next_actions(explained, surrounding) if may_prove else [],
        ending=_ending(explained, may_prove=may_prove),
        rings=_rings(explained),
        people=people[:PEOPLE_SHOWN],
        people_count=len(people),
        pending=_pending(explained, on),
        risks=risk_lines(deal, surrounding.signals, on=on),
        planned=planned_rules(deal),
        ended=ended_by_buyer(explained) if deal.is_open else "",
        items=sum(line.verdict is not Verdict.NOT_APPLICABLE for line in explained.items),
    )


def people_in(frame: DealFrame) -> list[Person]:
    """Return the people of the project whom the reader may see; who stands on the decision chain, as it says."""
    companies = [company.customer_id for company in frame.participants]
    people = people_of(frame.deal, frame.rights.actor, companies=companies, works_here=frame.rights.works_here)
    held = standings(frame.deal, on=frame.on)
    return [_as_held(person, held[person.ref]) if person.ref in held else person for person in people]


def _as_held(person: Person, held: Standing) -> Person:
    words = "" if held.stance is None else str(Stance(held.stance).label)
    return replace(person, stance=held.stance, stance_words=words, faded=held.faded, gone=held.gone)


def _rings(explained: Explained) -> list[Ring]:
    labels = {Kind.P: _("Sales process"), Kind.R: _("Relations"), Kind.INFORMATION: _("Information")}
    rings = []
    for kind, label in labels.items():
        progress = explained.condition(kind)
        missing = [
            line.title
            for line in explained.of(explained.focus, str(kind))
            if line.verdict not in (Verdict.MET, Verdict.SETTLED, Verdict.NOT_APPLICABLE)
        ]
        rings.append(Ring(label, progress.met, progress.required, _missing_words(missing)))
    return rings


def _missing_words(titles: list[str]) -> str:
    if not titles:
        return _("complete")
    first = titles[0].split("，")[0].split(",")[0]
    short = first if len(first) <= SHORT_TITLE else ""
    if not short:
        return ngettext("%(num)d missing", "%(num)d missing", len(titles)) % {"num": len(titles)}
    if len(titles) == 1:
        return _("missing: %(title)s") % {"title": short}
    return _("missing: %(title)s and %(num)d more") % {"title": short, "num": len(titles) - 1}


def _ending(explained: Explained, *, may_prove: bool) -> Ending | None:
    fall = next_fall(explained, within_days=WARNED_DAYS)
    if fall is None:
        return None
    on, change = fall
    lines = {line.item: line for line in explained.items}
    lost = [lines[key] for key in change.lost if lines[key].gates]
    own = [line for line in lost if line.expires_on == on - timedelta(days=1)]
    lost = own or lost
    if not lost:
        return None
    waived = lost[0].verdict is Verdict.WAIVED
    last = lost[0].expires_on or on
    count = {"num": len(lost), "day": day(last)}
    if waived:
        title = ngettext("%(num)d waiver ends on %(day)s", "%(num)d waivers end on %(day)s", len(lost)) % count
    else:
        title = ngettext("%(num)d proof runs out on %(day)s", "%(num)d proofs run out on %(day)s", len(lost)) % count
    effect = effect_of(change)
    if change.falls_back and not change.rate_gain:
        effect = _("%(effect)s, success rate unchanged") % {"effect": effect}
    words = _("“%(item)s”: if nothing is recorded until then, %(effect)s")
    if not effect:
        words = _("“%(item)s” counts no more then; the stage stays")
    text = words % {"item": lost[0].title, "effect": effect}
    url = renewal_url(lost[0], explained) if may_prove else ""
    return Ending(title, text, url, dialog=not is_appointment(lost[0], explained))


def _pending(explained: Explained, on: date) -> list[Pending]:
    titles = {line.item: line.title for line in explained.items}
    return [
        Pending(row.ref, titles.get(row.item, row.given), row.asked_by, row.reason)
        for row in explained.ledger.waivers
        if row.waits(on)
    ]
