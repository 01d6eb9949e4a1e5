"""Everything known of one person of a chain, as the page and the brief show it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from duobiao.opportunities.models import Opportunity
from duobiao.stakeholders.domain.judging import Judgement, Topic
from duobiao.stakeholders.domain.relations import RelationType
from duobiao.stakeholders.models import (
    PERSONA,
    ChainLevel,
    DealPerson,
    InfluenceAction,
    InfluenceLink,
    Observation,
    PersonnelChange,
    RelationRecord,
)
from duobiao.stakeholders.queries.chain import Chain, Figure, load_chain
from duobiao.stakeholders.queries.definitions import rules, words
from duobiao.stakeholders.queries.links import changes_of, observations_of, relations_of
from duobiao.stakeholders.queries.matrix import MatrixRow, matrix_of
from duobiao.stakeholders.queries.plan import actions_of
from duobiao.stakeholders.queries.readouts import card_of
from duobiao.stakeholders.queries.report import judged_words, persona_title
from duobiao.stakeholders.queries.titles import evidence_title
from duobiao.stakeholders.queries.wording import value_words

RELATION_ORDER = tuple(RelationType)


@dataclass(frozen=True, slots=True)
class TopicLine:
    """What holds of one topic, in words, with how it came about."""

    topic: Topic
    words: str
    percent: int
    why: str
    against: list[str]
    held: Judgement


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One observation in words."""

    row: Observation
    words: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change of people with what it cost, in words.

    Attributes:
        lost: Cells of the coverage; ``weakened``: titles of evidence.
    """

    row: PersonnelChange
    lost: list[str]
    weakened: list[str]


@dataclass(frozen=True, slots=True)
class PersonShown:
    """A person as their page shows them."""

    chain: Chain
    figure: Figure
    persona: list[tuple[str, str]]
    care: list[str]
    card: dict[str, str]
    topics: list[TopicLine]
    seen: list[SeenLine]
    matrix: MatrixRow | None
    relations: list[RelationRecord]
    links: list[InfluenceLink]
    actions: list[InfluenceAction]
    changes: list[ChangeLine]

    def other(self, link: InfluenceLink) -> Figure:
        """Return who stands at the other end of a line."""
        return self.chain.by_key[link.target_id if link.source_id == self.figure.key else link.source_id]


def person_page(row: DealPerson, *, on: date) -> PersonShown:
    """Return everything known of a person; as many queries whatever there is."""
    deal: Opportunity = row.opportunity
    chain = load_chain(deal, on=on)
    figure = chain.by_key[row.pk]
    care = [row.care_plan] if row.care_plan else [words(line) for line in rules().care.get(row.relation_class, ())]
    return PersonShown(
        chain=chain,
        figure=figure,
        persona=[(persona_title(name), getattr(row, name)) for name in PERSONA],
        care=care,
        card=card_of(row.function),
        topics=topic_lines(figure),
        seen=[
            SeenLine(seen, value_words(Topic(seen.topic), seen.value))
            for seen in observations_of(deal, on=on).filter(person=row)
        ],
        matrix=next((line for line in matrix_of(chain).rows if line.figure.key == row.pk), None),
        relations=list(relations_of(deal, on=on).filter(person=row)),
        links=[link for link in chain.links if row.pk in (link.source_id, link.target_id)],
        actions=list(actions_of(deal).filter(person=row)),
        changes=[_change_line(change) for change in changes_of(deal).filter(person=row)],
    )


def _change_line(row: PersonnelChange) -> ChangeLine:
    after: dict[str, Any] = row.after
    lost = [f"{department} · {ChainLevel(level).label}" for department, level in after.get("lost", ())]
    return ChangeLine(row, lost, [evidence_title(key) for key in after.get("weakened", ())])


def topic_lines(figure: Figure) -> list[TopicLine]:
    """Return what holds of each topic in words."""
    return [
        TopicLine(
            topic=topic,
            words=value_words(topic, held.value),
            percent=round(held.percent),
            why=judged_words(figure, topic),
            against=[f"{seen.source}: {value_words(topic, seen.value)}" for seen, _percent in held.against],
            held=held,
        )
        for topic in Topic
        if (held := figure.judged.get(topic)) is not None
    ]
