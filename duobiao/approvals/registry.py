"""What can be approved: capabilities above register their kinds of request here, at start."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MustAsk:
    """Whom every chain of a kind has to ask where a fact has a value.

    Attributes:
        roles: Roles one of which has to agree.
        message: What to say of a chain that does not ask them, with what would be right.
    """

    fact: str
    value: str
    roles: frozenset[str]
    message: object


@dataclass(frozen=True, slots=True)
class RequestKind:
    """One kind of request.

    Attributes:
        key: Names it and its chain: ``waiver``.
        title: Its name in the reader's language.
        icon: Name of a Tabler icon.
        headline: Takes the facts; returns what exactly is asked for.
        describe: Takes the facts; returns them as label and value.
        subjects: Takes a user; returns the references of the subjects this user may see.
        url: Takes the reference of a subject; returns its page.
        hold: Takes the reference of a subject; locks it. Always before the request, so that nobody waits in a circle.
        facts: Names of facts that a condition of a chain may test, with their titles.
        chain: Takes the facts; returns the key of the chain that a request goes through, where it is not always its own.
        values: Words for values of these facts, where they are codes.
        must_ask: Approvers that no chain of this kind may go without.
    """

    key: str
    title: object
    icon: str
    headline: Callable[[Facts], str]
    describe: Callable[[Facts], Sequence[tuple[str, str]]]
    subjects: Callable[[Any], QuerySet[Any, Any]]
    url: Callable[[str], str]
    hold: Callable[[str], object]
    facts: Mapping[str, object]
    chain: Callable[[Facts], str] | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    must_ask: Sequence[MustAsk] = ()


_kinds: dict[str, RequestKind] = {}


def register_kind(kind: RequestKind) -> None:
    """Let requests of this kind be asked."""
    _kinds[kind.key] = kind


def kind_of(key: str) -> RequestKind:
    """Return a kind.

    Raises:
        KeyError: nobody registered it.
    """
    return _kinds[key]


def find_kind(key: str) -> RequestKind | None:
    """Return a kind, or None where nobody registered it."""
    return _kinds.get(key)


def chain_key(key: str, facts: Facts) -> str:
    """Return the key of the chain that a request of this kind goes through."""
    kind = find_kind(key)
    return key if kind is None or kind.chain is None else kind.chain(facts)


def all_kinds() -> list[RequestKind]:
    """Return the registered kinds in their order of registration."""
    return list(_kinds.values())
