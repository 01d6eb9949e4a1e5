"""How long registrations are protected, as administrators set it."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Refusal
from duobiao.prospecting.actions.set_figures import set_figures
from duobiao.prospecting.domain.protection import SHIPPED
from duobiao.prospecting.forms.registrations import FiguresForm
from duobiao.prospecting.queries.figures import registration_figures
from duobiao.timeline.queries import entries_for
from duobiao.web.http import done, render


@require_http_methods(["GET", "HEAD", "POST"])
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures in force and set them, or restore the shipped ones."""
    actor = actor_of(request)
    require(actor, "prospecting.figures")
    held, status = registration_figures(), 200
    form = FiguresForm(figures=held.figures, version=held.version)
    if request.method == "POST":
        form, status = FiguresForm(request.POST, figures=held.figures, version=held.version), 422
        restore = "restore" in request.POST
        if form.is_valid() or (restore and "version" in form.cleaned_data):
            wanted = None if restore else form.values()
            try:
                set_figures(figures=wanted, version=form.cleaned_data["version"], actor=actor, now=timezone.now())
            except Refusal as refusal:
                status = refused(form, refusal)
            else:
                return done(request, to="prospecting:registration_figures", toast=_("Figures saved"))
    context = {
        "form": form,
        "changed": held.version > 0,
        "shipped": SHIPPED,
        "entries": entries_for(subject=Ref("registration_figures", "1"), limit=20),
    }
    return render(request, "prospecting/figures.html", context, status=status)
