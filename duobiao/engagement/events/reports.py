"""What can happen to weekly reports."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from duobiao.engagement.events.wording import joined
from duobiao.kernel.events import Event


class ReportWritten(Event):
    """A weekly report was kept."""

    name = "engagement.report_written"
    title = gettext_lazy("Weekly report kept")
    icon = "pencil"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the week."""
        return str(cls.title), joined(data.get("note"))


class ReportSent(Event):
    """A weekly report was sent to the manager; also words the line of their bell."""

    name = "engagement.report_sent"
    title = gettext_lazy("Weekly report sent")
    icon = "send"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name who wrote it and the week."""
        return str(cls.title), joined(data.get("by"), data.get("note"))
