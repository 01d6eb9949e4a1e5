"""What the timeline itself does: comments, mentions, erasure of details."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CommentAdded(Event):
    """Somebody commented on a record."""

    name: ClassVar[str] = "timeline.comment_added"
    title: ClassVar[object] = gettext_lazy("Comment")
    icon: ClassVar[str] = "message"


@dataclass(frozen=True, kw_only=True)
class Mentioned(Event):
    """Somebody was mentioned in a comment; words the line in the bell."""

    name: ClassVar[str] = "timeline.mentioned"
    title: ClassVar[object] = gettext_lazy("You were mentioned")
    icon: ClassVar[str] = "at"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        title = _("%(author)s mentioned you on %(label)s") % {
            "author": data.get("author", ""),
            "label": data.get("label", ""),
        }
        return title, str(data.get("excerpt", ""))


@dataclass(frozen=True, kw_only=True)
class DetailsErased(Event):
    """Details of entries were erased because personal data had to go; the chains stay whole."""

    name: ClassVar[str] = "timeline.details_erased"
    title: ClassVar[object] = gettext_lazy("Details erased")
    icon: ClassVar[str] = "trash"
    tone: ClassVar[str] = "warn"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        count = len(data.get("entries", []))
        return str(cls.title), _("%(count)s entries: %(reason)s") % {"count": count, "reason": data.get("reason", "")}
