"""A small reader of HTML for tests: elements in reading order with their attributes and text."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "use"}


@dataclass
class Element:
    """One element.

    Attributes:
        path: Tags from the root to it.
    """

    tag: str
    attributes: dict[str, str]
    path: tuple[str, ...] = ()
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything written inside, spaces collapsed."""
        return " ".join("".join(self.pieces).split())

    @property
    def classes(self) -> set[str]:
        """Its CSS classes."""
        return set(self.attributes.get("class", "").split())


class Page(HTMLParser):
    """Read a page: ``Page.of(html).all("a")``."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.unbalanced: list[str] = []

    @classmethod
    def of(cls, html: str) -> "Page":
        """Read HTML."""
        page = cls()
        page.feed(html)
        page.close()
        page.unbalanced += [element.tag for element in page._open]
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        path = tuple(element.tag for element in self._open)
        element = Element(tag, {name: value or "" for name, value in attrs}, path)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self._open and self._open[-1].tag == tag and tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self._open and self._open[-1].tag == tag:
            self._open.pop()
        else:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.pieces.append(data)

    def all(self, tag: str = "", css: str = "", **attributes: str) -> list[Element]:
        """Return the elements with a tag, a class and attributes (underscores are hyphens)."""
        return list(self._matching(tag, css, attributes))

    def one(self, tag: str = "", css: str = "", **attributes: str) -> Element:
        """Return the only such element."""
        found = self.all(tag, css, **attributes)
        assert len(found) == 1, f"{len(found)} elements match {tag}.{css} {attributes}"
        return found[0]

    def _matching(self, tag: str, css: str, attributes: dict[str, str]) -> Iterator[Element]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        for element in self.elements:
            if (
                (not tag or element.tag == tag)
                and (not css or css in element.classes)
                and all(element.attributes.get(name) == value for name, value in wanted.items())
            ):
                yield element
