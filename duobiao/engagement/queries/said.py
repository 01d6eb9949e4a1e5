"""What calls and visits tell of people: words that become observations, and people the decision chain does not hold yet."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from duobiao.customers.models import Contact
from duobiao.engagement.models import Call, Visit
from duobiao.identity import policy
from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.days import local_day
from duobiao.opportunities.models import Opportunity
from duobiao.stakeholders.actions.take import MAP
from duobiao.stakeholders.models import DealPerson

LONGEST: Final = 2000
MOST_RECORDS: Final = 12
BETWEEN: Final = re.compile(r"[,，、;；\n]+")
LONGEST_NAME: Final = 60
OF_VISITS: Final = (
    "reaction",
    "problem",
    "impact",
    "roles",
    "confirmed_quote",
    "request_quote",
    "handler_facts",
    "summary",
)
OF_CALLS: Final = ("problem", "tried", "tried_result", "notes")


@dataclass(frozen=True, slots=True)
class Noting:
    """A person of the chain on whom words can be noted: the form begins with words, source and day."""

    name: str
    url: str
    took_part: bool


@dataclass(frozen=True, slots=True)
class Words:
    """A text of a record.

    Attributes:
        people: Who may have said it, or is meant by it; those who took part first.
    """

    title: str
    text: str
    people: Sequence[Noting]


@dataclass(frozen=True, slots=True)
class Minutes:
    """A record of a deal, for rebuilding its chain.

    Attributes:
        missing: Contacts who took part and are not on the chain.
        names: Names typed freely, of whom nothing is kept.
    """

    title: str
    on: date
    url: str
    people: Sequence[str]
    missing: Sequence[Contact]
    names: Sequence[str]


def words_said(record: Call | Visit, reader: User) -> list[Words]:
    """Return the texts of a record with the people of the deal's chain; nothing for who may not write the chain."""
    deal = record.opportunity
    if deal is None or not policy.allows(reader, MAP, deal):
        return []
    people = list(
        DealPerson.objects.present().filter(opportunity=deal, left_on=None).select_related("contact").order_by("contact__name", "pk")
    )  # fmt: skip
    took_part, on = {contact.pk for contact in _took_part(record)}, _day(record)
    people.sort(key=lambda person: person.contact_id not in took_part)
    if not people or on is None:
        return []
    fields = OF_CALLS if isinstance(record, Call) else OF_VISITS
    source = pgettext("record", "Call") if isinstance(record, Call) else _("Visit")
    told = [(name, str(getattr(record, name)).strip()) for name in fields]
    return [
        Words(
            _title(record, name),
            text,
            [
                Noting(
                    person.contact.name,
                    _observe_url(person, text, f"{source} {record.ref}", on),
                    person.contact_id in took_part,
                )
                for person in people
            ],
        )
        for name, text in told
        if text
    ]


def minutes_of(deal: Opportunity, *, calls: Iterable[Call], visits: Iterable[Visit]) -> list[Minutes]:
    """Return the latest records of a deal with the people they name; one query beside those of the records."""
    there = dict(DealPerson.objects.present().filter(opportunity=deal).values_list("contact_id", "contact__name"))
    known = set(there.values())
    records: list[Call | Visit] = [*calls, *visits]
    shown = []
    for record in records:
        on, people = _day(record), _took_part(record)
        if on is None:
            continue
        typed = record.met_others if isinstance(record, Visit) else ""
        named = {contact.name for contact in people} | known
        names = [name.strip()[:LONGEST_NAME] for name in BETWEEN.split(typed)]
        shown.append(
            Minutes(
                title=record.topic if isinstance(record, Visit) else "",
                on=on,
                url=reverse(f"engagement:{'visit' if isinstance(record, Visit) else 'call'}", args=[record.ref]),
                people=[contact.name for contact in people],
                missing=[contact for contact in people if contact.pk not in there],
                names=[name for name in names if name and name not in named],
            )
        )
    return sorted(shown, key=lambda row: row.on, reverse=True)[:MOST_RECORDS]


def _took_part(record: Call | Visit) -> list[Contact]:
    if isinstance(record, Call):
        return [record.contact]
    return list(record.met.all())


def _day(record: Call | Visit) -> date | None:
    if isinstance(record, Call):
        return local_day(record.started_at, CompanySettings.load().time_zone)
    return record.held_on


def _title(record: Call | Visit, name: str) -> str:
    field: Any = record._meta.get_field(name)
    title = str(field.verbose_name)
    return title[:1].upper() + title[1:]


def _observe_url(person: DealPerson, text: str, source: str, on: date) -> str:
    given = urlencode({"quote": text[:LONGEST], "source": source, "on": on.isoformat()})
    return f"{reverse('stakeholders:observe', args=[person.ref])}?{given}"
