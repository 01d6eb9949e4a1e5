"""What if: the chain with other stances, or without some people."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from duobiao.stakeholders.domain.judging import Judgement, Seen, Topic
from duobiao.stakeholders.domain.support import Cell
from duobiao.stakeholders.queries.chain import Chain, Figure, assemble


@dataclass(frozen=True, slots=True)
class Supposed:
    """A chain as it stands and as it would stand."""

    now: Chain
    then: Chain

    @property
    def support_change(self) -> float | None:
        """Difference of the net support; None where either is unknown."""
        if self.now.support is None or self.then.support is None:
            return None
        return self.then.support - self.now.support

    @property
    def lost(self) -> list[Cell]:
        """Cells that would no longer be covered."""
        return lost_cells(self.now, self.then)


def lost_cells(before: Chain, after: Chain) -> list[Cell]:
    """Return the cells that are covered before and not after."""
    held = {(cell.department, cell.level) for cell in after.coverage.cells if cell.spoken_to}
    return [cell for cell in before.coverage.cells if cell.spoken_to and (cell.department, cell.level) not in held]


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
