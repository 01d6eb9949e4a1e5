"""What is held about a person, as people read it and take it away: page, workbook and JSON say the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.db.models import Model
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from duobiao.customers.models import Contact
from duobiao.customers.queries.personal_data import Person, Place, Spot, day_of, details_of, person_of, places_of
from duobiao.customers.queries.schemes import words
from duobiao.documents.models import Attachment
from duobiao.kernel.refs import Ref
from duobiao.timeline.models import Entry
from duobiao.timeline.queries import TimelineRow, timeline_rows
from duobiao.timeline.registry import subject_of
from duobiao.web.sheets import Sheet
from duobiao.web.tables import table_of

FILE: Final = Path(__file__).parents[1] / "data" / "retention.yaml"
OF_CONTACT: Final = (
    "name", "department", "position", "duties", "mobile", "phone", "email", "wechat", "character", "interests",
    "buying_role", "function", "influence", "stance", "bridge", "is_handler", "is_decision_maker", "notes",
    "external_source", "external_id", "created_at",
)  # fmt: skip
_UNTITLED: Final[dict[str, Any]] = {
    "body": gettext_lazy("words"),
    "snapshot": gettext_lazy("the text as it was sent"),
    "created_at": pgettext_lazy("column of a table", "entered"),
    "external_source": gettext_lazy("brought in from"),
    "external_id": gettext_lazy("id there"),
}


@dataclass(frozen=True, slots=True)
class Ground:
    """Why something stays, and on what ground of the law."""

    key: str
    title: str
    why: str
    law: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row about the person, or that names them.

    Attributes:
        texts: Heading and words of each column: all of a row about them, else those that name them.
        about: The row is about them and stays as a pseudonym.
        wiped: Its words change when the person is erased.
    """

    day: date | datetime | None
    what: str
    texts: tuple[tuple[str, str], ...]
    url: str
    about: bool
    wiped: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one table."""

    title: str
    ground: Ground
    lines: list[Line]

    @property
    def wiped(self) -> int:
        """How many rows change."""
        return sum(line.wiped for line in self.lines)

    @property
    def kept(self) -> int:
        """How many rows stay as a pseudonym."""
        return sum(line.about for line in self.lines)


@dataclass(frozen=True, slots=True)
class Held:
    """Everything that is held about a person.

    Attributes:
        facts: Of the contact itself and of entries merged into it.
        files: Names of files on the contact; they are taken off.
        namesakes: Somebody else there, or of ours, or the customer has this name or one that holds it: it is wiped only
            where it is certain.
    """

    contact: Contact
    facts: list[tuple[str, str]]
    groups: list[Group]
    history: list[TimelineRow]
    files: list[str]
    namesakes: bool

    @property
    def rows(self) -> int:
        """How many rows there are, the contact itself apart."""
        return sum(len(group.lines) for group in self.groups) + len(self.history) + len(self.files)

    @property
    def wiped(self) -> int:
        """How many rows change or go when the person is erased."""
        return sum(group.wiped for group in self.groups) + len(self.history) + len(self.files)

    @property
    def kept(self) -> int:
        """How many rows stay as a pseudonym."""
        return sum(group.kept for group in self.groups)


@lru_cache(maxsize=1)
def _retention() -> dict[str, Any]:
    document: dict[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return document


def grounds() -> dict[str, Ground]:
    """Return why things stay, in the reader's language."""
    found = _retention()["grounds"].items()
    return {key: Ground(key, words(row["title"]), words(row["why"]), words(row["law"])) for key, row in found}


def checked_on() -> date:
    """Return the day on which the words of the law were looked up."""
    day: date = _retention()["checked_on"]
    return day


def held_about(contact: Contact) -> Held:
    """Draw up everything that is held about a person."""
    person = person_of(contact)
    entries = Entry.objects.filter(pk__in=[row.pk for row in details_of(person)])
    files = Attachment.objects.filter(subject_kind=Contact.kind, subject_ref__in=person.refs)
    return Held(
        contact=contact,
        facts=[pair for entry in person.entries for pair in _facts(entry)],
        groups=list(_groups(person)),
        history=timeline_rows(entries.order_by("at", "id")),
        files=list(files.order_by("added_at", "pk").values_list("document__name", flat=True)),
        namesakes=person.namesakes,
    )


