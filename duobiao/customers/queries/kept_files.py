"""Files that an erasure leaves as they are, named by the capabilities that keep them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file that may name people.

    Attributes:
        where: What it belongs to, in words.
        url: The page on which it can be deleted.
    """

    name: str
    where: str
    url: str


_keepers: list[Callable[[], Iterable[KeptFile]]] = []


def register_keeper(keeper: Callable[[], Iterable[KeptFile]]) -> None:
    """Let whoever erases see these files, and where they can be deleted."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def kept_files() -> list[KeptFile]:
    """Return the files in the order of their capabilities."""
    return [found for keeper in _keepers for found in keeper()]
