"""Where people of a chain pull in different directions: from what capabilities above recorded, else usual tensions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from duobiao.customers.models import Contact
from duobiao.stakeholders.queries.chain import Chain, Figure
from duobiao.stakeholders.queries.readouts import card_of, conflicts_of


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one person stands in a conflict.

    Attributes:
        person: Reference on the chain; "" for somebody who is not on it.
        words: What they said or look at.
        message: What to say to somebody in this function.
    """

    person: str
    name: str
    words: str
    message: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sides that want different things.

    Attributes:
        about: What it is about, in words; ``url`` leads to the record, "" for a usual tension.
        sides: Who wants it, and who is against it; for a usual tension the two functions.
        ground: What both sides want, or how such a tension is usually settled.
    """

    about: str
    url: str
    ref: str
    sides: tuple[tuple[Stand, ...], tuple[Stand, ...]]
    ground: tuple[str, ...]

    @property
    def is_recorded(self) -> bool:
        """Whether it was observed on this deal; otherwise it is a suggestion to look."""
        return bool(self.ref)


Source = Callable[[Chain], Iterable[Conflict]]
_sources: list[Source] = []


def register_conflicts(source: Source) -> None:
    """Let a capability above tell the conflicts it has on record; once, at start."""
    if source not in _sources:
        _sources.append(source)


def conflicts_on(chain: Chain) -> list[Conflict]:
    """Return the conflicts on record; where there is none, the usual tensions between functions as suggestions."""
    recorded = [conflict for source in _sources for conflict in source(chain)]
    return recorded or [_usual(row) for row in conflicts_of(chain)]


def stand_of(contact: Contact, words: str, figure: Figure | None) -> Stand:
    """Return where a person stands, with the message for their function."""
    function = (figure.row.function if figure is not None else "") or contact.function
    concerns = figure.row.concerns.replace("\n", "; ") if figure is not None else ""
    ref = str(figure.row.ref) if figure is not None else ""
    return Stand(ref, contact.name, words or concerns, card_of(function).get("message", ""))


def _usual(row: dict[str, Any]) -> Conflict:
    sides: list[tuple[Stand, ...]] = []
    for figures, card in row["sides"]:
        stands = (stand_of(figure.row.contact, "", figure) for figure in figures)
        sides.append(
            tuple(Stand(one.person, one.name, one.words or card.get("concern", ""), one.message) for one in stands)
        )
    return Conflict(str(row["tension"]), "", "", (sides[0], sides[1]), (str(row["ground"]),))
