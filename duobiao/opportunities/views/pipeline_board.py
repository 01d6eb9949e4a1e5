"""The board: a lane for each stage; cards are links, never dragged, since stages are derived."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from duobiao.identity.http import actor_of
from duobiao.opportunities.models import SavedView
from duobiao.opportunities.queries.pipeline import Card, Sums, lane, sums_of
from duobiao.opportunities.queries.saved_views import LAYOUTS
from duobiao.opportunities.queries.stages import StageName
from duobiao.opportunities.views.pipeline_frame import (
    LAYOUT_COOKIE,
    Frame,
    Head,
    answer,
    head_of,
    layout_url,
    open_frame,
)


@dataclass(frozen=True, slots=True)
class Lane:
    """One stage of the board.

    Attributes:
        cards: In the stage.
        waiting: Completed it and wait to enter the next one.
        url: The list of all of them.
    """

    name: StageName
    sums: Sums
    cards: list[Card]
    waiting: list[Card]
    url: str

    @property
    def hidden(self) -> int:
        """How many deals the lane does not show."""
        return max(0, self.sums.count - len(self.cards) - len(self.waiting))


@require_safe
def pipeline(request: HttpRequest) -> HttpResponse:
    """Go to the layout used last, and without filters to the person's own beginning."""
    actor = actor_of(request)
    layout = request.COOKIES.get(LAYOUT_COOKIE, "")
    query = request.GET.urlencode()
    if not query:
        default = SavedView.objects.filter(user=actor, is_default=True).first()
        if default is not None:
            query, layout = f"view={default.ref}", layout or default.layout
    url = layout_url(layout if layout in LAYOUTS else "board")
    response = redirect(f"{url}?{query}" if query else url)
    patch_cache_control(response, private=True, no_store=True)
    return response


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show deals by stage."""
    frame = open_frame(request, "board")
    head = head_of(frame)
    lanes = [_lane(frame, head, name) for name in head.stages]
    shown = [held for held in lanes if held.name.number or held.sums.count]
    return answer(frame, "board", head, {"lanes": shown, "last": head.stages[-1].number if head.stages else 0})


def _lane(frame: Frame, head: Head, name: StageName) -> Lane:
    cards = lane(frame.rows, name.number)
    return Lane(
        name=name,
        sums=sums_of(group for group in head.groups if group.stage == name.number),
        cards=[card for card in cards if not card.in_transit],
        waiting=[card for card in cards if card.in_transit],
        url=frame.link("list", stage=name.number),
    )
