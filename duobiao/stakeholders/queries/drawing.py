"""The picture of a chain: cards, bands and lines with their words; everything in it also stands in the table."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext as _

from duobiao.stakeholders.domain.graph import LinkKind
from duobiao.stakeholders.domain.judging import Topic
from duobiao.stakeholders.domain.layout import Band, Drawing, Point, draw
from duobiao.stakeholders.domain.network import draw_network
from duobiao.stakeholders.domain.support import PARTS, ROLE_WEIGHTS, Role
from duobiao.stakeholders.models import ChainLevel, ChainRole, InfluenceLink, Layout, PersonPlace, Tie
from duobiao.stakeholders.queries.chain import Chain, Figure, ties_of
from duobiao.stakeholders.queries.leaning import Leaning
from duobiao.stakeholders.queries.wording import STANCE_SHORT
from duobiao.web import formats

LONGEST_NAME, LONGEST_POST, LONGEST_RIVAL = 9, 10.5, 4.5
CLASSES: Final = {2: "p2", 1: "p1", 0: "p0", -1: "n1", -2: "n2"}
TONES: Final = {2: "tok", 1: "tok", 0: "", -1: "twarn", -2: "tbad"}
OPPOSED: Final = (Tie.RIVAL, Tie.CONFLICT)


@dataclass(frozen=True, slots=True)
class Card:
    """One person as drawn.

    Attributes:
        rival: To which rival the person leans; "" for none, or where that is not asked for.
        said: What a screen reader says of the card.
    """

    figure: Figure
    x: float
    y: float
    name: str
    post: str
    stance: str
    stance_class: str
    tone: str
    words: str
    percent: int
    hidden: bool
    rival: str
    said: str


@dataclass(frozen=True, slots=True)
class LineDrawn:
    """One line as drawn; ``source`` and ``target`` are references of people."""

    link: InfluenceLink
    path: str
    x: float
    y: float
    css: str
    words: str
    source: str
    target: str

    @property
    def formal(self) -> bool:
        """Whether it is a reporting line."""
        return self.link.link_kind == LinkKind.FORMAL


@dataclass(frozen=True, slots=True)
class BandDrawn:
    """One level, or one part, as drawn; ``empty`` where a part is missing."""

    title: str
    empty: bool
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture.

    Attributes:
        moved: Somebody was moved by hand.
    """

    layout: Layout
    width: float
    height: float
    bands: list[BandDrawn]
    cards: list[Card]
    lines: list[LineDrawn]
    moved: bool


def picture_of(
    chain: Chain,
    *,
    layout: Layout = Layout.LAYERS,
    informal: bool = True,
    leanings: Mapping[int, Sequence[Leaning]] = MappingProxyType({}),
) -> Picture:
    """Return the picture of a chain; one query more than the chain, for places people were moved to.

    Args:
        informal: Whether lines of influence are drawn beside those of reporting.
        leanings: Who leans to rivals, by the key of the contact (``leanings_of``).
    """
    shown = chain.present
    links = [link for link in chain.links if informal or link.link_kind == LinkKind.FORMAL]
    kept = places_of(chain, layout)
    drawing = _drawn(shown, links, layout, kept)
    return Picture(
        layout=layout,
        width=drawing.width,
        height=drawing.height,
        bands=[_band(band, chain, layout) for band in drawing.bands],
        cards=[_card(figure, drawing, leanings.get(figure.row.contact_id, ())) for figure in shown],
        lines=[
            LineDrawn(
                link=link,
                path=curve.path,
                x=curve.x,
                y=curve.y,
                css=line_class(link),
                words=line_words(link) if curve.has_words else "",
                source=chain.by_key[link.source_id].row.ref,
                target=chain.by_key[link.target_id].row.ref,
            )
            for link, curve in zip(links, drawing.curves, strict=True)
        ],
        moved=bool(kept),
    )


def places_of(chain: Chain, layout: Layout) -> dict[int, Point]:
    """Return where people were moved to in a picture, by their keys, who was moved last first."""
    rows = PersonPlace.objects.filter(person__opportunity=chain.deal, layout=layout).order_by("-placed_at", "pk")
    return {row.person_id: (float(row.x), float(row.y)) for row in rows}


