"""What imports and calendar feeds leave in the timeline."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.kernel.events import Event


class ImportStarted(Event):
    """Somebody started an import or its dry run."""

    name = "integrations.import_started"
    title = gettext_lazy("Import started")
    icon = "file-import"


class ImportFinished(Event):
    """An import came to its end."""

    name = "integrations.import_finished"
    title = gettext_lazy("Import finished")
    icon = "file-import"
    tone = "ok"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Give the counts."""
        counts = _("%(created)d created, %(changed)d changed, %(refused)d refused") % {
            "created": data.get("created", 0),
            "changed": data.get("changed", 0),
            "refused": data.get("refused", 0),
        }
        return str(cls.title), counts


class ImportFilesDeleted(Event):
    """Somebody deleted the uploaded files of an import."""

    name = "integrations.import_files_deleted"
    title = gettext_lazy("Files of an import deleted")
    icon = "trash"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Say how many."""
        return str(cls.title), _("%(n)s files") % {"n": data.get("files", 0)}


class ProductImported(Event):
    """A product came in from another source, or was changed by it."""

    name = "integrations.product_imported"
    title = gettext_lazy("Product imported")
    icon = "file-import"


class UnitImported(Event):
    """A unit was changed by an import."""

    name = "integrations.unit_imported"
    title = gettext_lazy("Unit changed by an import")
    icon = "sitemap"


class UserImported(Event):
    """A person came in from another source, or was changed by it."""

    name = "integrations.user_imported"
    title = gettext_lazy("Person imported")
    icon = "user-plus"


class NoteImported(Event):
    """A note of another system came in as a comment of its author."""

    name = "integrations.note_imported"
    title = gettext_lazy("Note brought in")
    icon = "file-import"


class TaskImported(Event):
    """A task of another system came in, or was changed by it."""

    name = "integrations.task_imported"
    title = gettext_lazy("Task brought in")
    icon = "file-import"


class ExportAsked(Event):
    """Somebody asked for everything they see."""

    name = "integrations.export_asked"
    title = gettext_lazy("Export asked for")
    icon = "package"


class ExportMade(Event):
    """The archive of everything somebody sees is ready; also words the line in the bell."""

    name = "integrations.export_made"
    title = gettext_lazy("Export ready")
    icon = "package"
    tone = "ok"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Give the counts."""
        counts = _("%(tables)s tables, %(rows)s rows") % {"tables": data.get("tables", 0), "rows": data.get("rows", 0)}
        return str(cls.title), counts


class ExportFetched(Event):
    """Somebody downloaded their archive."""

    name = "integrations.export_fetched"
    title = gettext_lazy("Export downloaded")
    icon = "file-download"


class CalendarFeedMade(Event):
    """Somebody made a secret address for their calendar program."""

    name = "integrations.calendar_feed_made"
    title = gettext_lazy("Calendar subscription made")
    icon = "calendar-plus"


class CalendarFeedRevoked(Event):
    """A calendar subscription was ended."""

    name = "integrations.calendar_feed_revoked"
    title = gettext_lazy("Calendar subscription ended")
    icon = "calendar-off"
