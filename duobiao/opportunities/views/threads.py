"""The contact line to one department of a deal's customer."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.customers.models import Function
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.actions.keep_thread import keep_thread
from duobiao.opportunities.actions.lock import require_open
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.forms.threads import ThreadForm
from duobiao.opportunities.models import DealThread
from duobiao.opportunities.models.thread import USUAL_QUIET_DAYS
from duobiao.opportunities.queries.tasks import task_people
from duobiao.opportunities.queries.threads import CONCERNS
from duobiao.opportunities.views.common import answer_form, needs, visible_deal


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str, function: str) -> HttpResponse:
    """Note what a department cares about, and who keeps the line."""
    deal = visible_deal(request, ref)
    actor = needs(request, "opportunities.edit", deal)
    if function not in Function.values:
        raise NotFound(_("There is no such department."))
    require_open(deal)
    held = DealThread.objects.filter(opportunity=deal, function=function).select_related("keeper").first()
    initial = {
        "concern": held.concern if held else str(CONCERNS[function]),
        "keeper": (held.keeper if held and held.keeper else deal.owner).ref,
        "quiet_days": held.quiet_days if held else USUAL_QUIET_DAYS,
        "version": held.version if held else 0,
    }
    people = task_people(deal, actor)
    if held is not None and held.keeper is not None:
        people |= task_people(deal, held.keeper)
    form = ThreadForm(request.POST if request.method == "POST" else None, people=people, initial=initial)

    def act() -> None:
        keep_thread(opportunity=deal, function=function, **form.cleaned_data, actor=actor, now=timezone.now())

    to = f"{deal_url(deal.ref, 'people')}#threads"
    context = {"deal": deal, "back": to, "title": Function(function).label}
    return answer_form(request, form, act, to=to, fragment="thread", context=context, toast=_("Contact line saved"))
