"""Tables of imports and feeds, by the names people know them by."""

from django.utils.translation import gettext_lazy as _

from duobiao.identity.policy import allows
from duobiao.integrations.models import (
    CalendarFeed,
    Export,
    ImportBatch,
    ImportedRecord,
    ImportFault,
    ImportFile,
    ImportRun,
)
from duobiao.web.tables import Table, leave_out, register_tables

IMPORTS = "integrations.import"


def register() -> None:
    """Name the tables."""
    register_tables(
        Table(
            "imports",
            ImportRun,
            _("Imports"),
            rows=lambda user: ImportRun.objects.all() if allows(user, IMPORTS) else ImportRun.objects.none(),
            left_out=("digest",),
        ),
        Table("exports", Export, _("Own exports"), rows=lambda user: Export.objects.filter(user=user)),
        Table(
            "calendar_feeds",
            CalendarFeed,
            _("Own calendar subscriptions"),
            rows=lambda user: CalendarFeed.objects.filter(user=user),
            left_out=("digest",),
        ),
    )
    leave_out(
        "kept to repeat an import; what came in is exported", ImportBatch, ImportedRecord, ImportFault, ImportFile
    )
