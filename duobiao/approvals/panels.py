"""What approvals put into pages of others: the substitute on the profile page."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from duobiao.approvals.forms.absence import AbsenceForm
from duobiao.approvals.fragments import absence_context
from duobiao.identity.http import actor_of, company_of
from duobiao.kernel.days import local_day
from duobiao.web.registry import Panel, register_panel


def register() -> None:
    """Register the panels once, at start."""
    register_panel(Panel("profile.main", 10, None, absence_panel))


def absence_panel(request: HttpRequest, _person: Any) -> str:
    """Show who stands in for the reader, with the form that names somebody."""
    actor = actor_of(request)
    today = local_day(timezone.now(), company_of(request).time_zone)
    form = AbsenceForm(actor=actor, today=today)
    return render_to_string("approvals/_absences.html", absence_context(request, form), request)
