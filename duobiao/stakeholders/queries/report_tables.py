"""Tables of the stakeholder strategy report: who weighs what, bridges, the relationship matrix, red flags, DMI."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from duobiao.customers.models import RelationCell
from duobiao.stakeholders.domain.judging import Topic
from duobiao.stakeholders.domain.relations import Square
from duobiao.stakeholders.models import LinkKind
from duobiao.stakeholders.queries.chain import Chain, Figure
from duobiao.stakeholders.queries.conflicts import Conflict
from duobiao.stakeholders.queries.matrix import CellShown, Matrix
from duobiao.stakeholders.queries.readouts import BlueSheet, dmi_of
from duobiao.stakeholders.queries.wording import value_words
from duobiao.web import formats
from duobiao.web.papers import Part

MOST_BRIDGES: Final = 5


def said(pattern: str, what: str, more: str) -> str:
    """Put two texts together by a translated pattern with ``%(what)s`` and ``%(more)s``."""
    return pattern % {"what": what, "more": more}


def joined(texts: Iterable[str]) -> str:
    """Put texts into one line."""
    return pgettext("between parts of a line", "; ").join(texts)


def sentence_case(text: str) -> str:
    """Return a title that begins with a capital letter."""
    return text[:1].upper() + text[1:]


def cell_title(square: Square) -> str:
    """Return what a cell of the matrix is called."""
    return sentence_case(str(RelationCell(square).label))


def hidden_of(chain: Chain) -> list[Figure]:
    """Return who weighs more than the chart says, the weightiest first."""
    return [figure for figure in chain.present if figure.weight is not None and figure.weight.hidden]


def weight_words(figure: Figure) -> str:
    """Say what share of the influence somebody holds, and from what."""
    weight = figure.weight
    if weight is None:
        return ""
    shares = {
        "influence": formats.percent(100 * weight.influence, 1),
        "formal": formats.percent(100 * weight.formal, 1),
        "informal": formats.percent(100 * weight.informal, 1),
    }
    text = _("%(influence)s of the whole: %(formal)s by rank, %(informal)s by who listens") % shares
    return said(_("%(what)s (%(more)s)"), text, _("hidden influencer")) if weight.hidden else text


def weight_parts(chain: Chain) -> Iterable[Part]:
    """Return who weighs what, who weighs more than the chart says, and who connects the others."""
    rows = [
        (
            figure.row.contact.name,
            str(figure.row.get_role_display()),
            "–" if figure.stance is None else value_words(Topic.STANCE, figure.stance),
            formats.percent(100 * figure.weight.influence, 1),
            formats.percent(100 * figure.weight.betweenness, 0),
            _("yes") if figure.covered else _("no"),
        )
        for figure in chain.present
        if figure.weight is not None
    ]
    head = (_("Person"), _("Part"), _("Stance"), _("Computed influence"), _("Bridge"), _("Spoken to"))
    yield Part(
        _("Who weighs what"), rows=[head, *rows] if rows else (), empty=_("Nobody is on the chain yet."), key="weight"
    )
    yield Part(
        _("Hidden influencers"),
        points=[said(_("%(what)s: %(more)s"), figure.row.contact.name, _listened(chain, figure)) for figure in hidden_of(chain)],
        empty=_("Nobody weighs more than the chart says."),
        key="weight",
    )  # fmt: skip
    bridges = sorted(
        (figure for figure in chain.present if figure.weight is not None and figure.weight.betweenness > 0),
        key=lambda figure: (-(figure.weight.betweenness if figure.weight else 0), figure.key),
    )
    yield Part(
        _("Bridges: through whom the ways between others lead"),
        points=[
            said(_("%(what)s: %(more)s"), figure.row.contact.name, formats.percent(100 * figure.weight.betweenness, 0))
            for figure in bridges[:MOST_BRIDGES]
            if figure.weight is not None
        ],
        empty=_("Nobody stands between others."),
        key="weight",
    )


def matrix_part(matrix: Matrix) -> Part:
    """Return the relationship matrix as a table, with what the stage asks for."""
    head = (_("Person"), *[cell_title(square) for square in Square])
    rows = [
        (row.figure.row.contact.name, *[_cell_words(cell) for cell in row.cells]) for row in matrix.rows
    ]  # fmt: skip
    title = said(
        _("%(what)s (%(more)s)"),
        _("Relationship matrix"),
        _("%(accepted)d of %(required)d cells accepted") % {"accepted": matrix.accepted, "required": matrix.required},
    )
    return Part(title, rows=[head, *rows] if rows else (), key="matrix")


def flag_lines(sheet: BlueSheet) -> list[str]:
    """Return the red flags: of parts that nobody plays, then of people."""
    of_people = [
        said(_("%(what)s: %(more)s"), line.figure.row.contact.name, joined(line.flags)) for line in sheet.buyers if line.flags
    ]  # fmt: skip
    return [*map(sentence_case, sheet.flags), *of_people]


def conflict_lines(conflicts: Iterable[Conflict]) -> Iterable[str]:
    """Say of each conflict who is on which side, and what both want; of a usual tension, how it is settled."""
    for row in conflicts:
        ground = joined(row.ground) or _("no need that both sides want is on record")
        if not row.is_recorded:
            yield said(_("%(what)s: %(more)s"), said(_("%(what)s (%(more)s)"), row.about, _("usual tension")), ground)
            continue
        names = {
            "wants": ", ".join(stand.name for stand in row.sides[0]),
            "opposes": ", ".join(stand.name for stand in row.sides[1]),
            "ground": ground,
        }
        text = _("%(wants)s for it, %(opposes)s against it; common ground: %(ground)s") % names
        yield said(_("%(what)s: %(more)s"), row.about, text)


def dmi_parts(chain: Chain) -> Iterable[Part]:
    """Return desire, motive and pressure of the final decider, with the weakest lever."""
    shown = dmi_of(chain)
    if shown.decider is None:
        return
    titles = {"DESIRE": _("Desire"), "MOTIVATION": _("Motive"), "SWAY": _("Pressure of others")}
    facts = [(titles[name], "–" if value is None else str(value)) for name, value in shown.scores.items()]
    if shown.result is not None:
        facts += [("DMI", f"{shown.result.index:.1f}"), (_("Weakest lever"), shown.lever)]
    else:
        facts.append((_("Not observed yet"), joined(titles[name] for name in shown.missing)))
    name = shown.decider.row.contact.name
    yield Part(said(_("%(what)s: %(more)s"), _("What drives the final decider (DMI)"), name), facts=facts, key="dmi")


def _listened(chain: Chain, figure: Figure) -> str:
    names = [
        chain.by_key[link.target_id].row.contact.name
        for link in chain.links
        if link.source_id == figure.key and link.link_kind == LinkKind.INFORMAL
    ]
    text = weight_words(figure)
    return joined([text, _("%(names)s listen to them") % {"names": ", ".join(names)}]) if names else text


def _cell_words(cell: CellShown) -> str:
    text = {0: pgettext("cell", "not reached"), 1: _("touched"), 2: _("accepted")}[cell.state]
    return said(_("%(what)s (%(more)s)"), text, _("asked for")) if cell.lacks else text
