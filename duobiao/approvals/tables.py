"""Tables of approvals, by the names people know them by."""

from django.utils.translation import gettext_lazy as _

from duobiao.approvals.models import Absence, Act, ApprovalRequest, ChainVersion, Copy, StepVisit, Task
from duobiao.web.tables import Table, leave_out, register_tables


def register() -> None:
    """Name the tables."""
    register_tables(
        Table("approval_requests", ApprovalRequest, _("Approval requests")),
        Table("approval_steps", StepVisit, _("Steps of approval"), through=("request",)),
        Table("approval_tasks", Task, _("Tasks of approval"), through=("visit__request",)),
        Table("approval_acts", Act, _("Acts of approval"), through=("request",)),
        Table("approval_copies", Copy, _("Copies of approval requests"), through=("request",)),
        Table("absences", Absence, _("Absences")),
    )
    leave_out("settings of the installation", ChainVersion)
