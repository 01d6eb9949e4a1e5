"""The chain of a deal as it stood on a day: people with what is held of them, links, weights, support, coverage."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from django.db.models import Q

from duobiao.customers.models import Function
from duobiao.kernel.days import local_day
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.threads import last_spoken
from duobiao.playbooks.domain.people import Judged
from duobiao.stakeholders.domain.graph import LinkKind, Tie, Weight, influence_path, measure
from duobiao.stakeholders.domain.judging import Judgement, Seen, Topic, judge
from duobiao.stakeholders.domain.relations import Square
from duobiao.stakeholders.domain.standing import Held, Member
from duobiao.stakeholders.domain.support import (
    PARTS,
    Asked,
    Coverage,
    Ground,
    Level,
    Role,
    Seat,
    Voice,
    coverage,
    ground_of,
    support_index,
    voice_weight,
)
from duobiao.stakeholders.models import CellState, DealPerson, InfluenceLink, Observation, PersonPast, RelationRecord
from duobiao.stakeholders.models import Tie as TieKind
from duobiao.stakeholders.models.past import KEPT
from duobiao.stakeholders.queries.definitions import rules
from duobiao.stakeholders.queries.playbook_rules import half_lives_of

REACHED_WITHIN: Final = timedelta(days=180)
"""How long a word counts as speaking to somebody."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One person of the chain on a day.

    Attributes:
        judged: What holds, by topic.
        seen: All observations by topic, the newest first.
        cells: Cells of the matrix with a record.
        covered: Somebody of ours speaks to them: a colleague is named, or we heard from them within 180 days.
        left: No longer there, or their contact lies in the trash.
        binned: Their contact lies in the trash; taking it out brings them back.
        weight: None for who left.
    """

    row: DealPerson
    judged: Mapping[Topic, Judgement]
    seen: Mapping[Topic, tuple[Observation, ...]]
    cells: Mapping[Square, Held]
    last_spoken: date | None
    covered: bool
    left: bool
    binned: bool = False
    weight: Weight | None = None

    @property
    def key(self) -> int:
        """Key of the person."""
        return int(self.row.pk)

    @property
    def stance(self) -> int | None:
        """The stance that holds, however faded; None while nothing was observed."""
        return self.value(Topic.STANCE)

    @property
    def faded(self) -> bool:
        """Whether the stance was not heard of for so long that it no longer counts."""
        return self.stance is not None and self.counted(Topic.STANCE) is None

    @property
    def department(self) -> str:
        """As the coverage counts it."""
        return str(self.row.department or self.row.contact.department or self.row.get_function_display() or "–")

    def value(self, topic: Topic) -> int | None:
        """Return the value that holds of a topic."""
        found = self.judged.get(topic)
        return None if found is None else found.value

    def counted(self, topic: Topic) -> int | None:
        """Return the value as far as facts and figures count it: what has faded is unknown."""
        found = self.judged.get(topic)
        return None if found is None or found.percent < rules().faded_below else found.value

    def confidence(self, topic: Topic) -> float:
        """Return the confidence of what holds, 0 to 100."""
        found = self.judged.get(topic)
        return 0.0 if found is None else found.percent

    @property
    def voice(self) -> Voice:
        """What counts for the support."""
        return Voice(Role(self.row.role), self.counted(Topic.INFLUENCE), self.counted(Topic.STANCE))


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain of a deal on a day.

    Attributes:
        people: Everybody, the weightiest first, who left last.
        support: Net support index, −1 to 1; None where no stance is known. ``ground`` says on how much it rests.
        path: From somebody we speak to, to the decider.
    """

    deal: Opportunity
    on: date
    people: tuple[Figure, ...]
    links: tuple[InfluenceLink, ...]
    support: float | None
    ground: Ground
    coverage: Coverage
    path: tuple[int, ...]
    by_key: Mapping[int, Figure] = field(default_factory=dict)

    @property
    def present(self) -> list[Figure]:
        """Who is there."""
        return [figure for figure in self.people if not figure.left]

    @property
    def decider(self) -> Figure | None:
        """The final decider."""
        return next((one for one in self.present if one.row.role == Role.FINAL_DECIDER), None)

    @property
    def parts(self) -> dict[Role, list[Figure]]:
        """Who plays each of the four parts."""
        return {part: [one for one in self.present if one.row.role == part] for part in PARTS}

    @property
    def missing_parts(self) -> list[Role]:
        """Parts of the decision that nobody is known to play."""
        return [part for part, people in self.parts.items() if not people]

    @property
    def circles(self) -> list[list[Figure]]:
        """The circles of two people and more, the largest first."""
        found: defaultdict[int, list[Figure]] = defaultdict(list)
        for figure in self.present:
            if figure.weight is not None:
                found[figure.weight.circle].append(figure)
        return [found[number] for number in sorted(found) if len(found[number]) > 1]

    @property
    def members(self) -> list[Member]:
        """The people as rules look at them."""
        return [member_of(figure) for figure in self.people]

    def named(self, keys: Iterable[int]) -> list[str]:
        """Return the names of some people."""
        return [str(self.by_key[key].row.contact.name) for key in keys]


