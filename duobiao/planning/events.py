"""What can happen to sheets and plans, and how the timeline words it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from duobiao.kernel.events import Event
from duobiao.web.texts import in_language


def _title(data: Mapping[str, Any]) -> str:
    return in_language(data["sheet"], get_language())


class _OnSheet:
    """Words of what happened on a sheet."""

    words: ClassVar[object] = "%(sheet)s"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the sheet and the statement."""
        said = [str(data.get("text", "")), str(data.get("reason", ""))]
        return str(cls.words) % {"sheet": _title(data)}, " · ".join(filter(None, said))


class EntryNoted(_OnSheet, Event):
    """Something was noted on a sheet, or noted to differ from what stands above."""

    name = "planning.entry_noted"
    title = gettext_lazy("Noted on an analysis")
    words = gettext_lazy("%(sheet)s: noted")
    icon = "pencil-plus"


class EntryChanged(_OnSheet, Event):
    """An entry of a sheet was changed."""

    name = "planning.entry_changed"
    title = gettext_lazy("Analysis changed")
    words = gettext_lazy("%(sheet)s: changed")
    icon = "pencil"


class EntryStruck(_OnSheet, Event):
    """What stands above was said not to hold here."""

    name = "planning.entry_struck"
    title = gettext_lazy("Struck out of an analysis")
    words = gettext_lazy("%(sheet)s: does not hold here")
    icon = "strikethrough"


class EntryRemoved(_OnSheet, Event):
    """An entry was taken off a sheet; what stands above holds again."""

    name = "planning.entry_removed"
    title = gettext_lazy("Taken off an analysis")
    words = gettext_lazy("%(sheet)s: taken off")
    icon = "trash"


class PairActed(_OnSheet, Event):
    """Two entries were set against each other and became a task."""

    name = "planning.pair_acted"
    title = gettext_lazy("Action of an analysis")
    words = gettext_lazy("%(sheet)s: action")
    icon = "target-arrow"
    tone = "ours"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the pair and the task."""
        return str(cls.words) % {"sheet": _title(data)}, f"{data['pair']} · {data['task']}"


class IndustryOpened(Event):
    """Sheets of an industry are kept from now on."""

    name = "planning.industry_opened"
    title = gettext_lazy("Industry analysed")
    icon = "building-factory-2"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the industry."""
        return str(cls.title), str(data["name"])


MEASURES: dict[str, object] = {
    "WON_AMOUNT": gettext_lazy("amount won"),
    "PIPELINE": gettext_lazy("amount of open projects"),
    "WON_DEALS": gettext_lazy("projects won"),
    "NEW_DEALS": gettext_lazy("projects opened"),
    "PEOPLE_REACHED": gettext_lazy("people reached"),
}
"""What goals without a title of their own are called after."""
PARTS: dict[str, object] = {
    "aim": gettext_lazy("aim"),
    "deals": gettext_lazy("projects"),
    "goal": gettext_lazy("goal: %(title)s"),
    "goal_removed": gettext_lazy("goal taken out: %(title)s"),
    "reached": gettext_lazy("reached: %(title)s"),
    "MILESTONE": gettext_lazy("milestone: %(title)s"),
    "REVIEW": gettext_lazy("review: %(title)s"),
    "date_removed": gettext_lazy("taken out: %(title)s"),
}
"""What of a plan an event is about, in words."""


class _OnPlan:
    """Words of what happened to an annual plan."""

    title: ClassVar[object] = ""

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name customer, year and what was said."""
        about = _("%(customer)s, plan of %(year)s") % {"customer": data["customer"], "year": data["year"]}
        title = data.get("title") or MEASURES.get(data.get("goal", {}).get("measure", ""), "")
        words = str(PARTS.get(str(data.get("part", "")), "")) % {"title": title}
        return str(cls.title), " · ".join(filter(None, [about, words, str(data.get("note", ""))]))


class PlanDrafted(_OnPlan, Event):
    """An annual plan was begun."""

    name = "planning.plan_drafted"
    title = gettext_lazy("Annual plan begun")
    icon = "map-2"


class PlanChanged(_OnPlan, Event):
    """Something of an annual plan was changed: its aim, a goal, a date, a deal."""

    name = "planning.plan_changed"
    title = gettext_lazy("Annual plan changed")
    icon = "pencil"


class PlanSubmitted(_OnPlan, Event):
    """Approval of an annual plan was asked for."""

    name = "planning.plan_submitted"
    title = gettext_lazy("Annual plan sent for approval")
    icon = "send"


class PlanSettled(_OnPlan, Event):
    """An annual plan was approved, refused, or its request withdrawn."""

    name = "planning.plan_settled"
    title = gettext_lazy("Annual plan decided")
    icon = "map-2"
    tone = "ours"
    titles: ClassVar[dict[str, object]] = {
        "APPROVED": gettext_lazy("Annual plan approved"),
        "REFUSED": gettext_lazy("Annual plan refused"),
    }

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say how it was decided."""
        _plain, detail = super().describe(data)
        return str(cls.titles.get(data["outcome"], gettext_lazy("Annual plan withdrawn"))), detail


class PlanReopened(_OnPlan, Event):
    """An approved plan was taken up again to change its goals."""

    name = "planning.plan_reopened"
    title = gettext_lazy("Annual plan taken up again")
    icon = "refresh"


class PlanClosed(_OnPlan, Event):
    """The year is over: what came of the plan was written down."""

    name = "planning.plan_closed"
    title = gettext_lazy("Annual plan closed")
    icon = "flag-check"


class PlanDateDone(_OnPlan, Event):
    """A milestone was reached, or a review held."""

    name = "planning.plan_date_done"
    title = gettext_lazy("Milestone or review of a plan done")
    icon = "flag-check"
    tone = "ok"


class PlanDateGiven(_OnPlan, Event):
    """Somebody was given a milestone or review."""

    name = "planning.plan_date_given"
    title = gettext_lazy("Milestone or review of a plan for you")
    icon = "flag"


class PlanDateDue(_OnPlan, Event):
    """A milestone or review is due."""

    name = "planning.plan_date_due"
    title = gettext_lazy("Milestone or review of a plan due")
    icon = "alarm"
    tone = "warn"


class BudgetCycleSet(Event):
    """The budget cycle of a customer was written down."""

    name = "planning.budget_cycle_set"
    title = gettext_lazy("Budget cycle of the customer noted")
    icon = "calendar-month"
