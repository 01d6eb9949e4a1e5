"""The buyer's track of a draft, as the studio shows it; parts may be missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from duobiao.playbooks.domain.model import BUYER_STAGES, KNOWN_METHODS, Outcome
from duobiao.playbooks.domain.problems import Path
from duobiao.playbooks.domain.track_editing import can_add_buyer_stage, has_own_track
from duobiao.playbooks.queries import shipped_by_ref
from duobiao.playbooks.queries.comparison import evidence_title
from duobiao.playbooks.queries.draft_rows import words_in
from duobiao.playbooks.queries.drafts import Flaw
from duobiao.playbooks.queries.item_words import METHODS, OUTCOMES


@dataclass(frozen=True, slots=True)
class TrackLine:
    """A mark, a reset or a proposed outcome.

    Attributes:
        place: Counted from 0.
        detail: What it means, or under which purchase methods; "" where there is nothing to add.
    """

    place: int
    title: str
    detail: str
    flaws: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BuyerLine:
    """A stage of the buyer.

    Attributes:
        number: Counted from 1.
        owner: Who acts in it.
    """

    number: int
    title: str
    owner: str
    marks: tuple[TrackLine, ...]
    flaws: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrackView:
    """The whole track.

    Attributes:
        taken_over: Name of the playbook it is taken over from; "" where it is the draft's own.
        too_many: There are more stages than a buyer has.
    """

    taken_over: str
    stages: tuple[BuyerLine, ...]
    resets: tuple[TrackLine, ...]
    proposals: tuple[TrackLine, ...]
    flaws: tuple[str, ...]
    may_add: bool
    too_many: bool


def track_of(document: Mapping[str, Any], flaws: Sequence[Flaw]) -> TrackView:
    """Return the buyer's track of a draft, its own or the one it takes over."""
    source, own = track_source(document), has_own_track(document)
    flaws = flaws if own else ()
    stages = source.get("buyer_stages", [])
    return TrackView(
        taken_over="" if own else words_in(source.get("title")) or str(document["buyer"]),
        stages=tuple(_stage(row, number, flaws) for number, row in enumerate(stages, start=1)),
        resets=_lines(source.get("resets", []), ("resets",), flaws),
        proposals=_lines(source.get("proposals", []), ("proposals",), flaws),
        flaws=tuple(flaw.message for flaw in flaws if flaw.place in (("buyer_stages",), ("resets",), ("proposals",))),
        may_add=can_add_buyer_stage(document),
        too_many=own and len(stages) > BUYER_STAGES,
    )


def track_source(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the document whose buyer's track a draft has: itself, or the shipped one it names."""
    return document if has_own_track(document) else shipped_by_ref().get(str(document["buyer"]), {})


def stage_words(document: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Return the buyer's stages by number."""
    rows = track_source(document).get("buyer_stages", [])
    return [(number, f"{number} {words_in(row.get('title'))}") for number, row in enumerate(rows, start=1)]


def track_flaws(place: Path, flaws: Sequence[Flaw]) -> list[str]:
    """Return what is wrong at a place of the track, or below it; a stage is answered without its marks."""
    found = [flaw for flaw in flaws if flaw.place[: len(place)] == place]
    if len(place) == 2 and place[0] == "buyer_stages":
        found = [flaw for flaw in found if flaw.place[2:3] != ("marks",) or len(flaw.place) < 4]
    return [flaw.message for flaw in found]


def _stage(row: Mapping[str, Any], number: int, flaws: Sequence[Flaw]) -> BuyerLine:
    place: Path = ("buyer_stages", number - 1)
    return BuyerLine(
        number=number,
        title=words_in(row.get("title")) or str(row.get("key", "")) or "–",
        owner=words_in(row.get("owner")),
        marks=_lines(row.get("marks", []), (*place, "marks"), flaws),
        flaws=tuple(track_flaws(place, flaws)),
    )


def _lines(rows: Sequence[Mapping[str, Any]], where: Path, flaws: Sequence[Flaw]) -> tuple[TrackLine, ...]:
    return tuple(
        TrackLine(
            place=place,
            title=evidence_title(str(row.get("evidence", "–"))),
            detail=_detail(row),
            flaws=tuple(track_flaws((*where, place), flaws)),
        )
        for place, row in enumerate(rows)
    )


def _detail(row: Mapping[str, Any]) -> str:
    words = []
    if "to" in row:
        words.append(_("back to stage %(n)s") % {"n": row["to"]} if row["to"] else _("back before the first stage"))
    if row.get("closes"):
        words.append(_("ends the purchase"))
    if row.get("proposes") in set(Outcome):
        words.append(_("proposes: %(outcome)s") % {"outcome": OUTCOMES[Outcome(row["proposes"])]})
    methods = [str(METHODS[method.value]) for method in KNOWN_METHODS if method in row.get("methods", [])]
    if methods:
        words.append(_("only under %(methods)s") % {"methods": pgettext("between keys", ", ").join(methods)})
    return " · ".join(words)
