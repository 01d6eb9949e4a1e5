"""What the ledger may say of the chain: which evidence the people, their judgements and their relations show."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from duobiao.stakeholders.domain.relations import ACCEPTED, Square
from duobiao.stakeholders.domain.support import Role

COMMERCIAL: Final = ("PROCUREMENT", "FINANCE", "LEGAL")
LEAST_TEAM: Final = 3


@dataclass(frozen=True, slots=True)
class Held:
    """One cell of one person as a record shows it."""

    state: int
    on: date
    words: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the chain.

    Attributes:
        key: Names the person.
        left: No longer there: what rests on them counts as words only.
        stance: None while unknown.
        cells: By cell; those without a record are left out.
        since: Day since which the part they play is known.
        source: Who or what says that they play it; "" where nobody is named.
    """

    key: int
    name: str
    role: Role
    function: str = ""
    handler: bool = False
    coach: str = ""
    left: bool = False
    stance: int | None = None
    covered: bool = False
    concerns: str = ""
    cells: Mapping[Square, Held] = field(default_factory=dict)
    since: date = date.min
    source: str = ""

    @property
    def traits(self) -> frozenset[str]:
        """What cells are required of this person for."""
        found = {
            "HANDLER": self.handler,
            "COACH": bool(self.coach),
            "TECHNICAL": self.function == "TECHNICAL",
            "USING": self.function == "USING" or self.role is Role.USER,
            "TEAM": self.role is not Role.UNKNOWN,
            "INFLUENCER": self.role is Role.INFLUENCER,
            "KEY": self.role in (Role.FINAL_DECIDER, Role.INFLUENCER),
            "DECIDER": self.role is Role.FINAL_DECIDER,
            "COMMERCIAL": self.function in COMMERCIAL,
        }
        return frozenset(name for name, holds in found.items() if holds)


@dataclass(frozen=True, slots=True)
class Shown:
    """Evidence that the chain shows.

    Attributes:
        person: Whose words or relation it rests on; None where on the whole chain.
        weak: Rests on somebody who left, or on what nobody is named for, and counts as asserted only.
    """

    evidence: str
    on: date
    words: str
    person: int | None = None
    channel: str = ""
    weak: bool = False


@dataclass(frozen=True, slots=True)
class CellRule:
    """One person of a trait with some cells accepted shows an evidence key."""

    evidence: str
    trait: str
    squares: tuple[Square, ...]


def shown_by_cells(members: Sequence[Member], rules: Iterable[CellRule]) -> list[Shown]:
    """Return what accepted cells show: of each rule the person still there who accepted last, else one who left."""
    found = []
    for rule in rules:
        fitting = [
            member
            for member in members
            if rule.trait in member.traits and all(_accepted(member, square) for square in rule.squares)
        ]
        if not fitting:
            continue
        best = max(fitting, key=lambda member: (not member.left, _completed(member, rule.squares), -member.key))
        last = max((best.cells[square] for square in rule.squares), key=lambda held: held.on)
        words = f"{best.name}: {last.words}" if last.words else best.name
        found.append(Shown(rule.evidence, last.on, words, best.key, last.channel, best.left))
    return found


def majority(members: Sequence[Member], squares: tuple[Square, ...], evidence: str) -> list[Shown]:
    """Return evidence that more than half of the people in the decision accepted some cells."""
    team = [member for member in members if "TEAM" in member.traits and not member.left]
    won = [member for member in team if all(_accepted(member, square) for square in squares)]
    if len(team) < LEAST_TEAM or 2 * len(won) <= len(team):
        return []
    on = max(_completed(member, squares) for member in won)
    return [Shown(evidence, on, "、".join(member.name for member in won))]


def shown_by_people(members: Sequence[Member]) -> list[Shown]:
    """Return what the parts people play show: decider and handler known, the purchase team listed and mapped.

    A part without a source is only asserted; a list is as good as the weakest of its entries.
    """
    there = [member for member in members if not member.left]
    team = [member for member in there if "TEAM" in member.traits]
    found = [
        Shown(evidence, member.since, _known_from(member), member.key, weak=not member.source)
        for evidence, trait in _SINGLE.items()
        for member in [member for member in there if trait in member.traits][:1]
    ]
    if len(team) < LEAST_TEAM:
        return found
    weak = not all(member.source for member in team)
    names, since = "、".join(member.name for member in team), max(member.since for member in team)
    found.append(Shown("stakeholders.purchase_team_listed", since, names, weak=weak))
    coaches = [member for member in there if member.coach]
    if coaches:
        found.append(Shown("stakeholders.team_mapped", max(since, coaches[0].since), names, weak=weak))
    return found


def _known_from(member: Member) -> str:
    return f"{member.name}: {member.source}" if member.source else member.name


_SINGLE: Final = {
    "stakeholders.decision_maker_identified": "DECIDER",
    "stakeholders.handler_found": "HANDLER",
}

Fact = Callable[[Sequence[Member]], bool]


def people_facts(members: Sequence[Member]) -> set[str]:
    """Return what holds of the people who are there, by code; read-outs count on these."""
    there = [member for member in members if not member.left]
    return {code for code, fact in _FACTS.items() if fact(there)}


def _accepted(member: Member, square: Square) -> bool:
    held = member.cells.get(square)
    return held is not None and held.state == ACCEPTED


def _completed(member: Member, squares: Iterable[Square]) -> date:
    return max(member.cells[square].on for square in squares)


def _of(members: Sequence[Member], trait: str) -> list[Member]:
    return [member for member in members if trait in member.traits]


def _some(members: Iterable[Member], least: int) -> bool:
    return any(member.stance is not None and member.stance >= least for member in members)


def _most(members: Collection[Member], least: int) -> bool:
    return 2 * sum(member.stance is not None and member.stance >= least for member in members) > len(members)


_FACTS: Final[Mapping[str, Fact]] = {
    "DECIDER_KNOWN": lambda people: bool(_of(people, "DECIDER")),
    "DECIDER_SPOKEN_TO": lambda people: any(member.covered for member in _of(people, "DECIDER")),
    "DECIDER_FOR_US": lambda people: _some(_of(people, "DECIDER"), 1),
    "DECIDER_HELPS": lambda people: _some(_of(people, "DECIDER"), 2),
    "COACH_FOUND": lambda people: bool(_of(people, "COACH")),
    "COACH_ACTS": lambda people: any(member.coach == "COACH" for member in people),
    "KEY_PEOPLE_HELP": lambda people: _some(_of(people, "KEY"), 2),
    "MAJORITY_FOR_US": lambda people: len(people) >= LEAST_TEAM and _most(people, 1),
    "STANCES_KNOWN": lambda people: len(people) >= LEAST_TEAM and all(one.stance is not None for one in people),
    "CONCERNS_KNOWN": lambda people: len(people) >= LEAST_TEAM and all(member.concerns for member in people),
    "PARTS_KNOWN": lambda people: len(_of(people, "TEAM")) >= LEAST_TEAM and bool(_of(people, "DECIDER")),
    "KEY_PEOPLE_SEE_VALUE": lambda people: (
        bool(_of(people, "KEY"))
        and all(_accepted(member, Square.COMPANY_NEED_PRODUCT) for member in _of(people, "KEY"))
    ),
}
