"""What can happen to rivals and to the investment matrix, and how the timeline words it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.kernel.events import Event
from duobiao.kernel.refs import Ref

JOINT = " · "


class _AboutRival:
    """Words of what happened to one rival."""

    title: ClassVar[object] = ""

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the rival and what was said."""
        said = (data.get("rival"), data.get("text"), data.get("why"))
        return str(cls.title), JOINT.join(str(part) for part in said if part)


class RivalAdded(_AboutRival, Event):
    """A rival was entered."""

    name = "competition.rival_added"
    title = gettext_lazy("Rival entered")
    icon = "swords"


class RivalChanged(_AboutRival, Event):
    """Facts of a rival were changed."""

    name = "competition.rival_changed"
    title = gettext_lazy("Rival changed")
    icon = "pencil"


@dataclass(frozen=True, kw_only=True)
class RivalsMerged(Event):
    """Another entry of the same company was merged into this one.

    Attributes:
        merged: The rival that went into ``subject``.
    """

    name: ClassVar[str] = "competition.rivals_merged"
    title: ClassVar[object] = gettext_lazy("Rivals merged")
    icon: ClassVar[str] = "git-merge"

    merged: Ref

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the entry that went."""
        return str(cls.title), _("%(name)s went into this one") % {"name": data["merged_name"]}


@dataclass(frozen=True, kw_only=True)
class RivalMergedAway(Event):
    """This rival was merged into another one."""

    name: ClassVar[str] = "competition.rival_merged_away"
    title: ClassVar[object] = gettext_lazy("Merged into another rival")
    icon: ClassVar[str] = "git-merge"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the entry that was kept."""
        return str(cls.title), str(data["keeper"])


class StatementNoted(_AboutRival, Event):
    """A statement was put on a battle card."""

    name = "competition.statement_noted"
    title = gettext_lazy("Noted on a battle card")
    icon = "note"


class StatementChanged(_AboutRival, Event):
    """A statement of a battle card was changed or confirmed anew."""

    name = "competition.statement_changed"
    title = gettext_lazy("Battle card changed")
    icon = "pencil"


class StatementRemoved(_AboutRival, Event):
    """A statement was taken off a battle card."""

    name = "competition.statement_removed"
    title = gettext_lazy("Taken off a battle card")
    icon = "trash"


class RivalPlaced(_AboutRival, Event):
    """A rival was put on a deal."""

    name = "competition.rival_placed"
    title = gettext_lazy("Rival in the race")
    icon = "swords"
    tone = "warn"


class PlacingChanged(_AboutRival, Event):
    """What is known of a rival on a deal was changed."""

    name = "competition.placing_changed"
    title = gettext_lazy("Rival of the project changed")
    icon = "pencil"


class RivalLeft(_AboutRival, Event):
    """A rival left the race."""

    name = "competition.rival_left"
    title = gettext_lazy("Rival out of the race")
    icon = "flag-off"
    tone = "ok"


class RivalReturned(_AboutRival, Event):
    """A rival is in the race again."""

    name = "competition.rival_returned"
    title = gettext_lazy("Rival in the race again")
    icon = "swords"
    tone = "warn"


class OfferScored(Event):
    """We or a rival were scored on the dimensions."""

    name = "competition.offer_scored"
    title = gettext_lazy("Offers compared")
    icon = "chart-radar"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name who was scored, and by what."""
        return str(cls.title), JOINT.join(filter(None, (data["rival"] or _("our offer"), str(data["source"]))))


class WeightsSet(Event):
    """The weights of the dimensions were set for a deal."""

    name = "competition.weights_set"
    title = gettext_lazy("Weights of the comparison set")
    icon = "scale"


class BarrierNoted(_AboutRival, Event):
    """A barrier was noted."""

    name = "competition.barrier_noted"
    title = gettext_lazy("Barrier noted")
    icon = "shield-lock"


class BarrierChanged(_AboutRival, Event):
    """A barrier was changed."""

    name = "competition.barrier_changed"
    title = gettext_lazy("Barrier changed")
    icon = "pencil"


class BarrierRemoved(_AboutRival, Event):
    """A barrier is gone."""

    name = "competition.barrier_removed"
    title = gettext_lazy("Barrier removed")
    icon = "shield-off"
    tone = "ok"


class ReachNoted(_AboutRival, Event):
    """It was noted, or noted anew, whom a rival reaches."""

    name = "competition.reach_noted"
    title = gettext_lazy("Whom a rival reaches")
    icon = "network"


class ReachRemoved(_AboutRival, Event):
    """A rival no longer reaches somebody."""

    name = "competition.reach_removed"
    title = gettext_lazy("Rival no longer reaches somebody")
    icon = "user-minus"


class MoveNoted(_AboutRival, Event):
    """A rival did something."""

    name = "competition.move_noted"
    title = gettext_lazy("Move of a rival")
    icon = "swords"
    tone = "warn"


class MoveWithdrawn(_AboutRival, Event):
    """What was noted of a rival's move was taken back."""

    name = "competition.move_withdrawn"
    title = gettext_lazy("Move of a rival taken back")
    icon = "arrow-back-up"


class CounterPlanned(_AboutRival, Event):
    """Something is to be done against a rival."""

    name = "competition.counter_planned"
    title = gettext_lazy("Answer to a rival")
    icon = "target-arrow"
    tone = "ours"


class CriterionJudged(Event):
    """A criterion of the investment matrix was judged, or left to the records again."""

    name = "competition.criterion_judged"
    title = gettext_lazy("Judged for the investment matrix")
    icon = "gauge"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the value and the reason."""
        value = _("left to the records") if data["value"] is None else str(data["value"])
        return str(cls.title), JOINT.join((value, str(data["why"])))


class PursuitReckoned(Event):
    """Margin and cost of pursuing a deal were reckoned."""

    name = "competition.pursuit_reckoned"
    title = gettext_lazy("Cost and margin of the pursuit")
    icon = "coins"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say how it was reckoned."""
        return str(cls.title), str(data.get("note", ""))
