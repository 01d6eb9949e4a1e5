"""What a person does to a request: one address for each act, all from the page of the request."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from duobiao.approvals.actions.add_approver import Place, add_approver
from duobiao.approvals.actions.copy_to import copy_to
from duobiao.approvals.actions.decide import decide
from duobiao.approvals.actions.hand_on import hand_on
from duobiao.approvals.actions.refusals import NotAsked
from duobiao.approvals.actions.send_back import resubmit, send_back
from duobiao.approvals.actions.withdraw import withdraw
from duobiao.approvals.forms.requests import AddForm, DecisionForm, NoteForm, PersonForm, SendBackForm
from duobiao.approvals.models import ApprovalRequest
from duobiao.approvals.queries.approvers import barred
from duobiao.approvals.queries.detail import may_do
from duobiao.approvals.views.requests import show_request, visible_request
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.refusals import Refusal
from duobiao.web.forms import once
from duobiao.web.http import done

CHANGED = "approval-changed"
"""Fired when a request moved."""

Do = Callable[..., object]


@require_POST
def decide_request(request: HttpRequest, ref: str) -> HttpResponse:
    """Approve or refuse."""
    held, form = visible_request(request, ref), DecisionForm(request.POST)
    approved = request.POST.get("decision") == "approve"
    toast = _("Approved") if approved else _("Refused")
    return _act(
        request, held, ("note_form", form), toast, lambda **who: decide(approved=approved, **form.values(), **who)
    )


@require_POST
def send_request_back(request: HttpRequest, ref: str) -> HttpResponse:
    """Send back to an earlier step, or to who asked."""
    held = visible_request(request, ref)
    steps = [(str(step["key"]), str(step["key"])) for step in held.chain.steps]
    form = SendBackForm(request.POST, back_to=steps, prefix="back")
    return _act(request, held, ("back_form", form), _("Sent back"), lambda **who: send_back(**form.values(), **who))


@require_POST
def resubmit_request(request: HttpRequest, ref: str) -> HttpResponse:
    """Send in again what came back."""
    held, form = visible_request(request, ref), NoteForm(request.POST)
    note = request.POST.get("note", "")
    return _act(request, held, ("note_form", form), _("Request sent"), lambda **who: resubmit(note=note, **who))


@require_POST
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """Add an approver."""
    held = visible_request(request, ref)
    form = AddForm(request.POST, people=_able(held), prefix="add")

    def act(**who: Any) -> object:
        chosen = form.cleaned_data
        return add_approver(person=chosen["person"], place=Place(chosen["place"]), **form.values(), **who)

    return _act(request, held, ("add_form", form), _("Approver added"), act)


@require_POST
def hand(request: HttpRequest, ref: str) -> HttpResponse:
    """Hand the own task on."""
    held = visible_request(request, ref)
    form = PersonForm(request.POST, people=_able(held), prefix="hand")

    def act(**who: Any) -> object:
        return hand_on(to=form.cleaned_data["person"], **form.values(), **who)

    return _act(request, held, ("hand_form", form), _("Task handed on"), act)


@require_POST
def copy(request: HttpRequest, ref: str) -> HttpResponse:
    """Keep a colleague informed."""
    held = visible_request(request, ref)
    form = PersonForm(request.POST, people=User.objects.active(), prefix="copy")

    def act(**who: Any) -> object:
        return copy_to(person=form.cleaned_data["person"], **who)

    return _act(request, held, ("copy_form", form), _("Copied"), act)


@require_POST
def withdraw_request(request: HttpRequest, ref: str) -> HttpResponse:
    """Take the own request back."""
    held, form = visible_request(request, ref), NoteForm(request.POST)
    note = request.POST.get("note", "")
    return _act(request, held, ("note_form", form), _("Request withdrawn"), lambda **who: withdraw(note=note, **who))


def _able(held: ApprovalRequest) -> Any:
    return User.objects.active().exclude(pk__in=barred(held)).order_by("name", "pk")


def _act(request: HttpRequest, held: ApprovalRequest, named: tuple[str, Form], toast: str, act: Do) -> HttpResponse:
    """Act once and show the request again; a refusal stands on the same page, with the form as it was sent."""
    form, sent = named[1], dict([named])
    if not form.is_valid():
        _require_part(request, held)
        return show_request(request, held, sent=sent, status=422)
    to = f"/approvals/{held.ref}/"
    try:
        with once(request) as submission:
            if submission.first:
                act(request=held, actor=actor_of(request), now=timezone.now())
                submission.result = to
    except Refusal as refusal:
        status = refused(form, refusal)
        fresh = visible_request(request, held.ref)
        return show_request(request, fresh, refused=str(refusal.message), sent=sent, status=status)
    return done(request, to=to, fires=CHANGED, toast=toast)


def _require_part(request: HttpRequest, held: ApprovalRequest) -> None:
    """Tell those who may do nothing here so, before their form is looked at.

    Raises:
        NotAsked: the reader neither decides on the request nor brings others in.
    """
    present = held.visits.filter(left_at=None).prefetch_related("tasks").first()
    may = may_do(held, present, actor_of(request))
    if held.is_open and not may.decide and not (may.copy and "copy" in request.path):
        raise NotAsked(_("You are not asked at this step."))
