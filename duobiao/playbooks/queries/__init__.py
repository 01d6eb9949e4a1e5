"""Read playbooks and the evidence catalogue; parsed and compiled once per process."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from duobiao.playbooks.domain.compile import Compiled
from duobiao.playbooks.domain.correspond import waived_item
from duobiao.playbooks.domain.model import Playbook, Stage, Text
from duobiao.playbooks.domain.parse import Catalogue, parse_catalogue, parse_playbook
from duobiao.playbooks.domain.parse_people import parse_standard
from duobiao.playbooks.domain.people import Standard
from duobiao.playbooks.models import ImprovementNote, PlaybookVersion, ToolTick
from duobiao.web.texts import in_language

DATA = Path(__file__).parents[1] / "data"
DEFAULT_PLAYBOOK = "project-sales-8"
MOST_NOTES = 200


def _read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return document


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return the evidence catalogue by key."""
    return parse_catalogue(_read(DATA / "evidence.yaml"))


@lru_cache(maxsize=1)
def shipped_documents() -> dict[tuple[str, int], dict[str, Any]]:
    """Return the documents of all shipped playbook versions by key and version."""
    documents = (_read(path) for path in sorted(DATA.glob("*.v*.yaml")))
    return {(document["playbook"], document["version"]): document for document in documents}


@lru_cache(maxsize=1)
def shipped_by_ref() -> dict[str, dict[str, Any]]:
    """Return the shipped documents by ``key/version``; a playbook may take over the buyer's track of one."""
    return {f"{key}/{version}": document for (key, version), document in shipped_documents().items()}


@lru_cache(maxsize=1)
def standard() -> Standard:
    """Return what a playbook goes by that says nothing of the people itself."""
    return parse_standard(_read(DATA / "people.yaml"))


def playbook_of(document: dict[str, Any]) -> Playbook:
    """Read a playbook from its document.

    Raises:
        PlaybookError: something is wrong with it.
    """
    return parse_playbook(document, catalogue(), shipped_by_ref(), standard())


@dataclass(frozen=True, slots=True)
class _Document:
    """A playbook document, known by its digest; a shipped one may have taken another number."""

    digest: str
    number: int
    text: dict[str, Any] = field(compare=False)


@lru_cache(maxsize=64)
def compiled_playbook(version_id: int) -> Compiled:
    """Return a compiled playbook by the id of its version; versions never change, so it is kept."""
    version = PlaybookVersion.objects.get(pk=version_id)
    return _compiled(_Document(version.digest, version.version, version.document))


@lru_cache(maxsize=64)
def _compiled(document: _Document) -> Compiled:
    return Compiled(playbook_of(document.text))


@lru_cache(maxsize=4096)
def item_waived_under(item: str, given_under: int, version_id: int) -> str | None:
    """Return the item that a waiver waives under another version; None: it does not carry over.

    Args:
        item, given_under: The item that was waived, and the id of the version it belongs to.
    """
    source, target = compiled_playbook(given_under).playbook, compiled_playbook(version_id).playbook
    found = waived_item(item, source, target)
    return None if found is None else found.key


def get_version(key: str, version: int | None = None) -> PlaybookVersion | None:
    """Return a playbook version; without a number the newest of this key, None if there is none."""
    rows = PlaybookVersion.objects.filter(key=key)
    if version is not None:
        return rows.filter(version=version).first()
    return rows.order_by("-version").first()


def playbook_keys() -> list[str]:
    """Return the keys of all playbooks."""
    return sorted(PlaybookVersion.objects.values_list("key", flat=True).distinct())


def offered_version(key: str) -> PlaybookVersion | None:
    """Return the version by which new deals are opened: the newest that is not retired."""
    return PlaybookVersion.objects.filter(key=key, retired_at=None).order_by("-version").first()


def offered_ids() -> list[int]:
    """Return the version that each playbook opens new deals by, the standard one first, then by key."""
    rows = PlaybookVersion.objects.filter(retired_at=None).order_by("key", "version").values_list("key", "pk")
    offered = dict(rows)
    return [offered[key] for key in sorted(offered, key=lambda key: (key != DEFAULT_PLAYBOOK, key))]


def ticked_tools(key: str) -> dict[str, ToolTick]:
    """Return the tools of a playbook that the company really uses, by their key."""
    rows = ToolTick.objects.filter(playbook=key).select_related("ticked_by")
    return {tick.tool: tick for tick in rows}


def notes_of(key: str) -> list[ImprovementNote]:
    """Return the improvement notes on all versions of a playbook: open ones first, then the newest."""
    rows = ImprovementNote.objects.filter(playbook__key=key).select_related(
        "playbook", "created_by", "decided_by", "done_in", "draft"
    )
    newest = list(rows.order_by("-created_at", "-pk")[:MOST_NOTES])
    return sorted(newest, key=lambda note: not note.is_open)


def get_note(ref: str) -> ImprovementNote | None:
    """Return an improvement note with who wrote it and who decided."""
    rows = ImprovementNote.objects.select_related("playbook", "created_by", "decided_by", "done_in", "draft")
    return rows.filter(ref=ref).first()


def text_of(text: Text, language: str | None) -> str:
    """Return a playbook text in the reader's language."""
    return in_language(text, language)


@lru_cache(maxsize=1)
def _summaries() -> dict[str, Text]:
    return _read(DATA / "summaries.yaml")


def summary_of(playbook: Playbook) -> Text | None:
    """Return what a playbook says of itself: its own words, else those kept beside a shipped document; None: nothing."""
    return playbook.summary or _summaries().get(f"{playbook.key}/{playbook.version}")


def summary_words(playbook: Playbook, language: str | None) -> str:
    """Return the summary in the reader's language, empty where there is none."""
    summary = summary_of(playbook)
    return text_of(summary, language) if summary else ""


def version_title(version: PlaybookVersion) -> str:
    """Name a version in the reader's language."""
    title = text_of(compiled_playbook(version.pk).playbook.title, get_language())
    return _("%(title)s, version %(n)s") % {"title": title, "n": version.version}


def focus_words(stage: Stage, language: str | None) -> tuple[str, str] | None:
    """Return who the seller is in a stage and what to concentrate on, None where the playbook does not say."""
    focus = stage.focus
    return None if focus is None else (text_of(focus.role, language), text_of(focus.attention, language))
