"""Names and rates of the stages, as the columns of the pipeline show them."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import DEFAULT_PLAYBOOK, compiled_playbook, text_of


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


def stage_names(playbook_key: str = "") -> list[StageName]:
    """Return stage 0 (not entered yet) and the stages of the newest version of a playbook; none without one.

    Args:
        playbook_key: Without one, the standard playbook.
    """
    key = playbook_key or DEFAULT_PLAYBOOK
    newest = PlaybookVersion.objects.filter(key=key).order_by("-version").values_list("pk", flat=True)
    version = newest.first()
    if version is None:
        return []
    playbook, language = compiled_playbook(version).playbook, get_language()
    before = StageName(0, _("Not entered"), _("Not entered"), playbook.rates[0])
    stages = (
        StageName(s.number, text_of(s.short, language), text_of(s.title, language), playbook.rates[s.number - 1])
        for s in playbook.stages
    )
    return [before, *stages]


def playbook_titles(language: str | None) -> list[tuple[str, str]]:
    """Return key and title of the playbooks a deal can be opened with."""
    newest: dict[str, int] = {}
    for key, version in PlaybookVersion.objects.order_by("key", "version").values_list("key", "pk"):
        newest[key] = version
    return [(key, text_of(compiled_playbook(pk).playbook.title, language)) for key, pk in newest.items()]
