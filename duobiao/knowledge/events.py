"""What can happen to cases and overviews, and how the timeline words it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from duobiao.kernel.events import Event


class EntryAdded(Event):
    """A case or an overview was added."""

    name = "knowledge.entry_added"
    title = gettext_lazy("Added to the library")
    icon = "book"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name it."""
        return str(cls.title), str(data.get("note", ""))


class EntryChanged(Event):
    """A case or an overview was changed; ``data["changes"]`` holds before and after by field."""

    name = "knowledge.entry_changed"
    title = gettext_lazy("Changed in the library")
    icon = "pencil"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name it."""
        return str(cls.title), str(data.get("note", ""))


class EntryArchived(Event):
    """A case or an overview is no longer offered, or is offered again."""

    name = "knowledge.entry_archived"
    title = gettext_lazy("No longer offered")
    icon = "archive"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name it and say which of both."""
        words = cls.title if data.get("archived") else gettext_lazy("Offered again")
        return str(words), str(data.get("note", ""))
