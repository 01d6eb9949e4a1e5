"""Forms of a plan's parts: goals, milestones, reviews."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.identity.people_picker import offer_people
from duobiao.identity.policy import require
from duobiao.planning.actions.keep_dates import edit_date, finish_date, remove_date, set_date
from duobiao.planning.actions.keep_goals import edit_goal, note_reached, remove_goal, set_goal
from duobiao.planning.actions.plans import plan_url
from duobiao.planning.forms.plans import DateForm, DoneForm, GoalForm, ReachedForm
from duobiao.planning.models import AccountPlan, DateKind, PlanDate, PlanGoal
from duobiao.planning.views.common import EDIT, answer_plan, editable, own_today
from duobiao.web.api import found_or_404
from duobiao.web.http import done


@require_http_methods(["GET", "HEAD", "POST"])
def add_goal(request: HttpRequest, ref: str) -> HttpResponse:
    """Set a goal."""
    plan = editable(request, ref)
    form = GoalForm(request.POST if request.method == "POST" else None, plan=plan)

    def act() -> None:
        set_goal(plan=plan, values=form.values(), actor=actor_of(request), now=timezone.now())

    context = {"title": _("New goal"), "goal": None}
    return answer_plan(request, form, act, plan=plan, fragment="goal", context=context, toast=_("Goal set"))


@require_http_methods(["GET", "HEAD", "POST"])
def change_goal(request: HttpRequest, ref: str) -> HttpResponse:
    """Change a goal."""
    goal = _goal(request, ref)
    form = GoalForm(request.POST if request.method == "POST" else None, plan=goal.plan, goal=goal)

    def act() -> None:
        version, now = form.cleaned_data["version"] or 0, timezone.now()
        edit_goal(goal=goal, version=version, values=form.values(), actor=actor_of(request), now=now)

    context = {"title": str(goal), "goal": goal}
    return answer_plan(request, form, act, plan=goal.plan, fragment="goal", context=context, toast=_("Goal saved"))


@require_http_methods(["GET", "HEAD", "POST"])
def reach_goal(request: HttpRequest, ref: str) -> HttpResponse:
    """Note what was reached of a goal."""
    goal = _goal(request, ref)
    form = ReachedForm(request.POST if request.method == "POST" else None, goal=goal)

    def act() -> None:
        held = form.cleaned_data
        note_reached(
            goal=goal,
            version=held["version"] or 0,
            count=held.get("count"),
            words=held["words"],
            actor=actor_of(request),
            now=timezone.now(),
        )

    context = {"title": str(goal), "label": _("Save what was reached"), "icon_name": "check"}
    return answer_plan(request, form, act, plan=goal.plan, fragment="plain", context=context, toast=_("Goal saved"))


@require_POST
def drop_goal(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a goal out."""
    goal = _goal(request, ref)
    remove_goal(goal=goal, actor=actor_of(request), now=timezone.now())
    return done(request, to=plan_url(goal.plan.ref), toast=_("Goal taken out"))


@require_http_methods(["GET", "HEAD", "POST"])
def add_date(request: HttpRequest, ref: str) -> HttpResponse:
    """Set a milestone, or with ``?what=REVIEW`` a review."""
    plan = editable(request, ref)
    form = _date_form(request, plan, what=_kind(request))

    def act() -> None:
        set_date(plan=plan, values=form.values(), actor=actor_of(request), now=timezone.now())

    title = _("New review") if _kind(request) == DateKind.REVIEW else _("New milestone")
    context = {"title": title, "row": None}
    return answer_plan(request, form, act, plan=plan, fragment="date", context=context, toast=_("Date set"))


@require_http_methods(["GET", "HEAD", "POST"])
def change_date(request: HttpRequest, ref: str) -> HttpResponse:
    """Change a milestone or review that is still to come."""
    row = _date(request, ref)
    require(actor_of(request), EDIT, row.plan.customer)
    form = _date_form(request, row.plan, row=row)

    def act() -> None:
        version, now = form.cleaned_data["version"] or 0, timezone.now()
        edit_date(row=row, version=version, values=form.values(), actor=actor_of(request), now=now)

    context = {"title": row.title, "row": row}
    return answer_plan(request, form, act, plan=row.plan, fragment="date", context=context, toast=_("Date saved"))


@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: HttpRequest, ref: str) -> HttpResponse:
    """Note that a milestone was reached, or what came of a review."""
    row, actor = _date(request, ref), actor_of(request)
    if row.owner_id != actor.pk:
        require(actor, EDIT, row.plan.customer)
    form = DoneForm(request.POST if request.method == "POST" else None, row=row, today=own_today(request))

    def act() -> None:
        held = form.cleaned_data
        finish_date(row=row, done_on=held["done_on"], outcome=held["outcome"], actor=actor, now=timezone.now())

    review = row.what == DateKind.REVIEW
    label = _("Keep the review") if review else _("Milestone reached")
    context = {"title": row.title, "label": label, "icon_name": "flag-check"}
    return answer_plan(request, form, act, plan=row.plan, fragment="plain", context=context, toast=_("Outcome noted"))


@require_POST
def drop_date(request: HttpRequest, ref: str) -> HttpResponse:
    """Take out a milestone or review that is still to come."""
    row = _date(request, ref)
    remove_date(row=row, actor=actor_of(request), now=timezone.now())
    return done(request, to=plan_url(row.plan.ref), toast=_("Taken out"))


@require_safe
def date_people(request: HttpRequest, ref: str) -> HttpResponse:
    """Offer the people that a name being typed may mean."""
    plan = editable(request, ref)
    return offer_people(request, DateForm(plan=plan, people=User.objects.active()))


def _kind(request: HttpRequest) -> str:
    return DateKind.REVIEW if request.GET.get("what") == DateKind.REVIEW else DateKind.MILESTONE


def _date_form(request: HttpRequest, plan: AccountPlan, *, row: PlanDate | None = None, what: str = "") -> DateForm:
    given = request.POST if request.method == "POST" else None
    return DateForm(given, plan=plan, people=User.objects.active(), row=row, what=what)


def _goal(request: HttpRequest, ref: str) -> PlanGoal:
    """Return a goal of a plan whose customer the reader may edit."""
    actor = actor_of(request)
    seen = AccountPlan.objects.visible_to(actor).values("pk")
    rows = PlanGoal.objects.filter(ref=ref, plan__in=seen).select_related("plan__customer__owner")
    goal = found_or_404(rows.first())
    require(actor, EDIT, goal.plan.customer)
    return goal


def _date(request: HttpRequest, ref: str) -> PlanDate:
    seen = AccountPlan.objects.visible_to(actor_of(request)).values("pk")
    rows = PlanDate.objects.filter(ref=ref, plan__in=seen).select_related("owner", "plan__customer__owner")
    return found_or_404(rows.first())
