"""Playbooks, their stages and rates, as the pipeline shows them."""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from duobiao.opportunities.models import OpportunityQuerySet
from duobiao.playbooks.domain.model import Playbook
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import DEFAULT_PLAYBOOK, compiled_playbook, offered_ids, text_of


@dataclass(frozen=True, slots=True)
class StageName:
    """A stage as the pipeline names it.

    Attributes:
        rate_percent: Success rate while in the stage.
    """

    number: int
    short: str
    title: str
    rate_percent: int


@dataclass(frozen=True, slots=True)
class PlaybookUse:
    """A playbook and how many deals are on it.

    Attributes:
        version_id: The version whose stages stand for all: the one with most stages, of these the newest.
    """

    key: str
    title: str
    count: int
    version_id: int

    @property
    def stages(self) -> list[StageName]:
        """Its stages, with stage 0 (not entered yet) before them."""
        return stage_names(self.version_id)


def playbooks_of(rows: OpportunityQuerySet) -> list[PlaybookUse]:
    """Return the playbooks of deals in one query, the standard one first, then those with most deals."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    counted = (
        rows.order_by().values_list("playbook__key", "playbook__version", "playbook_id").annotate(deals=Count("pk"))
    )
    for key, version, pk, deals in counted:
        found.setdefault(key, []).append((version, pk, deals))
    uses = [_use(key, versions) for key, versions in found.items()]
    return sorted(uses, key=lambda use: (use.key != DEFAULT_PLAYBOOK, -use.count, use.key))


def _use(key: str, versions: list[tuple[int, int, int]]) -> PlaybookUse:
    _version, pk = max(((version, pk) for version, pk, _ in versions), key=lambda row: (_playbook(row[1]).last, row[0]))
    title = playbook_title(pk, get_language())
    return PlaybookUse(key, title, sum(deals for _, _, deals in versions), pk)


def playbook_stages(key: str = DEFAULT_PLAYBOOK) -> list[StageName]:
    """Return the stages of a playbook, the standard one unless told, as its longest version has them; none without one.

    Deals stand in all versions of it; of those with most stages the newest names them.
    """
    versions = PlaybookVersion.objects.filter(key=key).values_list("version", "pk")
    longest = max(versions, key=lambda row: (_playbook(row[1]).last, row[0]), default=None)
    return [] if longest is None else stage_names(longest[1])


def stage_names(version_id: int) -> list[StageName]:
    """Return stage 0 (not entered yet) and the stages of a playbook version."""
    playbook, language = _playbook(version_id), get_language()
    before = StageName(0, _("Not entered"), _("Not entered"), playbook.rates[0])
    stages = (
        StageName(s.number, text_of(s.short, language), text_of(s.title, language), playbook.rates[s.number - 1])
        for s in playbook.stages
    )
    return [before, *stages]


def numbered_stages(uses: list[PlaybookUse]) -> list[StageName]:
    """Return stages without names, as many as the longest of several playbooks has."""
    last = max(len(use.stages) for use in uses) - 1
    names = (_("stage %(n)s") % {"n": n} for n in range(1, last + 1))
    rows = [StageName(n, name, name, 0) for n, name in enumerate(names, start=1)]
    return [StageName(0, _("Not entered"), _("Not entered"), 0), *rows]


@lru_cache(maxsize=256)
def stage_shorts(version_id: int, language: str | None) -> dict[int, str]:
    """Return the short names of a version's stages by number; versions never change, so they are kept."""
    return {stage.number: text_of(stage.short, language) for stage in _playbook(version_id).stages}


class StageShorts(dict[int, dict[int, str]]):
    """The short names of stages by playbook version in the active language, read when first asked for."""

    def __missing__(self, version_id: int) -> dict[int, str]:
        self[version_id] = found = stage_shorts(version_id, get_language())
        return found


@lru_cache(maxsize=256)
def playbook_title(version_id: int, language: str | None) -> str:
    """Return the title of a playbook version."""
    return text_of(_playbook(version_id).title, language)


def _playbook(version_id: int) -> Playbook:
    return compiled_playbook(version_id).playbook


def offered_playbooks() -> list[Playbook]:
    """Return the version of every playbook that a deal can be opened with, the standard one first."""
    return [_playbook(pk) for pk in offered_ids()]
