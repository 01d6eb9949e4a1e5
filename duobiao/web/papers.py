"""Word files: headings, facts, lines to tick and plain text, written as text so that nothing in them is carried out."""

import re
from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from django.http import FileResponse

from duobiao.web import formats
from duobiao.web.paper_kinds import CONTENT, blocks_of, layout_of

if TYPE_CHECKING:
    from docx.document import Document as Paper

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT, CHINESE_FONT = "Arial", "微软雅黑"
UNWRITABLE = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BOX = "☐"
SIZES: Final = {"Normal": 10.5, "Title": 20, "Heading 1": 13}
"""Size of letters in points, by style."""
NAMES: Final = 4.2 / 16.6
"""Share of the names in a table of names and values."""
MIN_WIDTH: Final = 1_800_000
"""Of a table, in EMU (5 cm): a template's margins may leave less."""
SMALL: Final = 9
WIDEST: Final = 16.6
"""Width of the text in centimetres."""
BLANK: Final = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4//8/AwAI/AL+p5qgoAAAAABJRU5ErkJggg=="
)
DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
SVG_BLIP: Final = (
    f'<a:extLst xmlns:a="{DRAWING}"><a:ext uri="{{{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}}}">'
    '<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="{key}"/></a:ext></a:extLst>'
)
"""What names the SVG beside a bitmap (MS-ODRAWXML, svgBlip)."""
UNSAVEABLE = re.compile(r"[\x00-\x1f/\\:*?\"<>|]+")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture in a paper.

    Attributes:
        svg: As a file of its own.
        width, height: In its own units; it is made as wide as the page at most.
        words: What it shows, for who does not see it.
    """

    svg: str
    width: float
    height: float
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a paper under its heading.

    Attributes:
        facts: Name and value, side by side.
        blanks: What is filled in by hand: a name, and room beside it.
        rows: A table; the first row is its head.
        picture: Drawn below the heading.
        points: Lines with a bullet.
        ticks: Lines with a box before and room to write below.
        text: Plain text; a line break begins a paragraph.
        empty: What to say where the part holds nothing.
        key: By which a template places the part; several parts may share one.
    """

    title: str
    facts: Sequence[tuple[str, str]] = ()
    points: Sequence[str] = ()
    ticks: Sequence[str] = ()
    text: str = ""
    empty: str = field(default="")
    key: str = ""
    rows: Sequence[Sequence[str]] = ()
    picture: Drawn | None = None
    blanks: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read."""
        return not (
            self.facts or self.rows or self.picture or self.blanks or self.points or self.ticks or self.text.strip()
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """What a paper says, before it is laid out.

    Attributes:
        kind: Key of a registered kind; "" for none.
        values: Words of this kind that a template may place by name, e.g. the customer.
    """

    title: str
    subtitle: str
    parts: Sequence[Part]
    kind: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def paper(
    *,
    title: str,
    subtitle: str,
    parts: Iterable[Part],
    now: datetime,
    kind: str = "",
    values: Mapping[str, str] | None = None,
) -> BytesIO:
    """Write a paper of one column; parts without content are left out unless they say so.

    It is laid out by the company's template for its kind, where there is one.
    """
    return draw(Draft(title, subtitle, list(parts), kind, dict(values or {})), now=now)


def draw(draft: Draft, *, now: datetime, template: bytes | None = None) -> BytesIO:
    """Write a paper.

    Args:
        template: A checked Word file to lay it out by; without it the company's own, else ours.
    """
    from docx import Document  # with lxml 15 MB: not before somebody wants a file

    layout = layout_of(draft.kind)
    content = template if template is not None else layout.content
    if content is None:
        document = Document()
        _set_up(document)
        _head(document, draft)
        for part in draft.parts:
            _write(document, part)
    else:
        document = Document(BytesIO(content))
        _fill(document, draft, company=layout.company, now=now)
    _describe(document, draft.title, now)
    file = BytesIO()
    document.save(file)
    file.seek(0)
    return file


def starting_template() -> BytesIO:
    """Return our own look as a template: title, line below it and content as placeholders."""
    from docx import Document

    document = Document()
    _set_up(document)
    document.add_heading("{{title}}", level=0)
    document.add_paragraph("{{subtitle}}")
    document.add_paragraph("{{" + CONTENT + "}}")
    file = BytesIO()
    document.save(file)
    file.seek(0)
    return file


def _fill(document: "Paper", draft: Draft, *, company: str, now: datetime) -> None:
    from duobiao.web.paper_layouts import anchors_of, put_before, write_values

    places = anchors_of(document, blocks_of(draft.kind))
    words = {"title": draft.title, "subtitle": draft.subtitle, "company": company, "date": formats.date(now)}
    written = {name: _clean(" ".join(text.split())) for name, text in {**draft.values, **words}.items()}
    write_values(document, written)  # before the parts, in which braces are only what somebody wrote
    rest = [part for part in draft.parts if part.key not in places]
    for key, anchor in places.items():
        with put_before(document, anchor):
            for part in rest if key == CONTENT else [part for part in draft.parts if part.key == key]:
                _write(document, part)


def _head(document: "Paper", draft: Draft) -> None:
    document.add_heading(_clean(draft.title), level=0)
    if draft.subtitle:
        document.add_paragraph(_clean(draft.subtitle))


def _set_up(document: "Paper") -> None:
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2)
    for name, size in SIZES.items():
        style: Any = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:ascii"), FONT)
        fonts.set(qn("w:hAnsi"), FONT)
        fonts.set(qn("w:eastAsia"), CHINESE_FONT)


def _describe(document: "Paper", title: str, now: datetime) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.comments = _clean(title)[:250], "", ""
    properties.created = properties.modified = now


def _write(document: "Paper", part: Part) -> None:
    if part.is_empty and not part.empty:
        return
    heading = document.add_paragraph(_clean(part.title), style=_style(document, "Heading 1"))
    for run in heading.runs if heading.style is None or heading.style.name != "Heading 1" else []:
        run.bold = True
    if part.is_empty:
        document.add_paragraph(_clean(part.empty))
    else:
        _write_content(document, part)


def _write_content(document: "Paper", part: Part) -> None:
    for line in part.text.splitlines():
        document.add_paragraph(_clean(line))
    if part.picture is not None:
        _picture(document, part.picture)
    _write_tables(document, part)
    bullet = _style(document, "List Bullet")
    for line in part.points:
        document.add_paragraph(_clean(line) if bullet else f"• {_clean(line)}", style=bullet)
    for line in part.ticks:
        document.add_paragraph(f"{BOX} {_clean(line)}")


def _write_tables(document: "Paper", part: Part) -> None:
    if part.facts:
        _table(document, part.facts)
    if part.blanks:
        _to_fill_in(document, part.blanks)
    if part.rows:
        _grid(document, part.rows)


def _style(document: "Paper", name: str) -> str | None:
    """Return the name of a style that the file has, else None; a company's template need not have all of ours."""
    return name if any(style.name == name for style in document.styles) else None


