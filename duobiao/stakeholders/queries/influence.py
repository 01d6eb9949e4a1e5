"""What if: the chain with other stances, or without some people."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from duobiao.stakeholders.domain.judging import Judgement, Seen, Topic
from duobiao.stakeholders.queries.chain import Chain, Figure, assemble


@dataclass(frozen=True, slots=True)
class Supposed:
    """A chain as it stands and as it would stand.

    Attributes:
        lost: Names of people nobody but those who leave led to: covered cells that would be lost.
    """

    now: Chain
    then: Chain

    @property
    def support_change(self) -> float | None:
        """Difference of the net support; None where either is unknown."""
        if self.now.support is None or self.then.support is None:
            return None
        return self.then.support - self.now.support

    @property
    def lost(self) -> list[str]:
        """Cells that would no longer be covered, in words."""
        before = {(cell.department, cell.level) for cell in self.now.coverage.cells if cell.spoken_to}
        after = {(cell.department, cell.level) for cell in self.then.coverage.cells if cell.spoken_to}
        return sorted(f"{department} {level}" for department, level in before - after)


def suppose(chain: Chain, *, stances: Mapping[int, int], leaving: Collection[int] = ()) -> Supposed:
    """Return the chain with other stances and without some people, measured anew; nothing is stored.

    Args:
        stances: New stance by key of the person.
        leaving: Keys of those who leave.
    """
    figures = [_supposed(figure, stances, leaving) for figure in chain.people]
    return Supposed(chain, assemble(chain.deal, figures, chain.links, on=chain.on))


def _supposed(figure: Figure, stances: Mapping[int, int], leaving: Collection[int]) -> Figure:
    changed = replace(figure, left=figure.left or figure.key in leaving)
    if figure.key not in stances:
        return changed
    seen = Seen("", stances[figure.key], "", 100, figure.row.joined_on)
    return replace(changed, judged={**figure.judged, Topic.STANCE: Judgement(seen, 100.0, (), 1)})
