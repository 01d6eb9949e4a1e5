"""Read YAML into plain values and remember the line of each; whatever is sent, it says what is wrong with it."""

from collections.abc import Iterator
from typing import Any

import yaml

from duobiao.playbooks.domain.problems import Code, Path, Problems

LARGEST = 2**20
DEEPEST = 20
"""A playbook is nine levels deep."""
MOST_PARTS = 100_000
"""Values and keys, those repeated by aliases counted each time; a playbook of 300 items has about 9,000."""
MERGE = "tag:yaml.org,2002:merge"


class Document:
    """A document that was read.

    Attributes:
        value: The document as plain values; None where it could not be read.
        lines: Line of each value by its path, counted from 1.
    """

    def __init__(self, source: bytes, problems: Problems) -> None:
        self.problems = problems
        self.value: object = None
        self.lines: dict[Path, int] = {(): 1}
        self.readable = False
        self._parts = 0
        self._above: set[int] = set()
        self._constructor = yaml.SafeLoader("")
        text = self._text(source)
        root = self._root(text) if text is not None else None
        if root is not None:
            self.value = self._plain(root, ())
            self.readable = self._parts <= MOST_PARTS

    def line_of(self, path: Path) -> int:
        """Return the line of a place, or of the nearest place above it."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]

    def _wrong(self, line: int, code: Code, path: Path = (), **values: Any) -> None:
        self.lines.setdefault(path, line)
        if not path:
            self.lines[()] = line
        self.problems.add(path, code, **values)

    def _text(self, source: bytes) -> str | None:
        if len(source) > LARGEST:
            self._wrong(1, Code.TOO_LARGE, most=LARGEST // 1024)
            return None
        try:
            return source.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self._wrong(source[: error.start].count(b"\n") + 1, Code.NOT_UTF8)
            return None

    def _root(self, text: str) -> yaml.Node | None:
        """Return the only document as nodes; looks for depth first, because nodes are read recursively."""
        try:
            deep = next((line for depth, line in _depths(text) if depth > DEEPEST), None)
            if deep is not None:
                self._wrong(deep, Code.TOO_DEEP, most=DEEPEST)
                return None
            root = yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            code = Code.ONE_DOCUMENT if "single document" in str(error.context) else Code.SYNTAX
            self._wrong(mark.line + 1 if mark else 1, code, said=str(error.problem)[:200])
            return None
        except (yaml.YAMLError, ValueError) as error:
            line = text.count("\n", 0, getattr(error, "position", 0)) + 1
            self._wrong(line, Code.SYNTAX, said=str(getattr(error, "reason", error))[:200])
            return None
        if root is None:
            self._wrong(1, Code.EMPTY)
        return root

    def _plain(self, node: yaml.Node, path: Path) -> object:
        self._parts += 1
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if self._parts > MOST_PARTS:
            if self._parts == MOST_PARTS + 1:
                self._wrong(line, Code.TOO_MANY_PARTS, most=MOST_PARTS)
            return None
        if id(node) in self._above:
            self._wrong(line, Code.CYCLE, path)
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path, line)
        self._above.add(id(node))
        try:
            return self._mapping(node, path) if isinstance(node, yaml.MappingNode) else self._list(node, path)
        finally:
            self._above.discard(id(node))

    def _scalar(self, node: yaml.ScalarNode, path: Path, line: int) -> object:
        try:
            value: object = self._constructor.construct_object(node)
        except (yaml.YAMLError, ValueError, OverflowError, ArithmeticError, LookupError, TypeError):
            self._wrong(line, Code.UNREADABLE, path, value=str(node.value)[:60])
            return None
        return value

    def _list(self, node: yaml.Node, path: Path) -> list[object]:
        found = []
        for place, child in enumerate(node.value):
            if self._parts > MOST_PARTS:
                break
            found.append(self._plain(child, (*path, place)))
        return found

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        for key_node, child in node.value:
            if self._parts > MOST_PARTS:
                break
            line = key_node.start_mark.line + 1
            if key_node.tag == MERGE:
                self._wrong(line, Code.MERGE_KEY, (*path, "<<"))
            elif not isinstance(key_node, yaml.ScalarNode) or len(key_node.value) > 200:
                self._wrong(line, Code.KEY_NOT_TEXT, (*path, "?"))
            elif key_node.value in found:
                self.lines[(*path, key_node.value, "")] = line
                self._wrong(line, Code.DUPLICATE_KEY, (*path, key_node.value, ""), key=key_node.value)
            else:
                self.lines[(*path, key_node.value)] = line
                found[key_node.value] = self._plain(child, (*path, key_node.value))
        return found


def _depths(text: str) -> Iterator[tuple[int, int]]:
    """Yield depth and line of each event of the document, without recursion."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        yield depth, event.start_mark.line + 1 if event.start_mark else 1
