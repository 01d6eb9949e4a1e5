"""Tables of calls and visits, by the names people know them by."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.engagement.models import Call, ContactCycle, Visit, VisitMove
from duobiao.web.tables import Table, register_tables


def register() -> None:
    """Name the tables."""
    register_tables(
        Table("calls", Call, pgettext_lazy("table", "Calls")),
        Table("visits", Visit, pgettext_lazy("table", "Visits"), label=lambda visit: visit.topic or visit.ref),
        Table("visit_moves", VisitMove, _("Visits moved"), through=("visit",)),
        Table("contact_plan", ContactCycle, _("Contact plan"), label=lambda cycle: cycle.aim or cycle.ref),
    )
