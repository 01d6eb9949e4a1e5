"""Facts about customers with their sources, by dimension and by channel of information."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from duobiao.customers.domain.channels import Channel, parse_channels
from duobiao.customers.domain.dimensions import (
    DIMENSION_FACTS,
    FACT_FIELDS,
    REVENUE_FIELD,
    DimensionKnown,
    dimensions_known,
    is_filled,
)
from duobiao.customers.models import ChannelAnswer, Customer, CustomerProfile, FactSource
from duobiao.customers.queries.customers import get_profile
from duobiao.customers.queries.schemes import words
from duobiao.kernel.money import Money
from duobiao.kernel.refusals import NotFound
from duobiao.web.formats import money

FILE: Final = Path(__file__).parents[1] / "data" / "channels.yaml"
ANSWERS_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class SourceShown:
    """Where a fact comes from, in words."""

    words: str
    known_on: date
    noted_by: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A known fact of the form: its field, label, value in words and source (None for facts older than sources)."""

    name: str
    label: str
    value: str
    source: SourceShown | None


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """An answer that stands by itself."""

    ref: str
    channel: str
    question: str
    title: str
    answer: str
    source: SourceShown


@dataclass(frozen=True, slots=True)
class DimensionShown:
    """One of the seven dimensions with what is known."""

    key: str
    facts: list[Fact]
    known: DimensionKnown


@dataclass(frozen=True, slots=True)
class ChannelShown:
    """One channel for one customer.

    Attributes:
        answered: Questions with an answer.
        last_on: Day of the newest fact from it.
    """

    key: str
    title: str
    where: str
    answered: int
    total: int
    last_on: date | None


@lru_cache(maxsize=1)
def channels() -> dict[str, Channel]:
    """Return the seven channels, in the order of the file."""
    document: dict[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return parse_channels(document)


def find_channel(key: str) -> Channel:
    """Return one channel.

    Raises:
        NotFound: there is none of this key.
    """
    found = channels().get(key)
    if found is None:
        raise NotFound(_("There is no such channel of information."))
    return found


def fact_values(profile: CustomerProfile) -> dict[str, object]:
    """Return the values of the seven dimensions by field name."""
    return {
        name: profile.annual_revenue_minor if name == REVENUE_FIELD else getattr(profile, name) for name in FACT_FIELDS
    }


def sources_of(customer: Customer) -> dict[str, FactSource]:
    """Return where the fields of a customer come from, by field."""
    return {row.field: row for row in FactSource.objects.filter(customer=customer).select_related("noted_by")}


def completeness_by_dimension(customer: Customer) -> list[DimensionKnown]:
    """Return how completely each dimension of a customer is known; two queries."""
    sources = {name: row.source or row.channel for name, row in sources_of(customer).items()}
    return dimensions_known(fact_values(get_profile(customer)), sources)


def dimensions_shown(customer: Customer, profile: CustomerProfile) -> list[DimensionShown]:
    """Return the seven dimensions with their known facts and sources."""
    sources = sources_of(customer)
    said = {name: row.source or row.channel for name, row in sources.items()}
    return [
        DimensionShown(known.key, _facts(profile, known.key, sources), known)
        for known in dimensions_known(fact_values(profile), said)
    ]


def answers_of(customer: Customer) -> QuerySet[ChannelAnswer]:
    """Return the answers about a customer that stand by themselves, unordered."""
    return ChannelAnswer.objects.filter(customer=customer).select_related("filed_by")


def latest_answers(customer: Customer) -> list[AnswerShown]:
    """Return the latest answer to every question, in the order of the channels."""
    rows = answers_of(customer).order_by("-known_on", "-filed_at", "-pk")[:ANSWERS_SHOWN]
    newest: dict[tuple[str, str], ChannelAnswer] = {}
    for row in rows:
        newest.setdefault((row.channel, row.question), row)
    found = []
    for channel in channels().values():
        for question in channel.questions:
            if (held := newest.get((channel.key, question.key))) is not None:
                source = SourceShown(source_words(held.channel, held.source), held.known_on, str(held.filed_by))
                title = words(question.title)
                found.append(AnswerShown(held.ref, channel.key, question.key, title, held.answer, source))
    return found


def known_answers(customer: Customer, channel: Channel) -> dict[str, Any]:
    """Return what is known on the questions of a channel, by question."""
    profile = get_profile(customer)
    latest = {row.question: row.answer for row in latest_answers(customer) if row.channel == channel.key}
    return {row.key: getattr(profile, row.field) if row.field else latest.get(row.key, "") for row in channel.questions}


def channels_shown(customer: Customer) -> list[ChannelShown]:
    """Return the channels with how many of their questions are answered for a customer; three queries."""
    values, sources = fact_values(get_profile(customer)), sources_of(customer)
    answers: dict[tuple[str, str], date] = {}
    for channel, question, on in answers_of(customer).values_list("channel", "question", "known_on"):
        answers[channel, question] = max(on, answers.get((channel, question), on))
    found = []
    for key, held in channels().items():
        days = [on for (channel, _question), on in answers.items() if channel == key]
        days += [row.known_on for row in sources.values() if row.channel == key]
        answered = sum(
            is_filled(values[question.field]) if question.field else (key, question.key) in answers
            for question in held.questions
        )
        found.append(
            ChannelShown(
                key, words(held.title), words(held.where), answered, len(held.questions), max(days, default=None)
            )
        )
    return found


def source_words(channel: str, source: str) -> str:
    """Name a source: the channel and which report, page or person."""
    held = channels().get(channel)
    return " · ".join(filter(None, [words(held.title) if held is not None else channel, source]))


def _facts(profile: CustomerProfile, dimension: str, sources: Mapping[str, FactSource]) -> list[Fact]:
    found = []
    for names in DIMENSION_FACTS[dimension].values():
        for name in names:
            label, value = _labelled(profile, name)
            if value:
                row = sources.get(name)
                shown = None
                if row is not None:
                    shown = SourceShown(source_words(row.channel, row.source), row.known_on, str(row.noted_by))
                found.append(Fact(name, label, value, shown))
    return found


def _labelled(profile: CustomerProfile, name: str) -> tuple[str, str]:
    if name == REVENUE_FIELD:
        label = str(CustomerProfile._meta.get_field("annual_revenue_minor").verbose_name)
        minor = profile.annual_revenue_minor
        return label, "" if minor is None else money(Money(minor, profile.annual_revenue_currency))
    value: Any = getattr(profile, name)
    field: Any = profile._meta.get_field(name)
    if value in (None, ""):
        return str(field.verbose_name), ""
    worded = str(dict(field.flatchoices).get(value, value)) if field.choices else str(value)
    return str(field.verbose_name), worded
