"""What capabilities above judge of a contact from their own records; the card shows it and does not ask for it again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from duobiao.customers.models import Contact
from duobiao.identity.models import User


@dataclass(frozen=True, slots=True)
class JudgedFact:
    """A field of the card whose value follows from other records.

    Attributes:
        name: The field.
        value: What holds, as the field keeps it.
        source: Who said it or where it was seen, and when.
        url: Where it is noted; "" where the reader may not see that.
    """

    name: str
    value: Any
    source: str
    url: str


Judge = Callable[[Contact, User], Sequence[JudgedFact]]
_judges: list[Judge] = []


def register_judge(judge: Judge) -> None:
    """Let a capability above say which fields of a card follow from its records; once, at start."""
    _judges.append(judge)


def judged_facts(contact: Contact, reader: User) -> dict[str, JudgedFact]:
    """Return the fields of a card that follow from other records, by name; nothing for a card not yet kept."""
    if contact._state.adding:
        return {}
    return {fact.name: fact for judge in _judges for fact in judge(contact, reader)}
