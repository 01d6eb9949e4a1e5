"""Improvement notes: write one, read one, decide on it."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.refusals import Refusal
from duobiao.playbooks.actions.decide_improvement import decide_improvement
from duobiao.playbooks.actions.note_improvement import note_improvement
from duobiao.playbooks.forms import DecisionForm, NoteForm
from duobiao.playbooks.models import ImprovementNote, PlaybookVersion
from duobiao.playbooks.queries import get_note, get_version
from duobiao.web.api import found_or_404
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """Note an improvement to one version."""
    actor = actor_of(request)
    policy.require(actor, "playbooks.note")
    playbook = found_or_404(get_version(key, version) if 0 < version < 2**31 else None)
    form, status = NoteForm(), 200
    if request.method == "POST":
        form, status = NoteForm(request.POST), 422
        if form.is_valid():
            try:
                with once(request) as submission:
                    if submission.first:
                        note_improvement(playbook=playbook, **form.cleaned_data, actor=actor, now=timezone.now())
            except Refusal as refusal:
                status = refused(form, refusal)
            else:
                return done(request, to=notes_url(playbook), toast=_("Improvement noted"))
    context = {"form": form, "playbook": playbook, "back": notes_url(playbook), "figures": ()}
    context["action"] = reverse("playbooks:note_improvement", args=[key, version])
    return page_or_fragment(
        request, page="playbooks/note.html", fragment="playbooks/_note.html", context=context, status=status
    )


@require_http_methods(["GET", "HEAD", "POST"])
def improvement(request: HttpRequest, ref: str) -> HttpResponse:
    """Show an improvement note; whoever may decides on it here."""
    actor = actor_of(request)
    policy.require(actor, "playbooks.view")
    found = found_or_404(get_note(ref))
    form, status = DecisionForm(initial={"version": found.version}), 200
    if request.method == "POST":
        policy.require(actor, "playbooks.decide_note")
        form, status = DecisionForm(request.POST), 422
        if form.is_valid():
            taken = "taken" in request.POST
            try:
                decide_improvement(note=found, taken=taken, **form.cleaned_data, actor=actor, now=timezone.now())
            except Refusal as refusal:
                status = refused(form, refusal)
            else:
                toast = _("Improvement taken up") if taken else _("Improvement rejected")
                return done(request, to=notes_url(found.playbook), toast=toast)
    return page_or_fragment(
        request,
        page="playbooks/improvement.html",
        fragment="playbooks/_improvement.html",
        context={
            "form": form,
            "found": found,
            "may_decide": may_decide(actor, found),
            "back": notes_url(found.playbook),
        },
        status=status,
    )


def may_decide(actor: User, found: ImprovementNote) -> bool:
    """Tell whether the person can decide on a note now."""
    return found.is_open and policy.allows(actor, "playbooks.decide_note")


def notes_url(playbook: PlaybookVersion) -> str:
    """Return the address of the notes on the page of a playbook."""
    return f"{reverse('playbooks:playbook', args=[playbook.key, playbook.version])}#notes"
