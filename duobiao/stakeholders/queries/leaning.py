"""Who on a chain leans to a rival or fights for it, as capabilities above know it: an overlay of picture and table."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from duobiao.stakeholders.queries.chain import Chain


@dataclass(frozen=True, slots=True)
class Leaning:
    """That somebody leans to a rival.

    Attributes:
        contact_id: Whose leaning it is.
        rival: The short name of the rival.
        said: How far it goes, who says so, and when.
    """

    contact_id: int
    rival: str
    said: str


Knowing = Callable[[Chain], Iterable[Leaning]]
_knowing: list[Knowing] = []


def register_leanings(knowing: Knowing) -> None:
    """Let a capability above say who leans to a rival; once, at start."""
    if knowing not in _knowing:
        _knowing.append(knowing)


def leanings_of(chain: Chain) -> dict[int, list[Leaning]]:
    """Return who on the chain leans to rivals, by the key of the contact; as many queries as capabilities know of it."""
    found: defaultdict[int, list[Leaning]] = defaultdict(list)
    for knowing in _knowing if chain.present else ():
        for leaning in knowing(chain):
            found[leaning.contact_id].append(leaning)
    return dict(found)