def _table(document: "Paper", facts: Sequence[tuple[str, str]]) -> None:
    section = document.sections[0]
    edges = (section.page_width, section.left_margin, section.right_margin)
    page, left, right = (edge or 0 for edge in edges)
    width = max(page - left - right, MIN_WIDTH)
    table = _framed(document, columns=2)
    table.autofit = False
    for name, value in facts:
        cells = table.add_row().cells
        cells[0].width, cells[1].width = int(width * NAMES), width - int(width * NAMES)
        cells[0].text, cells[1].text = _clean(name), _clean(value) or "–"


def _framed(document: "Paper", *, columns: int) -> Any:
    """Add an empty table with borders."""
    table = document.add_table(rows=0, cols=columns)
    if grid := _style(document, "Table Grid"):
        table.style = grid
    else:
        from duobiao.web.paper_layouts import draw_borders

        draw_borders(table)
    return table


def _to_fill_in(document: "Paper", blanks: Sequence[str]) -> None:
    from docx.shared import Cm

    table = _framed(document, columns=2)
    table.autofit = False
    for name in blanks:
        row = table.add_row()
        row.height = Cm(1.4)
        row.cells[0].width, row.cells[1].width = Cm(5.4), Cm(11.2)
        row.cells[0].text = _clean(name)


def _grid(document: "Paper", rows: Sequence[Sequence[str]]) -> None:
    from docx.shared import Pt

    table = _framed(document, columns=len(rows[0]))
    for number, row in enumerate(rows):
        for cell, value in zip(table.add_row().cells, row, strict=True):
            run = cell.paragraphs[0].add_run(_clean(value) or "–")
            run.font.size, run.bold = Pt(SMALL), number == 0


def _picture(document: "Paper", drawn: Drawn) -> None:
    """Draw a vector picture: a blank bitmap, and beside it the SVG that Word since 2016 and LibreOffice show instead."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part as Piece
    from docx.oxml import parse_xml
    from docx.shared import Cm

    wide = min(WIDEST, WIDEST * drawn.width / 900)
    shape = document.add_picture(BytesIO(BLANK), width=Cm(wide), height=Cm(wide * drawn.height / drawn.width))
    name = PackURI(f"/word/media/drawn{len(document.inline_shapes)}.svg")
    piece = Piece(name, "image/svg+xml", _clean(drawn.svg).encode(), document.part.package)
    key = document.part.relate_to(piece, RELATIONSHIP_TYPE.IMAGE)
    inline: Any = shape._inline
    inline.docPr.set("descr", _clean(drawn.words))
    blip = inline.graphic.graphicData.pic.blipFill.find(f"{{{DRAWING}}}blip")
    blip.append(parse_xml(SVG_BLIP.format(key=key)))


def _clean(text: str) -> str:
    """Leave out what a Word file cannot hold."""
    return UNWRITABLE.sub("", text)


def paper_response(file: BytesIO, name: str) -> FileResponse:
    """Hand out a paper under a name, which gets its ending here."""
    saved = f"{UNSAVEABLE.sub(' ', name).strip()[:120]}.docx"
    response = FileResponse(file, as_attachment=True, filename=saved, content_type=DOCX)
    response["Cache-Control"] = "private, no-store"
    return response
