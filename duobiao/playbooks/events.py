"""What can happen to playbooks, and how the timeline words it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from duobiao.kernel.events import Event


class ImprovementNoted(Event):
    """Somebody noted an improvement."""

    name = "playbooks.improvement_noted"
    title = gettext_lazy("Improvement noted")
    icon = "bulb"
    tone = "ours"


class ImprovementDecided(Event):
    """An improvement was taken up or rejected."""

    name = "playbooks.improvement_decided"
    title = gettext_lazy("Improvement decided")
    icon = "gavel"


class DraftOpened(Event):
    """Somebody cloned or imported a playbook to work on its next version."""

    name = "playbooks.draft_opened"
    title = gettext_lazy("Draft of a playbook opened")
    icon = "git-fork"
    tone = "ours"


class DraftChanged(Event):
    """A draft was edited."""

    name = "playbooks.draft_changed"
    title = gettext_lazy("Draft of a playbook changed")
    icon = "pencil"


class DraftDiscarded(Event):
    """A draft was given up."""

    name = "playbooks.draft_discarded"
    title = gettext_lazy("Draft of a playbook discarded")
    icon = "trash"


class PlaybookPublished(Event):
    """A draft became a version; new deals are opened by it."""

    name = "playbooks.playbook_published"
    title = gettext_lazy("Playbook published")
    icon = "rocket"
    tone = "ok"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the version, and in a bell who published it."""
        return str(cls.title), " · ".join(str(data[name]) for name in ("note", "by") if data.get(name))


class PlaybookRetired(Event):
    """A version is no longer offered for new deals."""

    name = "playbooks.playbook_retired"
    title = gettext_lazy("Playbook version retired")
    icon = "archive"


class PlaybookOffered(Event):
    """A retired version is offered for new deals again."""

    name = "playbooks.playbook_offered"
    title = gettext_lazy("Playbook version offered again")
    icon = "restore"


class ImprovementAttached(Event):
    """A draft takes an improvement up, or lets it go again."""

    name = "playbooks.improvement_attached"
    title = gettext_lazy("Improvement put to a draft")
    icon = "paperclip"


class ToolTicked(Event):
    """Somebody said whether the company really uses a form."""

    name = "playbooks.tool_ticked"
    title = gettext_lazy("Use of a form noted")
    icon = "checkbox"
