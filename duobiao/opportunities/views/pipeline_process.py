"""The process map: which stage directly follows which, drawn, and the items that hold deals up."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from duobiao.identity import policy
from duobiao.opportunities.domain.histories import Edge
from duobiao.opportunities.queries.figures import scope_of
from duobiao.opportunities.queries.process import Process, process_of
from duobiao.opportunities.queries.stages import StageName
from duobiao.opportunities.views.pipeline_figures import shared
from duobiao.opportunities.views.pipeline_frame import answer, head_of, open_frame

GAP = 150
NODE_WIDTH, NODE_HEIGHT = 100, 44
RISE = 34
EDGE_SPACE = 26
DRAWN = 24
"""Only the most travelled moves are drawn; the table holds all."""
WIDEST = 5


@dataclass(frozen=True, slots=True)
class Node:
    """A stage of the drawing."""

    name: StageName
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Arrow:
    """A move of the drawing.

    Attributes:
        width: Class of the line's width, 1 to ``WIDEST``.
        x, y: Where its number stands; ``days_y`` where the days stand, 0 for beside it.
    """

    edge: Edge
    path: str
    width: int
    x: float
    y: float
    days_y: float = 0


@dataclass(frozen=True, slots=True)
class Map:
    """The drawing with its canvas."""

    nodes: list[Node]
    arrows: list[Arrow]
    width: int
    height: int


@require_safe
def process(request: HttpRequest) -> HttpResponse:
    """Show the map and its tables."""
    frame = open_frame(request, "process")
    head = head_of(frame)
    scope = scope_of(frame.visible, frame.filters, frame.today)
    found = process_of(frame.visible, scope, today=frame.today)
    names = {name.number: name.short for name in scope.stages}
    context = {
        "process": found,
        "map": drawn(found),
        "names": names,
        "may_note": policy.allows(frame.actor, "playbooks.note"),
        **shared(frame, scope, current="process"),
    }
    return answer(frame, "process", head, context)


def drawn(found: Process) -> Map:
    """Lay the stages out in a row: moves on to the next between them, leaps above, falls below."""
    chosen = found.edges[:DRAWN]
    above = max((edge.after - edge.before for edge in chosen if edge.after - edge.before > 1), default=1)
    below = max((edge.before - edge.after for edge in chosen if edge.is_backward), default=0)
    middle = EDGE_SPACE + RISE * (above - 1) + NODE_HEIGHT
    nodes = [Node(name, NODE_WIDTH // 2 + 4 + index * GAP, middle) for index, name in enumerate(found.scope.stages)]
    places = {node.name.number: node.x for node in nodes}
    most = max((edge.deals for edge in chosen), default=1)
    arrows = [_arrow(edge, places, middle, most) for edge in chosen if edge.before in places and edge.after in places]
    width = (nodes[-1].x if nodes else 0) + NODE_WIDTH // 2 + 4
    return Map(nodes, arrows, width, middle + NODE_HEIGHT + RISE * below + EDGE_SPACE)


def _arrow(edge: Edge, places: dict[int, int], middle: int, most: int) -> Arrow:
    start, end = places[edge.before], places[edge.after]
    centre = (start + end) / 2
    width = max(1, round(WIDEST * edge.deals / most))
    if edge.after == edge.before + 1:
        left, right = start + NODE_WIDTH // 2, end - NODE_WIDTH // 2 - 7
        return Arrow(edge, f"M{left} {middle} H{right}", width, (left + right) / 2, middle - 8, middle + 18)
    side = 1 if edge.is_backward else -1
    edge_of_node = middle + side * NODE_HEIGHT / 2
    span = abs(edge.after - edge.before) - (0 if edge.is_backward else 1)
    turn = edge_of_node + side * (14 + RISE * span)
    shift = 12 if edge.after > edge.before else -12
    path = f"M{start + shift} {edge_of_node:g} C{start + shift} {turn:g} {end - shift} {turn:g} {end - shift} "
    path += f"{edge_of_node + side * 7:g}"
    top = edge_of_node + side * 0.75 * (14 + RISE * span)
    return Arrow(edge, path, width, centre, top + (14 if side > 0 else -5))