def _drawn(shown: list[Figure], links: list[InfluenceLink], layout: Layout, kept: Mapping[int, Point]) -> Drawing:
    ties = ties_of(links)
    if layout == Layout.NETWORK:
        return draw_network([figure.key for figure in shown], ties, kept=kept)
    if layout == Layout.ROLES:
        parts = {figure.key: str(figure.row.role) for figure in shown}
        return draw(parts, ties, order=(*PARTS, Role.UNKNOWN), always=PARTS, kept=kept)
    return draw({figure.key: str(figure.row.level) for figure in shown}, ties, kept=kept)


def _band(band: Band, chain: Chain, layout: Layout) -> BandDrawn:
    if layout != Layout.ROLES:
        return BandDrawn(str(ChainLevel(band.key).label), False, band.y, band.height)
    empty = band.key in chain.missing_parts
    title = f"{ChainRole(band.key).label} ×{ROLE_WEIGHTS[Role(band.key)]}"
    return BandDrawn(f"{title} · {_('nobody yet')}" if empty else title, empty, band.y, band.height)


@dataclass(slots=True)
class LinesOf:
    """The lines that leave one person."""

    formal: list[InfluenceLink] = field(default_factory=list)
    informal: list[InfluenceLink] = field(default_factory=list)


def lines_by_person(chain: Chain) -> defaultdict[int, LinesOf]:
    """Return the lines that leave each person, by their keys."""
    found: defaultdict[int, LinesOf] = defaultdict(LinesOf)
    for link in chain.links:
        lines = found[link.source_id]
        (lines.formal if link.link_kind == LinkKind.FORMAL else lines.informal).append(link)
    return found


def line_class(link: InfluenceLink) -> str:
    """Return the classes of a line: formal, or informal by strength, red where it works against us."""
    if link.link_kind == LinkKind.FORMAL:
        return "f1"
    width = "w3" if link.strength_tenths >= 15 else "w1" if link.strength_tenths < 10 else ""
    return " ".join(filter(None, ["inf", "bad" if link.tie in OPPOSED else "", width]))


def line_words(link: InfluenceLink) -> str:
    """Return what stands beside an informal line."""
    return "" if link.link_kind == LinkKind.FORMAL else link.label or str(link.get_tie_display())


def _card(figure: Figure, drawing: Drawing, leanings: Sequence[Leaning]) -> Card:
    place, contact = drawing.places[figure.key], figure.row.contact
    part = str(figure.row.get_role_display()) if figure.row.role != ChainRole.UNKNOWN else figure.department
    post = " · ".join(filter(None, [contact.position, part]))
    stance = figure.stance
    words = _("unknown") if stance is None else str(STANCE_SHORT[stance])
    percent = round(figure.confidence(Topic.STANCE))
    hidden = figure.weight is not None and figure.weight.hidden
    rival = ", ".join(leaning.rival for leaning in leanings)
    said = [contact.name, post, words, f"{percent}%", _("hidden influencer") if hidden else ""]
    said += [*_grounds(figure), *(leaning.said for leaning in leanings)]
    return Card(
        figure=figure,
        x=place.x,
        y=place.y,
        name=_cut(contact.name, LONGEST_NAME),
        post=_cut(post, LONGEST_POST),
        stance="?" if stance is None else f"{stance:+d}".replace("-", "−") if stance else "0",
        stance_class="pu" if stance is None else CLASSES[stance],
        tone="" if stance is None else TONES[stance],
        words=words,
        percent=percent,
        hidden=hidden,
        rival=_cut(rival, LONGEST_RIVAL),
        said=", ".join(filter(None, said)),
    )


def _grounds(figure: Figure) -> list[str]:
    """Say who told us where somebody stands, when, and who says otherwise."""
    held = figure.judged.get(Topic.STANCE)
    if held is None:
        return []
    said = [held.used.source, formats.date(held.used.on)]
    return said + [_("contradicted by %(source)s") % {"source": seen.source} for seen, _percent in held.against[:1]]


def _cut(text: str, longest: float) -> str:
    """Cut a text to a width, where a Latin letter takes half of a Chinese one."""
    width = 0.0
    for place, letter in enumerate(text):
        width += 1.0 if ord(letter) > 0x2E80 else 0.55
        if width > longest:
            return text[:place].rstrip(" ·") + "…"
    return text
