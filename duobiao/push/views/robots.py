"""Group robots and the outbox, for administrators."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import Refusal
from duobiao.push.actions.retry_delivery import retry_delivery
from duobiao.push.actions.save_robot import VERB, remove_robot, save_robot
from duobiao.push.actions.try_robot import RobotSilent, try_robot
from duobiao.push.forms import RobotForm
from duobiao.push.models import Delivery, DeliveryState, PushSettings, Robot, Topic
from duobiao.push.queries.outbox import outbox, outbox_counts
from duobiao.web.api import found_or_404
from duobiao.web.components import Tab
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment, render


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """List the robots and the outbox; ``?state=`` shows one state."""
    return _page(request)


def _page(request: HttpRequest, *, trouble: str = "", status: int = 200) -> HttpResponse:
    policy.require(actor_of(request), VERB)
    state = request.GET.get("state", "")
    counts = outbox_counts()
    tabs = [Tab(_("All"), "?", current=state not in DeliveryState.values)]
    tabs += [
        Tab(f"{DeliveryState(one).label} {count}", f"?state={one}", current=state == one)
        for one, count in counts.items()
    ]
    context = {
        "robots": list(Robot.objects.select_related("unit").order_by("name", "pk")),
        "topics": dict(Topic.choices),
        "base_url": PushSettings.load().base_url,
        "lines": outbox(state=state),
        "tabs": tabs,
        "trouble": trouble,
    }
    return render(request, "push/robots.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a robot."""
    policy.require(actor_of(request), VERB)
    initial = {"kind": "WECOM", "topics": [Topic.APPROVALS, Topic.TASKS, Topic.RISKS], "is_active": True, "version": 0}
    return _form(request, None, initial, _("Add a robot"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change a robot; an empty address keeps the sealed one."""
    policy.require(actor_of(request), VERB)
    robot = _robot(ref)
    initial = {name: getattr(robot, name) for name in ("kind", "name", "topics", "language", "is_active", "version")}
    return _form(request, robot, initial | {"unit": robot.unit.ref if robot.unit else ""}, robot.name)


def _form(request: HttpRequest, robot: Robot | None, initial: dict[str, object], title: str) -> HttpResponse:
    form = RobotForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with once(request) as submission:
                    if submission.first:
                        save_robot(
                            robot=robot,
                            draft=form.draft(),
                            version=form.cleaned_data["version"] or 0,
                            base_url=request.build_absolute_uri("/"),
                            actor=actor_of(request),
                            now=timezone.now(),
                        )
                return done(request, to="push:robots", toast=_("Robot saved"))
            except Refusal as refusal:
                status = refused(form, refusal)
    context = {"form": form, "robot": robot, "title": title, "here": request.get_full_path(), "back": "/admin/robots/"}
    return page_or_fragment(
        request, page="push/robot_form.html", fragment="push/_robot.html", context=context, status=status
    )


@require_POST
def try_out(request: HttpRequest, ref: str) -> HttpResponse:
    """Let a robot say that it is connected."""
    actor = actor_of(request)
    policy.require(actor, VERB)
    try:
        try_robot(robot=_robot(ref), actor=actor, now=timezone.now())
    except RobotSilent as refusal:
        return _page(request, trouble=str(refusal), status=422)
    return done(request, to="push:robots", toast=_("The robot took the message"))


@require_POST
def remove(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a robot away."""
    actor = actor_of(request)
    policy.require(actor, VERB)
    remove_robot(robot=_robot(ref), actor=actor, now=timezone.now())
    return done(request, to="push:robots", toast=_("Robot removed"))


@require_POST
def retry(request: HttpRequest, ref: str) -> HttpResponse:
    """Try a delivery again that was given up."""
    actor = actor_of(request)
    policy.require(actor, VERB)
    delivery = found_or_404(Delivery.objects.filter(ref=ref).first())
    retry_delivery(delivery=delivery, actor=actor, now=timezone.now())
    return done(request, to="push:robots", toast=_("It is tried again within a minute"))


def _robot(ref: str) -> Robot:
    return found_or_404(Robot.objects.select_related("unit").filter(ref=ref).first())
