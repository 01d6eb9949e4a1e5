"""Reads of templates: what holds for a kind, what administrators see, and papers to try one with."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from io import BytesIO

from django.utils.translation import gettext as _

from duobiao.documents.models.files import file_path
from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.refusals import NotFound
from duobiao.papers.models import PaperTemplate
from duobiao.web.paper_kinds import COMMON, Layout, PaperKind, paper_kinds
from duobiao.web.papers import Draft, Part, starting_template

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """A kind of paper and what it is laid out by.

    Attributes:
        own: Its own template, else None.
        common: The template of all papers holds for it.
    """

    kind: PaperKind
    own: PaperTemplate | None
    common: bool

    @property
    def version(self) -> int:
        """What a change names."""
        return self.own.version if self.own else 0


def standings() -> list[Standing]:
    """Return all kinds, the common one first."""
    rows = {row.paper: row for row in PaperTemplate.objects.select_related("document", "placed_by")}
    common = COMMON.key in rows
    return [
        Standing(kind, rows.get(kind.key), common and kind.key not in rows and kind is not COMMON)
        for kind in paper_kinds()
    ]


def standing_of(key: str) -> Standing:
    """Return one kind.

    Raises:
        NotFound: there is no such kind.
    """
    found = next((one for one in standings() if one.kind.key == key), None)
    if found is None:
        raise NotFound(_("There is no such kind of paper."))
    return found


def layout(kind: str) -> Layout:
    """Return what the papers of a kind are laid out by: its own template, the common one, or ours.

    A template whose file is gone is left aside, and told in the log; ``duobiao doctor`` names it.
    """
    rows = {
        row.paper: row for row in PaperTemplate.objects.select_related("document").filter(paper__in=[kind, COMMON.key])
    }
    contents = (_content(rows[key]) for key in (kind, COMMON.key) if key in rows)
    return Layout(next((content for content in contents if content is not None), None), CompanySettings.load().name)


def template_file(standing: Standing) -> tuple[BytesIO, str]:
    """Return the template that holds for a kind with its name: its own, the common one, or ours as a beginning."""
    content = layout(standing.kind.key).content
    file = starting_template() if content is None else BytesIO(content)
    return file, _("Template %(name)s") % {"name": standing.kind.title}


def _content(row: PaperTemplate) -> bytes | None:
    try:
        return file_path(row.document.sha256).read_bytes()
    except OSError:
        log.exception("the template of %s cannot be read", row.paper)
        return None


def sample_of(kind: PaperKind, user: User) -> Draft:
    """Return a paper to try a template with: the latest the person may see, else an example."""
    kinds: Iterable[PaperKind] = [one for one in paper_kinds() if one is not COMMON] if kind is COMMON else [kind]
    found = (one.sample(user) for one in kinds if one.sample is not None)
    draft = next((one for one in found if one is not None), None)
    return example(kind) if draft is None else replace(draft, kind=kind.key)


def example(kind: PaperKind) -> Draft:
    """Make a paper that shows each form: names and values, lines, boxes, text."""
    titles = {key: str(title) for key, title in kind.parts.items()} or {"": _("A part")}
    parts = [
        Part(
            title,
            key=key,
            facts=[(_("Project"), _("Renovation of line 2")), (_("Amount"), "¥12,800,000")],
            points=[_("A line with a bullet")],
            ticks=[_("A line to tick")],
            text=_("A paragraph of plain text."),
        )
        for key, title in titles.items()
    ]
    values = {name: str(title) for name, title in kind.values.items()}
    return Draft(str(kind.title), _("An example"), parts, kind.key, values)
