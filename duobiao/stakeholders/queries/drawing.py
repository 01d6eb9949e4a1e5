"""The picture of a chain: cards, bands and lines with their words; everything in it also stands in the table."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from duobiao.stakeholders.domain.graph import LinkKind
from duobiao.stakeholders.domain.judging import Topic
from duobiao.stakeholders.domain.layout import Drawing, draw
from duobiao.stakeholders.domain.support import Level
from duobiao.stakeholders.models import ChainLevel, ChainRole, InfluenceLink, Tie
from duobiao.stakeholders.queries.chain import Chain, Figure, ties_of
from duobiao.stakeholders.queries.wording import STANCE_SHORT

MOST_DRAWN: Final = 60
"""How many people are drawn, the weightiest first; the table holds all."""
LONGEST_NAME, LONGEST_POST = 9, 10.5
CLASSES: Final = {2: "p2", 1: "p1", 0: "p0", -1: "n1", -2: "n2"}
TONES: Final = {2: "tok", 1: "tok", 0: "", -1: "twarn", -2: "tbad"}
OPPOSED: Final = (Tie.RIVAL, Tie.CONFLICT)


@dataclass(frozen=True, slots=True)
class Card:
    """One person as drawn.

    Attributes:
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
    said: str


@dataclass(frozen=True, slots=True)
class LineDrawn:
    """One line as drawn."""

    link: InfluenceLink
    path: str
    x: float
    y: float
    css: str
    words: str

    @property
    def formal(self) -> bool:
        """Whether it is a reporting line."""
        return self.link.link_kind == LinkKind.FORMAL


@dataclass(frozen=True, slots=True)
class BandDrawn:
    """One level as drawn."""

    title: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture; ``left_out`` counts those that are not drawn."""

    width: float
    height: float
    bands: list[BandDrawn]
    cards: list[Card]
    lines: list[LineDrawn]
    left_out: int


def picture_of(chain: Chain, *, informal: bool = True) -> Picture:
    """Return the picture of a chain.

    Args:
        informal: Whether lines of influence are drawn beside those of reporting.
    """
    shown = chain.present[:MOST_DRAWN]
    keys = {figure.key for figure in shown}
    links = [
        link
        for link in chain.links
        if link.source_id in keys and link.target_id in keys and (informal or link.link_kind == LinkKind.FORMAL)
    ]
    drawing = draw({figure.key: Level(figure.row.level) for figure in shown}, ties_of(links))
    return Picture(
        width=drawing.width,
        height=drawing.height,
        bands=[BandDrawn(str(ChainLevel(band.level).label), band.y, band.height) for band in drawing.bands],
        cards=[_card(figure, drawing) for figure in shown],
        lines=[
            LineDrawn(link, curve.path, curve.x, curve.y, line_class(link), line_words(link))
            for link, curve in zip(links, drawing.curves, strict=True)
        ],
        left_out=len(chain.present) - len(shown),
    )


def line_class(link: InfluenceLink) -> str:
    """Return the classes of a line: formal, or informal by strength, red where it works against us."""
    if link.link_kind == LinkKind.FORMAL:
        return "f1"
    width = "w3" if link.strength_tenths >= 15 else "w1" if link.strength_tenths < 10 else ""
    return " ".join(filter(None, ["inf", "bad" if link.tie in OPPOSED else "", width]))


def line_words(link: InfluenceLink) -> str:
    """Return what stands beside an informal line."""
    return "" if link.link_kind == LinkKind.FORMAL else link.label or str(link.get_tie_display())


def _card(figure: Figure, drawing: Drawing) -> Card:
    place, contact = drawing.places[figure.key], figure.row.contact
    part = str(figure.row.get_role_display()) if figure.row.role != ChainRole.UNKNOWN else figure.department
    post = " · ".join(filter(None, [contact.position, part]))
    stance = figure.stance
    words = _("unknown") if stance is None else str(STANCE_SHORT[stance])
    percent = round(figure.confidence(Topic.STANCE))
    hidden = figure.weight is not None and figure.weight.hidden
    said = [contact.name, post, words, f"{percent}%", _("hidden influencer") if hidden else ""]
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
        said=", ".join(filter(None, said)),
    )


def _cut(text: str, longest: float) -> str:
    """Cut a text to a width, where a Latin letter takes half of a Chinese one."""
    width = 0.0
    for place, letter in enumerate(text):
        width += 1.0 if ord(letter) > 0x2E80 else 0.55
        if width > longest:
            return text[:place].rstrip(" ·") + "…"
    return text
