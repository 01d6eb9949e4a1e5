"""Drafts of playbooks: which are open, what is wrong with them, which version they will become."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from duobiao.playbooks.domain.document import LARGEST, MOST_PARTS
from duobiao.playbooks.domain.guards import guard
from duobiao.playbooks.domain.model import Playbook
from duobiao.playbooks.domain.parse import read_playbook
from duobiao.playbooks.domain.problems import Code, Path, Problem
from duobiao.playbooks.models import ImprovementNote, PlaybookDraft, PlaybookVersion
from duobiao.playbooks.queries import catalogue, compiled_playbook, get_version, shipped_by_ref, standard
from duobiao.playbooks.queries.export import lines_of
from duobiao.playbooks.queries.place_words import place_words
from duobiao.playbooks.queries.problem_words import problem_words

KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
"""Key of a playbook that a company makes: it stands in addresses."""
RESERVED = frozenset({"drafts", "notes", "studio", "compare", "import", "schema", "classify", "validate"})


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a draft.

    Attributes:
        place: Where it is, as steps from the top of the document.
        path: The same as programs write it: ``stages[2].milestone[0]``.
        where: The same as people say it.
    """

    place: Path
    path: str
    where: str
    message: str


def open_drafts() -> list[PlaybookDraft]:
    """Return the drafts that are worked on, the last changed first."""
    rows = PlaybookDraft.objects.filter(ended_at=None).select_related("base", "created_by", "changed_by")
    return list(rows.order_by("-changed_at", "ref"))


def get_draft(ref: str) -> PlaybookDraft | None:
    """Return a draft, open or ended."""
    rows = PlaybookDraft.objects.select_related("base", "created_by", "changed_by", "published", "ended_by")
    return rows.filter(ref=ref).first()


def draft_of(key: str) -> PlaybookDraft | None:
    """Return the open draft of a playbook."""
    return PlaybookDraft.objects.filter(key=key, ended_at=None).first()


def next_number(key: str) -> int:
    """Return the number that the next version of a playbook gets."""
    return (PlaybookVersion.objects.filter(key=key).aggregate(last=Max("version"))["last"] or 0) + 1


def is_usable_key(key: str) -> bool:
    """Whether a company may name a playbook like this."""
    return KEY.fullmatch(key) is not None and key not in RESERVED


def read_draft(document: Mapping[str, Any]) -> tuple[Playbook, list[Problem]]:
    """Read a draft's document and return it with all that is wrong; what is wrong reads as something neutral."""
    problems: list[Problem] = []
    if len(json.dumps(document, ensure_ascii=False, default=str)) > LARGEST:
        problems.append(Problem((), Code.TOO_LARGE, {"most": LARGEST // 1024}))
    playbook, found = read_playbook(dict(document), catalogue(), shipped_by_ref(), standard(), most=MOST_PARTS)
    return playbook, [*problems, *found]


def guarded_by(key: str, base: PlaybookVersion | None) -> list[Playbook]:
    """Return the versions whose fixed control points a draft must keep: the one it was made from, and the newest."""
    newest = get_version(key)
    found = {row.pk: row for row in (base, newest) if row is not None}
    return [compiled_playbook(pk).playbook for pk in found]


def guard_problems(playbook: Playbook, guards: Sequence[Playbook]) -> list[Problem]:
    """Return which fixed control points a draft breaks, each once."""
    found = {(problem.path, problem.code): problem for before in guards for problem in guard(playbook, before)}
    return list(found.values())


def all_problems(draft: PlaybookDraft) -> tuple[Playbook, list[Problem]]:
    """Return a draft as a playbook, and everything that keeps it from being published."""
    playbook, problems = read_draft(draft.document)
    return playbook, [*problems, *guard_problems(playbook, guarded_by(draft.key, draft.base))]


def flaws_of(document: Mapping[str, Any], problems: Sequence[Problem]) -> list[Flaw]:
    """Put the problems of a document into words."""
    return [
        Flaw(problem.path, problem.place.rstrip("."), place_words(document, problem.path), problem_words(problem))
        for problem in problems
    ]


def problem_rows(document: Mapping[str, Any], problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Return problems as the API and refusals give them: path, place in words, line in the exported YAML, words."""
    if not problems:
        return []
    line_of = lines_of(document)
    return [
        {"path": flaw.path, "where": flaw.where, "line": line_of(flaw.place), "message": flaw.message}
        for flaw in flaws_of(document, problems[:200])
    ]


def attachable_notes(draft: PlaybookDraft) -> list[ImprovementNote]:
    """Return the accepted notes on this playbook, or on the one it was made from, that no version has taken up."""
    keys = {draft.key, draft.base.key if draft.base is not None else draft.key}
    rows = ImprovementNote.objects.filter(playbook__key__in=keys, status=ImprovementNote.Status.TAKEN, done_in=None)
    rows = rows.select_related("playbook", "created_by", "decided_by", "draft")
    return [note for note in rows.order_by("created_at", "pk") if note.draft_id in (None, draft.pk)]
