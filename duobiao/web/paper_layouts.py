"""Company templates of Word papers: where the placeholders stand, and how they are filled.

A placeholder is a name in double braces. It stands for words or for a part of the paper, from a fixed list; nothing in
a template is carried out.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

if TYPE_CHECKING:
    from docx.document import Document as Paper
    from docx.table import Table

PLACEHOLDER: Final = re.compile(r"\{\{\s*(.*?)\s*\}\}")
COMMAND: Final = re.compile(r"\{%|\{#")
STORY: Final = re.compile(r"^/word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml$")
SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True, slots=True)
class Found:
    """A placeholder of a template.

    Attributes:
        alone: It is all that its paragraph says, and the paragraph stands in the text of the page itself.
    """

    name: str
    paragraph: Any
    alone: bool


def placeholders(document: "Paper") -> Iterator[Found]:
    """Yield all placeholders, also those in tables, text boxes, headers and footers."""
    body = document.element.body
    for paragraph in _paragraphs(document):
        text = _text(paragraph)
        for match in PLACEHOLDER.finditer(text):
            alone = text.strip() == match[0] and paragraph.getparent() is body
            yield Found(match[1], paragraph, alone)


def commands(document: "Paper") -> bool:
    """Tell whether somebody wrote commands of a template language, which are not carried out."""
    return any(COMMAND.search(_text(paragraph)) for paragraph in _paragraphs(document))


def anchors_of(document: "Paper", names: Collection[str]) -> dict[str, Any]:
    """Return by name the paragraphs that hold nothing but a placeholder of these names."""
    return {found.name: found.paragraph for found in placeholders(document) if found.alone and found.name in names}


@contextmanager
def put_before(document: "Paper", anchor: Any) -> Iterator[None]:
    """Move what is written meanwhile to the place of a paragraph, which goes.

    One that ends a section only loses its words, else the section would go with it.
    """
    body = document.element.body
    before = set(body)
    yield
    for element in [element for element in body if element not in before]:
        anchor.addprevious(element)
    if anchor.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is None:
        anchor.getparent().remove(anchor)
        return
    for text in _texts(anchor):
        text.text = ""


def write_values(document: "Paper", words: Mapping[str, str]) -> None:
    """Write words in the place of their placeholders; the look of the place stays."""
    for paragraph in _paragraphs(document):
        texts = _texts(paragraph)
        whole = "".join(text.text or "" for text in texts)
        for match in reversed(list(PLACEHOLDER.finditer(whole))):
            if match[1] in words:
                _replace(texts, match.start(), match.end(), words[match[1]])


def _replace(texts: list[Any], start: int, end: int, word: str) -> None:
    """Put a word for the characters from ``start`` to ``end``; Word may have cut them into several pieces."""
    at = 0
    for text in texts:
        held = text.text or ""
        first, last = max(start - at, 0), min(end - at, len(held))
        if first < len(held) and last > 0 and first < last:
            text.text = held[:first] + word + held[last:]
            text.set(SPACE, "preserve")
            word = ""
        at += len(held)


def draw_borders(table: "Table") -> None:
    """Draw thin lines around all cells, where the template lacks our style."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "auto")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)


def _paragraphs(document: "Paper") -> Iterator[Any]:
    for part in document.part.package.iter_parts():
        if STORY.match(str(part.partname)):
            element = getattr(part, "element", None)
            if element is not None:
                yield from list(element.iter(qn("w:p")))


def _texts(paragraph: Any) -> list[Any]:
    """Return the pieces of text of a paragraph, without those of text boxes in it."""
    name = qn("w:p")
    return [text for text in paragraph.iter(qn("w:t")) if next(text.iterancestors(name)) is paragraph]


def _text(paragraph: Any) -> str:
    return "".join(text.text or "" for text in _texts(paragraph))
