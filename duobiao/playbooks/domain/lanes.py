"""Where the nodes of both tracks stand, in half columns: the buyer has eight columns of two halves each."""

from collections.abc import Sequence

from duobiao.playbooks.domain.model import BUYER_STAGES

LAST_PLACE = 2 * BUYER_STAGES - 1
APART = 2
"""Neighbours keep a whole column between their centres, so that their names have room."""


def buyer_place(stage: int) -> int:
    """Return the centre of a buyer's column."""
    return 2 * stage - 1


def our_places(covers: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """Return where each of our stages stands: the centre of the columns it covers, pushed aside where stages meet.

    What comes after the buyer's last stage stands in the last columns; the stages before it move left to make room.

    Args:
        covers: First and last buyer stage of each of our stages, which do not run backwards; at most eight.
    """
    places: list[int] = []
    for first, last in covers:
        centre = first - 1 + last
        places.append(max(centre, places[-1] + APART) if places else centre)
    room = LAST_PLACE
    for index in range(len(places) - 1, -1, -1):
        places[index] = min(places[index], room)
        room = places[index] - APART
    return tuple(places)
