"""What happens when two entries of one deal become one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.kernel.events import Event
from duobiao.kernel.refs import Ref


@dataclass(frozen=True, kw_only=True)
class DealsMerged(Event):
    """Another deal was merged into this one; capabilities above bring what they derive into step.

    Attributes:
        merged: The deal that went into ``subject``.
    """

    name: ClassVar[str] = "opportunities.deals_merged"
    title: ClassVar[object] = gettext_lazy("Deals merged")
    icon: ClassVar[str] = "git-merge"

    merged: Ref

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        return str(cls.title), _("%(name)s went into this one") % {"name": data["merged_name"]}


@dataclass(frozen=True, kw_only=True)
class DealMergedAway(Event):
    """This deal was merged into another one."""

    name: ClassVar[str] = "opportunities.deal_merged_away"
    title: ClassVar[object] = gettext_lazy("Merged into another deal")
    icon: ClassVar[str] = "git-merge"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        return str(cls.title), str(data["keeper"])
