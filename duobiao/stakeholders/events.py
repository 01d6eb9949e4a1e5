"""What can happen to a decision chain, and how the timeline words it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.kernel.events import Event


class _OnPerson:
    """Words of what happened to one person."""

    title: ClassVar[object] = ""

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the person and what was said."""
        said = [str(data.get(name, "")) for name in ("person", "words", "reason")]
        return str(cls.title), " · ".join(filter(None, said))


class PersonAdded(_OnPerson, Event):
    """Somebody was put on the decision chain."""

    name = "stakeholders.person_added"
    title = gettext_lazy("Put on the decision chain")
    icon = "user-plus"
    tone = "buyer"


class PersonEdited(_OnPerson, Event):
    """What is known of a person of the chain was changed."""

    name = "stakeholders.person_edited"
    title = gettext_lazy("Person of the decision changed")
    icon = "pencil"


class PersonRemoved(_OnPerson, Event):
    """Somebody was taken off the decision chain."""

    name = "stakeholders.person_removed"
    title = gettext_lazy("Taken off the decision chain")
    icon = "user-minus"


class PersonObserved(_OnPerson, Event):
    """Something was observed of a person."""

    name = "stakeholders.person_observed"
    title = gettext_lazy("Observed of a person")
    icon = "eye"
    tone = "buyer"


class ObservationRetracted(_OnPerson, Event):
    """An observation was taken back."""

    name = "stakeholders.observation_retracted"
    title = gettext_lazy("Observation retracted")
    icon = "arrow-back-up"


class RelationRecorded(_OnPerson, Event):
    """How far we came with a person was recorded."""

    name = "stakeholders.relation_recorded"
    title = gettext_lazy("Relationship recorded")
    icon = "heart-handshake"
    tone = "ours"


class RelationRetracted(_OnPerson, Event):
    """A record of a relation was taken back."""

    name = "stakeholders.relation_retracted"
    title = gettext_lazy("Record of a relationship retracted")
    icon = "arrow-back-up"


class PeopleLinked(Event):
    """A line was drawn between two people."""

    name = "stakeholders.people_linked"
    title = gettext_lazy("Line of influence drawn")
    icon = "link"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name both people."""
        return str(cls.title), _line(data)


class LinkEnded(Event):
    """A line between two people no longer holds."""

    name = "stakeholders.link_ended"
    title = gettext_lazy("Line of influence ended")
    icon = "link-off"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name both people."""
        return str(cls.title), _line(data)


class PersonnelChanged(_OnPerson, Event):
    """Somebody of the chain left, moved or is new."""

    name = "stakeholders.personnel_changed"
    title = gettext_lazy("Change of people")
    icon = "user-exclamation"
    tone = "warn"


class InfluencePlanned(_OnPerson, Event):
    """Something is to be done to win a person."""

    name = "stakeholders.influence_planned"
    title = gettext_lazy("Planned to win a person")
    icon = "target-arrow"
    tone = "ours"


def _line(data: Mapping[str, Any]) -> str:
    names = {"source": data["source"], "target": data["target"]}
    if data["kind"] == "FORMAL":
        return _("%(source)s reports to %(target)s") % names
    return _("%(source)s influences %(target)s") % names
