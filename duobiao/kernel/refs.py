"""References: the names people and the API use for a record; database ids stay inside."""

import secrets
from dataclasses import dataclass
from typing import Protocol

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters without 0, O, 1 and I, which are confused when read aloud or typed."""

REF_LENGTH = 10


def new_ref(prefix: str) -> str:
    """Make an unguessable reference such as ``C-7KQ2M9XC4T`` (50 random bits).

    Args:
        prefix: One or two capital letters that name the kind of record.
    """
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(REF_LENGTH))


class Referable(Protocol):
    """Anything that carries its kind and reference."""

    kind: str
    ref: str


@dataclass(frozen=True, slots=True)
class Ref:
    """Point at a record of any capability without importing it.

    Attributes:
        kind: Kind of record, in the singular: ``"opportunity"``, ``"call"``.
        ref: Its public reference.
    """

    kind: str
    ref: str

    @classmethod
    def of(cls, record: Referable) -> "Ref":
        """Build the reference of a record that knows its kind."""
        return cls(kind=record.kind, ref=record.ref)

    def __str__(self) -> str:
        return f"{self.kind}:{self.ref}"
