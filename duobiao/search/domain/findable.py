"""What a capability hands over to be found."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

LONGEST_TITLE: Final = 200
LONGEST_BODY: Final = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Findable:
    """One record as the index keeps it.

    Attributes:
        kind: Kind of record, registered with ``search.registry``.
        ref: Its public reference; found by it too.
        title: What it is called; hits here rank first.
        subtitle: A line that tells records of the same name apart; searched.
        url: Address of its page.
        words: Further texts it is found by; not shown.
        owner_id: Key of the person whose scope decides who finds it.
        people: Keys of further people who find it.
        touched_at: When it last changed.
    """

    kind: str
    ref: str
    title: str
    subtitle: str = ""
    url: str
    words: Iterable[str] = ()
    owner_id: int | None
    people: frozenset[int] = frozenset()
    touched_at: datetime

    @property
    def body(self) -> str:
        """The further texts in one."""
        return " ".join(filter(None, self.words))[:LONGEST_BODY]
