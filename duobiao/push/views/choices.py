"""What a person is told, where and when."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of, company_of
from duobiao.kernel.refusals import Refusal
from duobiao.push.actions.save_choices import save_choices
from duobiao.push.forms import ChoicesForm
from duobiao.push.models import Robot
from duobiao.push.queries.choices import wishes
from duobiao.web.http import done, render


@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """Show or change what one is told."""
    actor, company = actor_of(request), company_of(request)
    policy.require(actor, "push.choose")
    form = ChoicesForm(request.POST if request.method == "POST" else None, wishes=wishes(actor))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                save_choices(**form.values(), actor=actor, now=timezone.now())
                return done(request, to="push:choices", toast=_("Notifications saved"))
            except Refusal as refusal:
                status = refused(form, refusal)
    context = {
        "form": form,
        "zone": actor.time_zone or company.time_zone,
        "mail": bool(company.mail_host),
        "address": actor.email,
        "robots": Robot.objects.filter(is_active=True).exists(),
    }
    return render(request, "push/choices.html", context, status=status)
