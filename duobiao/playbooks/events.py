"""What can happen to playbooks, and how the timeline words it."""

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
