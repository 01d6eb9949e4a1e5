"""Read-outs of a deal: C139, MEDDPICC, Blue Sheet, DMI, role cards and conflicts, from people and proofs alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import Max

from duobiao.opportunities.models import Proof
from duobiao.stakeholders.domain.judging import MODES, Topic, differ
from duobiao.stakeholders.domain.readouts import (
    C139,
    Buyer,
    Dmi,
    Flag,
    Influence,
    Meddpicc,
    Score,
    c139,
    degree,
    dmi,
    meddpicc,
    rating,
    red_flags,
)
from duobiao.stakeholders.domain.standing import people_facts
from duobiao.stakeholders.models import BuyingInfluence, ChangeKind, PersonnelChange
from duobiao.stakeholders.queries.chain import Chain, Figure
from duobiao.stakeholders.queries.definitions import readouts, rules, words
from duobiao.stakeholders.queries.titles import sign_title

NEW_WITHIN: Final = timedelta(days=90)
"""How long somebody is new in a post."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a read-out in words.

    Attributes:
        by: What shows it; ``lacks`` what would show the whole.
    """

    key: str
    title: str
    points: int
    by: list[str]
    lacks: list[str]


@dataclass(frozen=True, slots=True)
class BuyerLine:
    """One line of the Blue Sheet."""

    figure: Figure
    influences: list[str]
    degree: str
    mode: str
    rating: int | None
    flags: list[str]


@dataclass(frozen=True, slots=True)
class BlueSheet:
    """The Blue Sheet of a deal.

    Attributes:
        flags: Red flags in words that concern a role.
        strengths: What speaks for us, in words.
    """

    buyers: list[BuyerLine]
    flags: list[str]
    strengths: list[str]
    raised: list[Flag]


@dataclass(frozen=True, slots=True)
class DmiShown:
    """The DMI of the final decider; ``missing`` names what was not observed yet."""

    decider: Figure | None
    scores: Mapping[str, int | None]
    result: Dmi | None
    missing: list[str]
    lever: str


def live_grades(chain: Chain) -> dict[str, int]:
    """Return the best grade by evidence key of what is live and known on the day of the chain."""
    rows = Proof.objects.filter(
        opportunity=chain.deal, happened_on__lte=chain.on, known_on__lte=chain.on, retracted_on=None
    ).exclude(valid_until__lt=chain.on)
    return dict(rows.order_by().values("key").annotate(best=Max("grade")).values_list("key", "best"))


def c139_of(chain: Chain, grades: Mapping[str, int]) -> C139:
    """Return C139; the coach agrees where a coach's word on the decider does not contradict what holds."""
    signs = readouts()
    facts = people_facts(chain.members)
    agrees = coach_agrees(chain)
    return c139(signs.clear, signs.first, signs.win, grades=grades, facts=facts, coach_agrees=agrees)


def meddpicc_of(chain: Chain, grades: Mapping[str, int]) -> Meddpicc:
    """Return MEDDPICC."""
    return meddpicc(readouts().meddpicc, grades=grades, facts=people_facts(chain.members))


def coach_agrees(chain: Chain) -> bool:
    """Say whether somebody who helps us confirms that the decider stands where we think, and not against us."""
    decider = chain.decider
    stance = None if decider is None else decider.counted(Topic.STANCE)
    if decider is None or stance is None or stance < 0:
        return False
    coaches = {figure.key for figure in chain.present if figure.row.coach_grade}
    told = next((row for row in decider.seen.get(Topic.STANCE, ()) if row.told_by_id in coaches), None)
    return told is not None and not differ(Topic.STANCE, told.value, stance)


def element_of(score: Score) -> Element:
    """Return an element in words."""
    return Element(
        key=score.key,
        title=words(readouts().titles[score.key]),
        points=score.points,
        by=[sign_title(key) for key in score.by],
        lacks=[sign_title(key) for key in score.lacks],
    )


def dmi_of(chain: Chain) -> DmiShown:
    """Return the DMI of the final decider, as far as it was observed."""
    decider = chain.decider
    topics = {"DESIRE": Topic.DESIRE, "MOTIVATION": Topic.MOTIVATION, "SWAY": Topic.SWAY}
    scores = {name: None if decider is None else decider.counted(topic) for name, topic in topics.items()}
    missing = [name for name, value in scores.items() if value is None]
    if decider is None or missing:
        return DmiShown(decider, scores, None, missing, "")
    known = {name.lower(): value for name, value in scores.items() if value is not None}
    result = dmi(**known)
    return DmiShown(decider, scores, result, [], words(rules().levers[result.weakest]))


def blue_sheet_of(chain: Chain) -> BlueSheet:
    """Return the Blue Sheet: buying influences with degree, mode and rating, red flags and strengths."""
    new = _new_people(chain)
    buyers = {figure.key: _buyer(figure, new=figure.key in new) for figure in chain.present}
    names = {figure.key: str(figure.row.ref) for figure in chain.present}
    raised = red_flags(list(buyers.values()))
    titles = readouts().flags
    lines = [
        BuyerLine(
            figure=figure,
            influences=[str(BuyingInfluence(name).label) for name in buyers[figure.key].influences],
            degree=degree(buyers[figure.key].influence),
            mode=buyers[figure.key].mode,
            rating=rating(buyers[figure.key].stance),
            flags=[words(titles[flag.code]) for flag in raised if flag.person == names[figure.key]],
        )
        for figure in chain.present
    ]
    of_roles = [
        f"{BuyingInfluence(flag.influence).label}: {words(titles[flag.code])}" for flag in raised if flag.influence
    ]
    facts = people_facts(chain.members)
    strengths = [words(text) for code, text in readouts().facts.items() if code in facts]
    return BlueSheet(lines, of_roles, strengths, raised)


def conflicts_of(chain: Chain) -> list[dict[str, Any]]:
    """Return where functions on the chain pull in different directions: who, what each says, the common ground."""
    by_function: dict[str, list[Figure]] = {}
    for figure in chain.present:
        by_function.setdefault(figure.row.function or figure.row.contact.function, []).append(figure)
    return [
        {
            "tension": words(row["tension"]),
            "ground": words(row["ground"]),
            "sides": [(by_function[name], card_of(name)) for name in row["between"]],
        }
        for row in rules().conflicts
        if all(name in by_function for name in row["between"])
    ]


def card_of(function: str) -> dict[str, str]:
    """Return what a function looks at: concern, message, typical objection; {} for an unknown one."""
    return {name: words(text) for name, text in rules().cards.get(function, {}).items()}


def _buyer(figure: Figure, *, new: bool) -> Buyer:
    row = figure.row
    kinds = [row.influence_type] if row.influence_type else []
    if row.coach_grade and BuyingInfluence.COACH not in kinds:
        kinds.append(BuyingInfluence.COACH)
    mode = figure.counted(Topic.MODE)
    return Buyer(
        person=str(row.ref),
        influences=tuple(Influence(kind) for kind in kinds),
        stance=figure.counted(Topic.STANCE),
        influence=figure.counted(Topic.INFLUENCE),
        mode=str(MODES[mode - 1]) if mode is not None else "",
        covered=figure.covered,
        new=new,
    )


def _new_people(chain: Chain) -> set[int]:
    rows = PersonnelChange.objects.filter(
        person__opportunity=chain.deal,
        what=ChangeKind.ARRIVED,
        happened_on__gt=chain.on - NEW_WITHIN,
        happened_on__lte=chain.on,
    )
    return set(rows.values_list("person_id", flat=True))
