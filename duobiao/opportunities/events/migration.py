"""What can happen when deals move between playbook versions, and how the timeline words it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from duobiao.kernel.events import Event
from duobiao.web.texts import in_language


class PlaybookMoved(Event):
    """A deal moved to another playbook version, or back."""

    name = "opportunities.playbook_moved"
    title = gettext_lazy("Playbook changed")
    icon = "map-2"
    tone = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name both versions and the reason."""
        names = {side: version_words(data[side]) for side in ("before", "after")}
        words = _("Playbook put back from %(before)s to %(after)s") if data.get("reverses") else ""
        return (words or _("Playbook changed from %(before)s to %(after)s")) % names, str(data.get("reason", ""))


class MigrationStarted(Event):
    """Somebody chose deals to move to a playbook version."""

    name = "opportunities.migration_started"
    title = gettext_lazy("Migration of projects started")
    icon = "map-2"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the target, how many deals, and the reason."""
        target = _("%(n)d projects to %(target)s") % {"n": data["deals"], "target": version_words(data["target"])}
        return str(cls.title), " · ".join(part for part in (target, str(data.get("reason", ""))) if part)


class MigrationFinished(Event):
    """All deals of a run were moved, or left out with a reason."""

    name = "opportunities.migration_finished"
    title = gettext_lazy("Migration of projects finished")
    icon = "circle-check"
    tone = "ok"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say how many moved."""
        return str(cls.title), _("%(moved)d moved, %(left_out)d left out") % dict(data)


class MigrationRevertAsked(Event):
    """Somebody takes a run back."""

    name = "opportunities.migration_revert_asked"
    title = gettext_lazy("Migration of projects is being taken back")
    icon = "arrow-back-up"
    tone = "warn"


class MigrationReverted(Event):
    """The deals of a run were put back, as far as nobody had moved or closed them since."""

    name = "opportunities.migration_reverted"
    title = gettext_lazy("Migration of projects taken back")
    icon = "arrow-back-up"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say how many were put back."""
        return str(cls.title), _("%(returned)d put back, %(kept)d not") % dict(data)


class DealsMigrated(Event):
    """Deals of one owner moved; words the line in the owner's bell."""

    name = "opportunities.deals_migrated"
    title = gettext_lazy("Projects moved to another playbook")
    icon = "map-2"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say how many, to which playbook."""
        values = {"n": data["deals"], "target": version_words(data["target"])}
        if data.get("reverses"):
            return _("%(n)d of your projects went back to the playbook they had") % values, ""
        return _("%(n)d of your projects follow %(target)s now") % values, str(data.get("reason", ""))


def version_words(version: Mapping[str, Any]) -> str:
    """Name a playbook version as events keep it: title by language, and number."""
    title = in_language(version["title"], get_language())
    return _("%(title)s, version %(n)s") % {"title": title, "n": version["version"]}
