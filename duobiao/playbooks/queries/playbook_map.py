"""A playbook as a map: the buyer's lane above, ours below, items by kind, and the curve of the rate."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from duobiao.playbooks.domain.lanes import our_places
from duobiao.playbooks.domain.model import BUYER_STAGES, Item, Kind, Playbook, Stage
from duobiao.playbooks.queries import text_of
from duobiao.playbooks.queries.item_words import APPROVERS, GATES

HALVES = 2 * BUYER_STAGES
HIGH, WIDE = 60, 10
"""Height of the curve, and width of half a column, in units of its own."""


@dataclass(frozen=True, slots=True)
class BuyerCell:
    """A stage of the buyer."""

    number: int
    title: str
    marks: int
    place: int


@dataclass(frozen=True, slots=True)
class ControlCell:
    """A control point.

    Attributes:
        words: Its kind, who agrees, and whether it is fixed.
    """

    key: str
    title: str
    fixed: bool
    words: str


@dataclass(frozen=True, slots=True)
class StageCell:
    """A stage of ours.

    Attributes:
        place: Centre of its column, in half columns.
        covers: The buyer's stages it goes with; "" where both tracks are paired.
        milestone, success: Keys of the items.
        gating: How many process conditions gate the stage.
        url: Where it leads.
    """

    number: int
    title: str
    place: int
    covers: str
    milestone: tuple[str, ...]
    success: tuple[str, ...]
    process: int
    gating: int
    relationship: int
    information: int
    controls: tuple[ControlCell, ...]
    rate: int | None
    url: str
    current: bool
    wrong: int


@dataclass(frozen=True, slots=True)
class PlaybookMap:
    """The whole picture.

    Attributes:
        curve, area: The rate from left to right, as points of a line and of the surface below it.
    """

    buyers: tuple[BuyerCell, ...]
    stages: tuple[StageCell, ...]
    curve: str
    area: str


def playbook_map(
    playbook: Playbook, *, url: Callable[[int], str], current: int = 0, wrong: Collection[int] = ()
) -> PlaybookMap:
    """Draw a playbook, also one that is still wrong.

    Args:
        url: Takes the number of a stage; returns where it leads.
        current: The stage that is looked at, 0 for none.
        wrong: Numbers of stages, one for each problem in them.
    """
    language = get_language()
    places = _places(playbook)
    stages = tuple(
        _stage(
            playbook,
            stage,
            place,
            url=url(stage.number),
            current=stage.number == current,
            wrong=sum(number == stage.number for number in wrong),
        )
        for stage, place in zip(playbook.stages, places, strict=True)
    )
    points = [f"{cell.place * WIDE},{_height(cell.rate)}" for cell in stages if cell.rate is not None]
    first = _height(playbook.rates[0]) if playbook.rates else HIGH
    line = [f"0,{first}", *points, f"{HALVES * WIDE},{points[-1].partition(',')[2] if points else first}"]
    return PlaybookMap(
        buyers=tuple(
            BuyerCell(row.number, text_of(row.title, language), len(row.marks), 2 * row.number - 1)
            for row in playbook.buyer_stages[:BUYER_STAGES]
        ),
        stages=stages,
        curve=" ".join(line),
        area=" ".join((f"0,{HIGH}", *line, f"{HALVES * WIDE},{HIGH}")),
    )


def _places(playbook: Playbook) -> tuple[int, ...]:
    """Return where our stages stand; side by side where what they cover is not said or runs backwards."""
    covers = [stage.covers for stage in playbook.stages]
    flat = [end for pair in covers for end in pair]
    in_order = all(first <= last for first, last in covers) and covers == sorted(covers)
    if 0 in flat or not in_order:
        covers = [(stage.number, stage.number) for stage in playbook.stages]
    return our_places(covers)


def _height(rate: int | None) -> int:
    return HIGH - round((rate or 0) * 0.52) - 3


def _stage(playbook: Playbook, stage: Stage, place: int, *, url: str, current: bool, wrong: int) -> StageCell:
    def keys(kind: Kind) -> tuple[str, ...]:
        return tuple(short_key(item) for item in stage.items if item.kind is kind)

    return StageCell(
        number=stage.number,
        title=text_of(stage.title, get_language()) or stage.key,
        place=place,
        covers="" if playbook.is_paired else covers_words(stage),
        milestone=keys(Kind.M),
        success=keys(Kind.S),
        process=len(keys(Kind.P)),
        gating=sum(item.gates for item in stage.items if item.kind is Kind.P),
        relationship=len(keys(Kind.R)),
        information=len(keys(Kind.INFORMATION)),
        controls=control_cells(stage),
        rate=playbook.rates[stage.number] if stage.number < len(playbook.rates) else None,
        url=url,
        current=current,
        wrong=wrong,
    )


def control_cells(stage: Stage) -> tuple[ControlCell, ...]:
    """Return the control points of a stage."""
    found = []
    for point in stage.control_points:
        agrees = _("%(who)s agrees at least") % {"who": APPROVERS[point.approver]}
        words = [str(GATES[point.kind]), agrees, _("fixed") if point.fixed else _("may be removed"), point.item]
        found.append(
            ControlCell(
                point.key, text_of(point.title, get_language()), point.fixed, " · ".join(word for word in words if word)
            )
        )
    return tuple(found)


def covers_words(stage: Stage) -> str:
    """Return which buyer's stages a stage goes with."""
    first, last = stage.covers
    if not first or not last:
        return _("buyer stage not said")
    if first == last:
        return _("with buyer stage %(n)s") % {"n": first}
    return _("with buyer stages %(first)s–%(last)s") % {"first": first, "last": last}


def short_key(item: Item) -> str:
    """Return an item's key without the number of its stage: M1 of 4.M1."""
    return item.key.removeprefix(f"{item.stage}.") or "?"