def as_json(held: Held) -> dict[str, Any]:
    """Return what is held as a program reads it."""
    return {
        "contact": held.contact.ref,
        "drawn_up_at": timezone.now(),
        "facts": [{"field": name, "value": value} for name, value in held.facts],
        "places": [
            {
                "table": group.title,
                "ground": group.ground.key,
                "rows": [
                    {
                        "day": line.day,
                        "what": line.what,
                        "texts": [{"field": name, "value": value} for name, value in line.texts],
                        "about_the_person": line.about,
                    }
                    for line in group.lines
                ],
            }
            for group in held.groups
        ],
        "history": [{"at": row.at, "event": row.title, "detail": row.detail, "by": row.actor} for row in held.history],
        "files": held.files,
    }


def as_sheets(held: Held) -> list[Sheet]:
    """Return what is held as the sheets of a workbook."""
    places = (
        (group.title, _day(line.day), line.what, name, text)
        for group in held.groups
        for line in group.lines
        for name, text in (line.texts or (("", ""),))
    )
    history = ((_day(row.at), row.title, row.detail, row.actor) for row in held.history)
    return [
        Sheet(_("The person"), (_("field"), pgettext("column of a table", "value")), held.facts, wide=(0, 1)),
        Sheet(
            _("Where else"),
            (_("table"), _("day"), _("row"), _("field"), pgettext("column of a table", "value")),
            places,
            wide=(2, 4),
        ),
        Sheet(_("History"), (_("day"), _("event"), _("details"), pgettext("history", "by")), history, wide=(1, 2)),
        Sheet(_("Files"), (_("file"),), [(name,) for name in held.files]),
    ]


def _groups(person: Person) -> Iterator[Group]:
    reasons, evidence = grounds(), set(_retention()["evidence"])
    passing: list[Line] = []
    for place in places_of(person):
        table = table_of(place.ways.model)
        lines = [_line(place, spot) for spot in place.spots]
        lines.sort(key=lambda line: (not line.about, str(line.day or "")))
        if table is None:
            passing.extend(lines)
            continue
        ground = reasons["evidence" if table.key in evidence else "dealings"]
        yield Group(str(table.title), ground, lines)
    if passing:
        yield Group(_("Technical and passing records"), reasons["dealings"], passing)


def _line(place: Place, spot: Spot) -> Line:
    row, table = spot.row, table_of(place.ways.model)
    titled = [name for name in place.ways.texts if _is_titled(row, name)] if spot.about else []
    texts = tuple((_heading(row, name), _shown(spot, name)) for name in dict.fromkeys([*titled, *spot.traced]))
    return Line(
        day=day_of(row),
        what=table.label(row) if table is not None else str(row),
        texts=tuple(pair for pair in texts if pair[1]),
        url=_url(row),
        about=spot.about,
        wiped=bool(spot.traced),
    )


def _is_titled(row: Model, name: str) -> bool:
    """Whether a column has a name of its own: what people read; others are kept for the program."""
    return _title(row, name) != name.replace("_", " ")


def _shown(spot: Spot, name: str) -> str:
    """Word a column; of JSON only the pieces that name the person."""
    value = getattr(spot.row, name)
    if not isinstance(value, dict | list):
        return _in_words(value)
    return " · ".join(dict.fromkeys(piece for piece in _pieces(value) if spot.traces.found_in(piece)))


def _pieces(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _pieces(inner)


def _facts(entry: Contact) -> Iterator[tuple[str, str]]:
    for name in OF_CONTACT:
        shown = getattr(entry, f"get_{name}_display", None)
        value = shown() if shown is not None else getattr(entry, name)
        if value not in (None, "", []):
            yield _heading(entry, name), _in_words(value)


def _heading(row: Model, name: str) -> str:
    if not _is_titled(row, name):
        return str(_UNTITLED.get(name) or _("words kept for the program"))
    return str(capfirst(_title(row, name)))


def _title(row: Model, name: str) -> str:
    field: Any = row._meta.get_field(name)
    return force_str(field.verbose_name)


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


def _url(row: Any) -> str:
    kind = getattr(row, "kind", "")
    known = subject_of(Ref(kind, row.ref)) if isinstance(kind, str) and kind and hasattr(row, "ref") else None
    return known.url(row.ref) if known is not None else ""


def _day(moment: date | datetime | None) -> date | None:
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
