"""Tasks of a deal: put one, change it, finish it."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.identity.http import actor_of
from duobiao.opportunities.actions.add_task import add_task, edit_task
from duobiao.opportunities.actions.finish_task import finish_task
from duobiao.opportunities.actions.lock import require_open
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.forms.tasks import FinishTaskForm, TaskForm
from duobiao.opportunities.models import DealTask
from duobiao.opportunities.queries.tasks import task_people, visible_pks
from duobiao.opportunities.views.common import answer_form, needs, own_today, visible_deal
from duobiao.web.api import found_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """Put a task on a deal."""
    deal = visible_deal(request, ref)
    actor = needs(request, "opportunities.task", deal)
    require_open(deal)
    given = request.POST if request.method == "POST" else None
    form = TaskForm(given, people=task_people(deal, actor), today=own_today(request), initial={"owner": deal.owner.ref})

    def act() -> None:
        add_task(opportunity=deal, **form.values(), actor=actor, now=timezone.now())

    to = deal_url(deal.ref)
    context = {"deal": deal, "back": to, "task": None, "title": _("New task")}
    return answer_form(request, form, act, to=to, fragment="task", context=context, toast=_("Task added"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change a task."""
    task = _task(request, ref)
    deal = task.opportunity
    actor = needs(request, "opportunities.task", deal)
    require_open(deal)
    given = request.POST if request.method == "POST" else None
    people = task_people(deal, actor) | task_people(deal, task.owner)
    initial = {"title": task.title, "owner": task.owner.ref, "due_on": task.due_on, "version": task.version}
    form = TaskForm(given, people=people, today=min(own_today(request), task.due_on), initial=initial)

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        edit_task(task=task, version=version, **form.values(), actor=actor, now=timezone.now())

    to = deal_url(deal.ref)
    context = {"deal": deal, "back": to, "task": task, "title": _("Change the task")}
    return answer_form(request, form, act, to=to, fragment="task", context=context, toast=_("Task saved"))


@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: HttpRequest, ref: str) -> HttpResponse:
    """Finish a task, or drop it with a reason."""
    task = _task(request, ref)
    deal, actor = task.opportunity, actor_of(request)
    if task.owner_id != actor.pk:
        needs(request, "opportunities.task", deal)
    form = FinishTaskForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        held = form.cleaned_data
        finish_task(task=task, result=held["result"], dropped=held["dropped"], actor=actor, now=timezone.now())

    to = deal_url(deal.ref)
    context = {"deal": deal, "back": to, "task": task, "title": task.title}
    return answer_form(request, form, act, to=to, fragment="finish_task", context=context, toast=_("Task finished"))


def _task(request: HttpRequest, ref: str) -> DealTask:
    rows = DealTask.objects.filter(ref=ref, opportunity__in=visible_pks(actor_of(request)))
    return found_or_404(rows.select_related("owner", "opportunity__owner", "opportunity__customer").first())
