"""What the fragments of approvals need."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from duobiao.approvals.forms.absence import AbsenceForm
from duobiao.approvals.models import Absence
from duobiao.identity.http import actor_of, company_of
from duobiao.kernel.days import local_day

SHOWN = 5


def absence_context(request: HttpRequest, form: AbsenceForm) -> dict[str, Any]:
    """Return what ``approvals/_absences.html`` needs."""
    today = local_day(timezone.now(), company_of(request).time_zone)
    rows = Absence.objects.visible_to(actor_of(request)).filter(ended_at=None, to_on__gte=today)
    return {
        "absence_form": form,
        "absences": list(rows.select_related("substitute").order_by("from_on", "pk")[:SHOWN]),
        "on": today,
    }
