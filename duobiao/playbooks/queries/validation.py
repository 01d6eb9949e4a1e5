"""Check a playbook document before anybody publishes it."""

from dataclasses import dataclass
from typing import Any

from duobiao.playbooks.domain.document import MOST_PARTS, Document
from duobiao.playbooks.domain.model import Playbook
from duobiao.playbooks.domain.parse import read_playbook
from duobiao.playbooks.domain.problems import MOST_PROBLEMS, Path, Problem, Problems
from duobiao.playbooks.queries import catalogue, shipped_by_ref, standard
from duobiao.playbooks.queries.place_words import place_words
from duobiao.playbooks.queries.problem_words import problem_words


@dataclass(frozen=True, slots=True)
class Fault:
    """One problem, ready to be shown.

    Attributes:
        path: Where it is: ``stages[2].milestone[0].evidence``; "" for the whole document.
        where: The same as people say it.
        line: Line in the document, counted from 1.
    """

    path: str
    where: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a document turned out to be; ``playbook`` is None where anything is wrong."""

    playbook: Playbook | None
    faults: tuple[Fault, ...]


def _above(path: Path) -> list[Path]:
    return [path[:length] for length in range(1, len(path) + 1)]


def check_document(source: bytes) -> Checked:
    """Read a YAML document and return the playbook, or all that is wrong with it by line."""
    document, playbook, found = _read(source, MOST_PROBLEMS)
    faults = _faults(document, found)
    return Checked(playbook if not faults else None, faults)


def read_document(source: bytes) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """Read a YAML document that may be incomplete; return it with what no draft may have, an empty one where it has."""
    document, _playbook, found = _read(source, MOST_PARTS)
    held = document.value
    if not isinstance(held, dict):
        return {}, _faults(document, found)
    faults = _faults(document, [problem for problem in found if problem.is_structural])
    return ({} if faults else held), faults


def _read(source: bytes, most: int) -> tuple[Document, Playbook | None, list[Problem]]:
    problems = Problems(most)
    document = Document(source, problems)
    found = problems.found
    if not document.readable:
        return document, None, found
    playbook, more = read_playbook(document.value, catalogue(), shipped_by_ref(), standard(), most=most)
    unread = {problem.path for problem in found if problem.path}
    found = [*found, *(problem for problem in more if not unread.intersection(_above(problem.path)))]
    return document, playbook, found


def _faults(document: Document, found: list[Problem]) -> tuple[Fault, ...]:
    faults = [
        Fault(p.place.rstrip("."), place_words(document.value, p.path), document.line_of(p.path), problem_words(p))
        for p in found[:MOST_PROBLEMS]
    ]
    return tuple(sorted(faults, key=lambda fault: fault.line))
