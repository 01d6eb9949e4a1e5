"""Naming a substitute; the form stands on the profile page."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.approvals.actions.absences import end_absence, set_absence
from duobiao.approvals.forms.absence import AbsenceForm
from duobiao.approvals.fragments import absence_context
from duobiao.approvals.models import Absence
from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of, company_of
from duobiao.identity.people_picker import offer_people
from duobiao.kernel.days import local_day
from duobiao.kernel.refusals import Refusal
from duobiao.web.api import found_or_404
from duobiao.web.http import done, render


@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: HttpRequest) -> HttpResponse:
    """Show who stands in for me, or name somebody."""
    actor = actor_of(request)
    today = local_day(timezone.now(), company_of(request).time_zone)
    form, status = AbsenceForm(actor=actor, today=today), 200
    if request.method == "POST":
        form, status = AbsenceForm(request.POST, actor=actor, today=today), 422
        if form.is_valid():
            try:
                set_absence(**form.cleaned_data, actor=actor, now=timezone.now())
            except Refusal as refusal:
                status = refused(form, refusal)
            else:
                return done(request, to="identity:profile", toast=_("Substitute named"))
    return render(request, "approvals/absences.html", absence_context(request, form), status=status)


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Offer substitutes while a name is typed."""
    actor = actor_of(request)
    policy.require(actor, "approvals.absence")
    return offer_people(request, AbsenceForm(actor=actor, today=local_day(timezone.now())))


@require_POST
def end(request: HttpRequest, ref: str) -> HttpResponse:
    """End a substitution."""
    actor = actor_of(request)
    absence = found_or_404(Absence.objects.visible_to(actor).filter(ref=ref).first())
    end_absence(absence=absence, actor=actor, now=timezone.now())
    return done(request, to="identity:profile", toast=_("Substitution ended"))