def load_chain(deal: Opportunity, *, on: date) -> Chain:
    """Return the chain of a deal on a day; as many queries for any number of people."""
    return load_chains([deal], on=on)[deal.pk]


def load_chains(deals: Sequence[Opportunity], *, on: date) -> dict[int, Chain]:
    """Return the chains of some deals on a day, by their keys; as many queries as for one."""
    keys = [deal.pk for deal in deals]
    people = list(
        DealPerson.objects.filter(opportunity__in=keys, joined_on__lte=on)
        .filter(Q(removed_at__isnull=True) | Q(removed_at__date__gt=on))
        .select_related("contact__customer", "keeper", "also_at")
        .order_by("pk")
    )
    by_key = {deal.pk: deal for deal in deals}
    for row in people:
        row.opportunity = by_key[row.opportunity_id]
    _as_they_were(people, keys, on)
    seen = _observations(keys, on)
    cells = _cells(keys, on)
    spoken = last_spoken(keys, until=on)
    links: dict[int, list[InfluenceLink]] = defaultdict(list)
    lines = InfluenceLink.objects.filter(opportunity__in=keys, since__lte=on)
    for link in lines.filter(Q(until__isnull=True) | Q(until__gt=on)).order_by("pk"):
        links[link.opportunity_id].append(link)
    figures: dict[int, list[Figure]] = defaultdict(list)
    for row in people:
        last = spoken[row.opportunity_id].get(row.contact_id)
        figures[row.opportunity_id].append(_figure(row, seen.get(row.pk, {}), cells.get(row.pk, {}), last, on))
    return {deal.pk: assemble(deal, figures[deal.pk], links[deal.pk], on=on) for deal in deals}


def assemble(deal: Opportunity, figures: Sequence[Figure], links: Sequence[InfluenceLink], *, on: date) -> Chain:
    """Measure a chain of some people and links; pure of the database, so that simulations use it too."""
    there = [figure for figure in figures if not figure.left]
    keys = [figure.key for figure in there]
    held = [link for link in links if link.source_id in set(keys) and link.target_id in set(keys)]
    ties = ties_of(held)
    outside = {figure.key for figure in there if figure.row.level == Level.OUTSIDE}
    weights = measure(keys, ties, outside=outside)
    ranked = sorted(
        (replace(figure, weight=weights.get(figure.key)) for figure in figures),
        key=lambda one: (one.left, -(one.weight.influence if one.weight else 0), one.row.contact.name, one.key),
    )
    decider = next((figure.key for figure in there if figure.row.role == Role.FINAL_DECIDER), None)
    known = [figure.key for figure in there if figure.covered]
    return Chain(
        deal=deal,
        on=on,
        people=tuple(ranked),
        links=tuple(held),
        support=support_index(figure.voice for figure in there),
        ground=ground_of(figure.voice for figure in there),
        coverage=coverage([_seat(figure) for figure in figures], _asked()),
        path=tuple(influence_path(keys, ties, known=known, decider=decider)) if decider is not None else (),
        by_key={figure.key: figure for figure in ranked},
    )


