"""What can happen to templates, and how the timeline words it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy

from duobiao.kernel.events import Event
from duobiao.web.paper_kinds import paper_kinds


class _OfPaper(Event):
    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the kind of paper, and the files before and after."""
        kind = next((str(kind.title) for kind in paper_kinds() if kind.key == data["paper"]), str(data["paper"]))
        return str(cls.title), f"{kind}: {' → '.join(filter(None, [data['before'], data['after']]))}"


class TemplateReplaced(_OfPaper):
    """A company template was put in the place of what held before."""

    name: ClassVar[str] = "papers.template_replaced"
    title: ClassVar[object] = gettext_lazy("Word template replaced")
    icon: ClassVar[str] = "file-type-docx"


class TemplateRestored(_OfPaper):
    """A company template was taken away; ours holds again."""

    name: ClassVar[str] = "papers.template_restored"
    title: ClassVar[object] = gettext_lazy("Word template as shipped again")
    icon: ClassVar[str] = "restore"
