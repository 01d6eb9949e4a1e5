"""Tables of imports, exports and calendar feeds."""

from duobiao.integrations.models.export import Export, ExportState
from duobiao.integrations.models.feed import CalendarFeed, feed_ref
from duobiao.integrations.models.imports import (
    ImportBatch,
    ImportedRecord,
    ImportFault,
    ImportFile,
    ImportRun,
    RunState,
    run_ref,
)

__all__ = [
    "CalendarFeed",
    "Export",
    "ExportState",
    "ImportBatch",
    "ImportFault",
    "ImportFile",
    "ImportRun",
    "ImportedRecord",
    "RunState",
    "feed_ref",
    "run_ref",
]
