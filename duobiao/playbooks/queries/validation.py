"""Check a playbook document before anybody publishes it."""

from dataclasses import dataclass

from duobiao.playbooks.domain.document import Document
from duobiao.playbooks.domain.model import Playbook
from duobiao.playbooks.domain.parse import read_playbook
from duobiao.playbooks.domain.problems import Path, Problems
from duobiao.playbooks.queries import catalogue, shipped_by_ref
from duobiao.playbooks.queries.problem_words import problem_words


@dataclass(frozen=True, slots=True)
class Fault:
    """One problem, ready to be shown.

    Attributes:
        path: Where it is: ``stages[2].milestone[0].evidence``; "" for the whole document.
        line: Line in the document, counted from 1.
    """

    path: str
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
    problems = Problems()
    document = Document(source, problems)
    playbook = None
    found = problems.found
    if document.readable:
        playbook, more = read_playbook(document.value, catalogue(), shipped_by_ref())
        unread = {problem.path for problem in found if problem.path}
        found = [*found, *(problem for problem in more if not unread.intersection(_above(problem.path)))]
    faults = [Fault(p.place.rstrip("."), document.line_of(p.path), problem_words(p)) for p in found]
    faults.sort(key=lambda fault: fault.line)
    return Checked(playbook if not faults else None, tuple(faults))
