"""Tables of calls and visits, by the names people know them by."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.engagement.models import (
    Call,
    CallList,
    CallListEntry,
    ContactCycle,
    DraftVersion,
    ProcessDuty,
    ProcessStep,
    PurchaseProcess,
    SurveyAnswer,
    Visit,
    VisitMove,
    WeeklyReport,
)
from duobiao.web.tables import Table, register_tables


def register() -> None:
    """Name the tables."""
    register_tables(
        Table("calls", Call, pgettext_lazy("table", "Calls")),
        Table("visits", Visit, pgettext_lazy("table", "Visits"), label=lambda visit: visit.topic or visit.ref),
        Table("visit_moves", VisitMove, _("Visits moved"), through=("visit",)),
        Table("surveys", SurveyAnswer, _("Answers to survey sheets"), through=("visit",)),
        Table("drafts", DraftVersion, _("Drafts handed over")),
        Table("purchase_processes", PurchaseProcess, _("Purchase processes")),
        Table("purchase_steps", ProcessStep, _("Steps of purchase processes"), through=("process",)),
        Table("purchase_duties", ProcessDuty, _("Duties in purchase processes"), through=("process",)),
        Table("call_lists", CallList, _("Calling lists")),
        Table("call_list_entries", CallListEntry, _("Entries of calling lists")),
        Table("contact_plan", ContactCycle, _("Contact plan"), label=lambda cycle: cycle.aim or cycle.ref),
        Table("weekly_reports", WeeklyReport, _("Weekly reports")),
    )
