"""What capabilities above know of the people a visit meets; they register how it is read."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from duobiao.customers.models import Contact
from duobiao.opportunities.models import Opportunity
from duobiao.stakeholders.queries.brief import PersonBrief


@dataclass(frozen=True, slots=True)
class MetNote:
    """Something to know of a person before they are met.

    Attributes:
        title: What kind of thing it is, in the reader's language.
        lines: The things themselves, the weightiest first.
    """

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MetPerson:
    """A person who is met; ``chain`` is None where they are not on the decision chain."""

    contact: Contact
    chain: PersonBrief | None
    notes: tuple[MetNote, ...] = ()


Notes = Mapping[int, Sequence[MetNote]]
Reader = Callable[[Opportunity, Collection[int]], Notes]
"""Takes a deal and the keys of contacts; returns by key what to know of each."""

_readers: list[Reader] = []


def register_notes(reader: Reader) -> None:
    """Let a capability above say what it knows of the people a visit meets."""
    if reader not in _readers:
        _readers.append(reader)


def notes_of(deal: Opportunity, contacts: Collection[int]) -> dict[int, list[MetNote]]:
    """Return what is known of people who are met, by their keys."""
    found: dict[int, list[MetNote]] = {}
    for reader in _readers:
        for key, notes in reader(deal, contacts).items():
            found.setdefault(key, []).extend(notes)
    return found