def ties_of(links: Iterable[InfluenceLink]) -> list[Tie]:
    """Return links as the measuring reads them."""
    return [
        Tie(
            link.source_id,
            link.target_id,
            LinkKind(link.link_kind),
            link.strength_tenths / 10,
            carries=link.tie != TieKind.CONFLICT,
        )
        for link in links
    ]


def member_of(figure: Figure) -> Member:
    """Return a person as the rules of the ledger look at them; a stance that has faded below 20% is no longer known."""
    row = figure.row
    return Member(
        key=figure.key,
        name=row.contact.name,
        role=Role(row.role),
        function=row.function or row.contact.function,
        handler=row.contact.is_handler is True,
        coach=row.coach_grade,
        left=figure.left,
        stance=figure.counted(Topic.STANCE),
        covered=figure.covered,
        concerns=row.concerns,
        source=row.part_source,
        cells=figure.cells,
        since=row.joined_on,
    )


def share_of_voice(figure: Figure) -> int:
    """Return what the stance of this person weighs: role × influence."""
    return voice_weight(figure.voice)


def _figure(
    row: DealPerson,
    seen: Mapping[Topic, tuple[Observation, ...]],
    cells: Mapping[Square, Held],
    last_spoken: date | None,
    on: date,
) -> Figure:
    judged, half_lives = {}, half_lives_of(row.opportunity)
    for topic, observations in seen.items():
        found = judge(topic, map(as_seen, observations), on=on, half_life=half_lives[Judged(topic)])
        if found is not None:
            judged[topic] = found
    reached = last_spoken is not None and last_spoken >= on - REACHED_WITHIN
    away = row.contact.trashed_at
    binned = away is not None and local_day(away) <= on
    left = binned or (row.left_on is not None and row.left_on <= on)
    return Figure(row, judged, seen, cells, last_spoken, row.keeper_id is not None or reached, left, binned)


def as_seen(row: Observation) -> Seen:
    """Return an observation as it is judged."""
    order = row.recorded_at.timestamp()
    return Seen(row.ref, row.value, row.source_words, row.confidence_percent, row.observed_on, order, voice=row.voice)


def _seat(figure: Figure) -> Seat:
    row = figure.row
    function = row.function or row.contact.function
    return Seat(str(row.ref), figure.department, Level(row.level), figure.covered, function, figure.left)


def _asked() -> list[Asked]:
    """Return the departments every purchase touches, by the names people know them by."""
    return [
        Asked(function, str(Function(function).label), level)
        for function, levels in rules().departments.items()
        for level in levels
    ]


def _as_they_were(people: Iterable[DealPerson], keys: Collection[int], on: date) -> None:
    """Give people the part they played on a day, where it was changed since; today no row is found."""
    past: dict[int, PersonPast] = {}
    rows = PersonPast.objects.filter(person__opportunity__in=keys, until__gt=on).select_related("keeper")
    for held in rows.order_by("-until"):
        past[held.person_id] = held
    for person in people:
        if (was := past.get(person.pk)) is not None:
            person.keeper = was.keeper
            for name in KEPT:
                setattr(person, name, getattr(was, name))


def _observations(keys: Collection[int], on: date) -> dict[int, dict[Topic, tuple[Observation, ...]]]:
    rows = Observation.objects.filter(person__opportunity__in=keys, observed_on__lte=on, retracted_at__isnull=True)
    found: dict[int, dict[Topic, tuple[Observation, ...]]] = defaultdict(dict)
    for row in rows.select_related("recorded_by").order_by("-observed_on", "-recorded_at", "-pk"):
        held = found[row.person_id]
        held[Topic(row.topic)] = (*held.get(Topic(row.topic), ()), row)
    return found


def _cells(keys: Collection[int], on: date) -> dict[int, dict[Square, Held]]:
    rows = RelationRecord.objects.filter(person__opportunity__in=keys, happened_on__lte=on, retracted_at__isnull=True)
    found: dict[int, dict[Square, Held]] = defaultdict(dict)
    for row in rows.order_by("happened_on", "recorded_at", "pk"):
        found[row.person_id][Square(row.cell)] = Held(
            int(CellState(row.state)), row.happened_on, row.words, row.channel
        )
    return found
