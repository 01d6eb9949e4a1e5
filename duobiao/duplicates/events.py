"""What happens to likely duplicates."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy, ngettext

from duobiao.kernel.events import Event
from duobiao.kernel.refs import Ref


@dataclass(frozen=True, kw_only=True)
class PairDismissed(Event):
    """Somebody said that two records are not the same one."""

    name: ClassVar[str] = "duplicates.pair_dismissed"
    title: ClassVar[object] = gettext_lazy("Said to be no duplicate")
    icon: ClassVar[str] = "arrows-split"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        return str(cls.title), str(data["other"])


@dataclass(frozen=True, kw_only=True)
class OwnRecordsMerged(Event):
    """Words the line in the bell of who owns one of two records that somebody else merged."""

    name: ClassVar[str] = "duplicates.own_records_merged"
    title: ClassVar[object] = gettext_lazy("Your entry was merged")
    icon: ClassVar[str] = "git-merge"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        return str(cls.title), f"{data['other']} → {data['keeper']}"


@dataclass(frozen=True, kw_only=True)
class MergeUndone(Event):
    """Two records that were merged are two again; capabilities above bring what they derive into step.

    Attributes:
        parted: The record that stands for itself again.
    """

    name: ClassVar[str] = "duplicates.merge_undone"
    title: ClassVar[object] = gettext_lazy("Merge undone")
    icon: ClassVar[str] = "arrow-back-up"

    parted: Ref

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        kept = int(data.get("kept", 0))
        words = ngettext(
            "%(n)d value that was changed since stays as it is",
            "%(n)d values that were changed since stay as they are",
            kept,
        )
        return str(cls.title), words % {"n": kept} if kept else ""


@dataclass(frozen=True, kw_only=True)
class Parted(Event):
    """This record had gone into another one and stands for itself again."""

    name: ClassVar[str] = "duplicates.parted"
    title: ClassVar[object] = gettext_lazy("Stands for itself again")
    icon: ClassVar[str] = "arrow-back-up"
