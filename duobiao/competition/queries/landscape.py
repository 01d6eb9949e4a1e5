"""The rivals of a deal as pages and the API show them: by class, compared, with barriers, contacts, moves, answers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from duobiao.competition.domain.comparison import HIGHEST, best_of
from duobiao.competition.domain.proving import shown as judge_proofs
from duobiao.competition.models import (
    Barrier,
    CardStatement,
    CounterAction,
    DealRival,
    Landscape,
    Reach,
    RivalClass,
    RivalMove,
    RivalScore,
)
from duobiao.competition.queries.advice import is_old
from duobiao.competition.queries.proving import proof_words, rival_facts
from duobiao.competition.queries.scores import score_rows
from duobiao.competition.queries.settings import settings, words
from duobiao.customers.models import Contact, Function
from duobiao.identity.models import User
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.models import Opportunity
from duobiao.opportunities.queries.people import companies_of
from duobiao.opportunities.queries.threads import ALWAYS, ORDER
from duobiao.planning.domain.pictures import Radar, radar
from duobiao.stakeholders.queries.known import standings

MOST_MOVES = 30
MOST_DRAWN = 3
HUNDRED = 100


def competition_url(ref: str) -> str:
    """Return the page of the rivals of a deal."""
    return deal_url(ref, "competition")


@dataclass(frozen=True, slots=True)
class CounterShown:
    """An answer to a rival, with its task as it stands."""

    counter: CounterAction
    late: bool


@dataclass(frozen=True, slots=True)
class BarrierShown:
    """A barrier with what is done to break it."""

    barrier: Barrier
    counters: tuple[CounterShown, ...]


@dataclass(frozen=True, slots=True)
class RivalShown:
    """A rival on the deal.

    Attributes:
        scores: Its latest scores by dimension.
        gap: Our weighted gap to it in grades; negative where it is ahead.
        needs_answer: It is clearly ahead and nothing is planned against it.
        card_count, card_old: Statements on its battle card, and whether some are old.
    """

    row: DealRival
    scores: Mapping[str, RivalScore]
    gap: Decimal | None
    barriers: tuple[BarrierShown, ...]
    reaches: tuple["ReachShown", ...]
    counters: tuple[CounterShown, ...]
    needs_answer: bool
    card_count: int
    card_old: bool


@dataclass(frozen=True, slots=True)
class ReachShown:
    """Whom a rival reaches; ``name`` is "" where the reader may not know the person."""

    reach: Reach
    name: str
    contact_ref: str


@dataclass(frozen=True, slots=True)
class DimensionRow:
    """One dimension: our score, those of the rivals in their order, the best of them, the difference to it."""

    key: str
    title: str
    hint: str
    weight: int
    ours: RivalScore | None
    theirs: tuple[RivalScore | None, ...]
    best: int | None
    gap: int | None


@dataclass(frozen=True, slots=True)
class Department:
    """One line of the map: who there is for us, and whom each rival reaches, in the order of the rivals."""

    title: str
    ours: tuple[Any, ...]
    theirs: tuple[tuple[ReachShown, ...], ...]


@dataclass(frozen=True, slots=True)
class ProofShown:
    """A kind of evidence that these records supply; ``lack`` is "" where they show it."""

    key: str
    title: str
    on: date | None
    lack: str


@dataclass(frozen=True, slots=True)
class LandscapeShown:
    """The rivals of a deal.

    Attributes:
        rivals: Those in the race, direct ones first; ``left`` those that left it.
        drawn: Names in the picture, in the order of its shapes after ours.
        own_weights: The deal has weights of its own.
        sources: Where the scores in force come from: side, and one score of each day, author and source.
    """

    deal: Opportunity
    landscape: Landscape | None
    rivals: tuple[RivalShown, ...]
    left: tuple[RivalShown, ...]
    dimensions: tuple[DimensionRow, ...]
    gap: Decimal | None
    picture: Radar | None
    drawn: tuple[str, ...]
    own_weights: bool
    sources: tuple[tuple[str, RivalScore], ...]
    departments: tuple[Department, ...]
    moves: tuple[RivalMove, ...]
    proofs: tuple[ProofShown, ...]

    def by_class(self) -> list[tuple[str, list[RivalShown]]]:
        """Return the rivals in the race by class, classes without any left out."""
        groups = [(choice, [row for row in self.rivals if row.row.rival_class == choice]) for choice in RivalClass]
        return [(str(choice.label), rows) for choice, rows in groups if rows]

    @property
    def version(self) -> int:
        """Version of the weights."""
        return self.landscape.version if self.landscape is not None else 1

    @property
    def weights(self) -> dict[str, int]:
        """The weights in force."""
        return {row.key: row.weight for row in self.dimensions}


def landscape_shown(deal: Opportunity, reader: User, *, on: date) -> LandscapeShown:
    """Return the rivals of a deal; a dozen queries whatever it holds."""
    landscape = Landscape.objects.filter(opportunity=deal).first()
    if landscape is not None:
        landscape.opportunity = deal
    rows = list(deal.rivals.select_related("rival", "noted_by").order_by("pk"))
    for row in rows:
        row.opportunity = deal
    order = list(RivalClass)
    rows.sort(key=lambda row: (order.index(RivalClass(row.rival_class)), row.gap_hundredths or 0, row.pk))
    scores = score_rows([landscape.pk] if landscape is not None else [], [row.pk for row in rows])
    parts = _Parts(rows, deal, reader, on)
    shown = [parts.rival(row, _latest(scores, row.pk)) for row in rows]
    racing = tuple(row for row in shown if row.row.left_on is None)
    ours = _latest(scores, None)
    weights = (landscape.weights if landscape is not None else {}) or settings().weights
    dimensions = tuple(_dimension(key, weights[key], ours, racing) for key in settings().keys)
    drawn = tuple(sorted(racing, key=lambda row: row.gap if row.gap is not None else HIGHEST)[:MOST_DRAWN])
    gap = landscape.gap_hundredths if landscape is not None else None
    return LandscapeShown(
        deal=deal,
        landscape=landscape,
        rivals=racing,
        left=tuple(row for row in shown if row.row.left_on is not None),
        dimensions=dimensions,
        gap=grades(gap),
        picture=_picture(dimensions, ours, drawn),
        drawn=tuple(row.row.rival.name for row in drawn),
        own_weights=landscape is not None and bool(landscape.weights),
        sources=tuple(_sources(ours, racing)),
        departments=parts.departments(racing),
        moves=parts.moves(),
        proofs=_proofs(landscape),
    )


def grades(hundredths: int | None) -> Decimal | None:
    """Return a kept gap in grades."""
    return None if hundredths is None else Decimal(hundredths) / HUNDRED


class _Parts:
    """Reads each kind of record once for all rivals of a deal."""

    def __init__(self, rows: Sequence[DealRival], deal: Opportunity, reader: User, on: date) -> None:
        self.deal, self.on = deal, on
        self.keys = [row.pk for row in rows]
        self.people = _people(deal, reader, on)
        self.barriers = self._grouped(
            Barrier.objects.filter(removed_at=None).select_related("author").order_by("-strength", "pk")
        )
        self.reaches = self._grouped(Reach.objects.order_by("-depth", "pk"))
        self.counters = self._grouped(
            CounterAction.objects.select_related("task__owner").order_by("task__due_on", "pk")
        )
        self.cards: dict[int, list[date]] = defaultdict(list)
        of_rivals = CardStatement.objects.filter(removed_at=None, rival__in=[row.rival_id for row in rows])
        for key, day in of_rivals.values_list("rival_id", "noted_on"):
            self.cards[key].append(day)

    def _grouped(self, rows: Any) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in rows.filter(deal_rival__in=self.keys):
            found[row.deal_rival_id].append(row)
        return found

    def rival(self, row: DealRival, scores: Mapping[str, RivalScore]) -> RivalShown:
        counters = [
            CounterShown(held, late=held.task.is_open and held.task.due_on < self.on) for held in self.counters[row.pk]
        ]
        gap = row.gap_hundredths
        days = self.cards[row.rival_id]
        answered = any(not held.counter.task.dropped for held in counters)
        return RivalShown(
            row=row,
            scores=scores,
            gap=grades(gap),
            barriers=tuple(
                BarrierShown(held, tuple(one for one in counters if one.counter.barrier_id == held.pk))
                for held in self.barriers[row.pk]
            ),
            reaches=tuple(self.reach(held) for held in self.reaches[row.pk]),
            counters=tuple(counters),
            needs_answer=gap is not None and gap <= settings().alarm_hundredths and not answered,
            card_count=len(days),
            card_old=any(is_old(day, self.on, settings().card_days) for day in days),
        )

    def reach(self, held: Reach) -> ReachShown:
        person = self.people.get(held.contact_id) if held.contact_id is not None else None
        return ReachShown(held, person.name if person else "", person.ref if person else "")

    def departments(self, racing: Sequence[RivalShown]) -> tuple[Department, ...]:
        """Return the map: departments every purchase touches, and those where somebody is for us or a rival."""
        ours: dict[str, list[Contact]] = defaultdict(list)
        for person in self.people.values():
            if (person.stance or 0) > 0:
                ours[person.function or Function.OTHER].append(person)
        reached = {held.reach.function for row in racing for held in row.reaches}
        return tuple(
            Department(
                title=str(name.label),
                ours=tuple(sorted(ours[name], key=lambda person: (-(person.stance or 0), person.name))),
                theirs=tuple(tuple(held for held in row.reaches if held.reach.function == name) for row in racing),
            )
            for name in ORDER
            if name in ALWAYS or name in ours or name in reached
        )

    def moves(self) -> tuple[RivalMove, ...]:
        """Return the latest moves of all rivals, those taken back too."""
        rows = RivalMove.objects.filter(deal_rival__in=self.keys).select_related("deal_rival__rival", "author")
        return tuple(rows.order_by("-happened_on", "-noted_at", "-pk")[:MOST_MOVES])


def _people(deal: Opportunity, reader: User, on: date) -> dict[int, Contact]:
    """Return the people of a deal whom the reader may know, by their keys; who works on it knows those of all companies.

    Where the decision chain knows them, they stand as it says.
    """
    works_here = deal.owner_id == reader.pk or deal.team.filter(user=reader).exists()
    seen = Contact.objects.live() if works_here else Contact.objects.visible_to(reader)
    rows = seen.filter(customer__in=companies_of(deal).values("pk"))
    people = {row.pk: row for row in rows.only("ref", "name", "function", "stance", "position", "customer_id")}
    held = standings(deal, on=on)
    for person in people.values():
        if person.ref in held:
            person.stance = held[person.ref].counted
    return people


def _latest(rows: Iterable[RivalScore], deal_rival: int | None) -> dict[str, RivalScore]:
    return {row.dimension: row for row in rows if row.deal_rival_id == deal_rival}


def _dimension(key: str, weight: int, ours: Mapping[str, RivalScore], racing: Sequence[RivalShown]) -> DimensionRow:
    found = next(row for row in settings().dimensions if row.key == key)
    theirs = tuple(row.scores.get(key) for row in racing)
    best = best_of([{key: row.score} for row in theirs if row is not None]).get(key)
    own = ours.get(key)
    gap = own.score - best if own is not None and best is not None else None
    return DimensionRow(key, words(found.title), words(found.hint), weight, own, theirs, best, gap)


def _picture(
    dimensions: Sequence[DimensionRow], ours: Mapping[str, RivalScore], drawn: Sequence[RivalShown]
) -> Radar | None:
    sides = [ours, *(row.scores for row in drawn)]
    if not any(sides):
        return None
    rows = [[float(side[row.key].score) if row.key in side else None for row in dimensions] for side in sides]
    return radar([row.title for row in dimensions], rows, highest=HIGHEST)


def _proofs(landscape: Landscape | None) -> tuple[ProofShown, ...]:
    judged = judge_proofs(rival_facts(landscape) if landscape is not None else [])
    return tuple(ProofShown(row.key, *_titled(row)) for row in judged)


def _titled(row: Any) -> tuple[str, date | None, str]:
    title, lack = proof_words(row)
    return title, row.on, lack


def _sources(ours: Mapping[str, RivalScore], racing: Sequence[RivalShown]) -> Iterator[tuple[str, RivalScore]]:
    sides = [(_("Our offer"), ours), *((row.row.rival.name, row.scores) for row in racing)]
    for name, scores in sides:
        seen = set()
        for score in scores.values():
            origin = (score.on, score.author_id, score.source)
            if origin not in seen:
                seen.add(origin)
                yield name, score
