"""Word files: headings, facts, lines to tick and plain text, written as text so that nothing in them is carried out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from django.http import FileResponse

if TYPE_CHECKING:
    from docx.document import Document as Paper

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT, CHINESE_FONT = "Arial", "微软雅黑"
UNWRITABLE = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BOX = "☐"
SIZES: Final = {"Normal": 10.5, "Title": 20, "Heading 1": 13}
"""Size of letters in points, by style."""
UNSAVEABLE = re.compile(r"[\x00-\x1f/\\:*?\"<>|]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a paper under its heading.

    Attributes:
        facts: Name and value, side by side.
        points: Lines with a bullet.
        ticks: Lines with a box before and room to write below.
        text: Plain text; a line break begins a paragraph.
        empty: What to say where the part holds nothing.
    """

    title: str
    facts: Sequence[tuple[str, str]] = ()
    points: Sequence[str] = ()
    ticks: Sequence[str] = ()
    text: str = ""
    empty: str = field(default="")

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read."""
        return not (self.facts or self.points or self.ticks or self.text.strip())


def paper(*, title: str, subtitle: str, parts: Iterable[Part], now: datetime) -> BytesIO:
    """Write a paper of one column; parts without content are left out unless they say so."""
    from docx import Document  # with lxml 15 MB: not before somebody wants a file

    document = Document()
    _set_up(document, title, now)
    document.add_heading(_clean(title), level=0)
    if subtitle:
        document.add_paragraph(_clean(subtitle))
    for part in parts:
        if not part.is_empty or part.empty:
            _write(document, part)
    file = BytesIO()
    document.save(file)
    file.seek(0)
    return file


def _set_up(document: "Paper", title: str, now: datetime) -> None:
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
    properties = document.core_properties
    properties.title, properties.author, properties.comments = _clean(title)[:250], "", ""
    properties.created = properties.modified = now


def _write(document: "Paper", part: Part) -> None:
    document.add_heading(_clean(part.title), level=1)
    if part.is_empty:
        document.add_paragraph(_clean(part.empty))
        return
    if part.facts:
        _table(document, part.facts)
    for line in part.points:
        document.add_paragraph(_clean(line), style="List Bullet")
    for line in part.ticks:
        document.add_paragraph(f"{BOX} {_clean(line)}")
    for line in part.text.splitlines():
        document.add_paragraph(_clean(line))


def _table(document: "Paper", facts: Sequence[tuple[str, str]]) -> None:
    from docx.shared import Cm

    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    table.autofit = False
    for name, value in facts:
        cells = table.add_row().cells
        cells[0].width, cells[1].width = Cm(4.2), Cm(12.4)
        cells[0].text, cells[1].text = _clean(name), _clean(value) or "–"


def _clean(text: str) -> str:
    """Leave out what a Word file cannot hold."""
    return UNWRITABLE.sub("", text)


def paper_response(file: BytesIO, name: str) -> FileResponse:
    """Hand out a paper under a name, which gets its ending here."""
    saved = f"{UNSAVEABLE.sub(' ', name).strip()[:120]}.docx"
    response = FileResponse(file, as_attachment=True, filename=saved, content_type=DOCX)
    response["Cache-Control"] = "private, no-store"
    return response
