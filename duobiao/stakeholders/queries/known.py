"""What chains know of contacts, for pages beside them: where people of a deal stand, and what their cards show."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import FilteredRelation, Q

from duobiao.customers.models import Contact, RelationCell
from duobiao.customers.queries.judged import JudgedFact
from duobiao.identity.models import User
from duobiao.opportunities.models import Opportunity
from duobiao.playbooks.domain.people import Judged
from duobiao.stakeholders.domain.judging import Topic, judge
from duobiao.stakeholders.models import CellState, DealPerson, Observation, RelationRecord
from duobiao.stakeholders.queries.chain import as_seen
from duobiao.stakeholders.queries.definitions import rules
from duobiao.stakeholders.queries.playbook_rules import half_lives_of
from duobiao.web import formats

CARD_TOPICS: Final = {Topic.STANCE: "stance", Topic.INFLUENCE: "influence"}
"""Subjects that the card of a contact shows, by field."""
RELATION: Final = "relation_cells"
WORD: Final = (
    "ref", "value", "source", "origin", "told_by_id", "recorded_by_id", "confidence_percent", "observed_on", "recorded_at",
)  # fmt: skip
"""What of an observation is needed to judge it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands on a deal.

    Attributes:
        stance: What holds; None while nothing was observed.
        percent: How sure that is on the day, 0 to 100.
        gone: They left the company or the post.
    """

    stance: int | None
    percent: float
    gone: bool = False

    @property
    def faded(self) -> bool:
        """Whether it is too long unheard to count."""
        return self.stance is not None and self.percent < rules().faded_below

    @property
    def counted(self) -> int | None:
        """The stance as far as it counts."""
        return None if self.faded or self.gone else self.stance


def standings(deal: Opportunity, *, on: date) -> dict[str, Standing]:
    """Return where everybody on a deal's chain stands, by reference of the contact; one query."""
    known = Q(observations__topic=Topic.STANCE, observations__observed_on__lte=on, observations__retracted_at=None)
    people = DealPerson.objects.present().filter(opportunity=deal, joined_on__lte=on)
    rows = people.annotate(word=FilteredRelation("observations", condition=known)).values_list(
        "contact__ref", "left_on", *(f"word__{name}" for name in WORD)
    )
    said: dict[str, list[Observation]] = {}
    gone = {}
    for contact, left_on, *word in rows:
        gone[contact] = left_on is not None and left_on <= on
        words = said.setdefault(contact, [])
        if word[0] is not None:
            words.append(Observation(**dict(zip(WORD, word, strict=True))))
    half_life = half_lives_of(deal)[Judged.STANCE]
    found = {}
    for contact, words in said.items():
        held = judge(Topic.STANCE, map(as_seen, words), on=on, half_life=half_life)
        value, percent = (None, 0.0) if held is None else (held.value, held.percent)
        found[contact] = Standing(value, percent, gone[contact])
    return found


def newest_words(contacts: Collection[int]) -> dict[int, dict[str, Observation]]:
    """Return the newest observation of any chain, by contact and field of the card; one query.

    What was taken over from a card has no day of its own, and counts only while nothing else was observed.
    """
    rows = Observation.objects.filter(
        person__contact__in=contacts, person__removed_at=None, topic__in=list(CARD_TOPICS), retracted_at__isnull=True
    ).select_related("person__opportunity")
    found: dict[int, dict[str, Observation]] = {}
    for row in rows.order_by("-from_card", "observed_on", "recorded_at", "pk"):
        found.setdefault(row.person.contact_id, {})[CARD_TOPICS[Topic(row.topic)]] = row
    return found


def newest_cells(contacts: Collection[int]) -> dict[int, dict[str, RelationRecord]]:
    """Return the newest record of any chain, by contact and cell of the matrix; one query."""
    rows = RelationRecord.objects.filter(
        person__contact__in=contacts, person__removed_at=None, retracted_at__isnull=True
    ).select_related("person__opportunity")
    found: dict[int, dict[str, RelationRecord]] = {}
    for row in rows.order_by("happened_on", "recorded_at", "pk"):
        found.setdefault(row.person.contact_id, {})[row.cell] = row
    return found


def cells_on_card(held: Sequence[str], records: dict[str, RelationRecord]) -> list[str]:
    """Return the cells a card shows: those accepted by the newest record, and those ticked without any record."""
    won = {cell for cell, row in records.items() if row.state == CellState.ACCEPTED}
    return [cell for cell in RelationCell.values if cell in won or (cell in held and cell not in records)]


def judged_on_chains(contact: Contact, reader: User) -> list[JudgedFact]:
    """Return which fields of a card chains know, with source and day; the deal only where the reader may see it."""
    words, cells = newest_words([contact.pk]).get(contact.pk, {}), newest_cells([contact.pk]).get(contact.pk, {})
    latest = max(cells.values(), key=lambda row: (row.happened_on, row.recorded_at), default=None)
    rows: list[tuple[str, Any, DealPerson, date, str]] = [
        (name, row.value, row.person, row.observed_on, row.source_words) for name, row in words.items()
    ]
    if latest is not None:
        held = cells_on_card(contact.relation_cells, cells)
        rows.append((RELATION, held, latest.person, latest.happened_on, ""))
    deals = {person.opportunity_id for _name, _value, person, _on, _source in rows}
    seen = set(Opportunity.objects.visible_to(reader).filter(pk__in=deals).values_list("pk", flat=True))
    return [
        JudgedFact(name, value, _source(person, on, source, seen), _url(person, seen))
        for name, value, person, on, source in rows
    ]


def _source(person: DealPerson, on: date, source: str, seen: Collection[int]) -> str:
    named = (source, person.opportunity.name) if person.opportunity_id in seen else ()
    return " · ".join([*filter(None, named), formats.date(on)])


def _url(person: DealPerson, seen: Iterable[int]) -> str:
    return f"/deal-people/{person.ref}/" if person.opportunity_id in seen else ""
