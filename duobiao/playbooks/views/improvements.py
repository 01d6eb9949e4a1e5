"""Improvement notes: write one, read one, decide on it."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.refusals import Refusal
from duobiao.playbooks.actions.decide_improvement import decide_improvement
from duobiao.playbooks.actions.note_improvement import note_improvement
from duobiao.playbooks.forms import DecisionForm, NoteForm
from duobiao.playbooks.models import ImprovementNote, PlaybookVersion
from duobiao.playbooks.queries import get_note, get_version, version_title
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
    context["base_title"] = version_title(playbook)
    context["action"] = reverse("playbooks:note_improvement", args=[key, version])
    return page_or_fragment(
        request, page="playbooks/note.html", fragment="playbooks/_note.html", context=context, status=status
    )


@require_safe
def improvement(request: HttpRequest, ref: str) -> HttpResponse:
    """Show an improvement note; whoever may decides on it here."""
    actor = actor_of(request)
    policy.require(actor, "playbooks.view")
    found = found_or_404(get_note(ref))
    return _improvement(request, found, actor, DecisionForm(initial={"version": found.version}), 200)


@require_POST
def decide(request: HttpRequest, ref: str) -> HttpResponse:
    """Take an improvement up, or reject it."""
    actor = actor_of(request)
    policy.require(actor, "playbooks.decide_note")
    found = found_or_404(get_note(ref))
    form, status, taken = DecisionForm(request.POST), 422, "taken" in request.POST
    if form.is_valid():
        try:
            decide_improvement(note=found, taken=taken, **form.cleaned_data, actor=actor, now=timezone.now())
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            toast = _("Improvement taken up") if taken else _("Improvement rejected")
            return done(request, to=notes_url(found.playbook), toast=toast)
    return _improvement(request, found, actor, form, status)


def _improvement(
    request: HttpRequest, found: ImprovementNote, actor: User, form: DecisionForm, status: int
) -> HttpResponse:
    context = {
        "form": form,
        "found": found,
        "may_decide": may_decide(actor, found),
        "back": notes_url(found.playbook),
        "base_title": version_title(found.playbook),
    }
    return page_or_fragment(
        request,
        page="playbooks/improvement.html",
        fragment="playbooks/_improvement.html",
        context=context,
        status=status,
    )


def may_decide(actor: User, found: ImprovementNote) -> bool:
    """Tell whether the person can decide on a note now."""
    return found.is_open and policy.allows(actor, "playbooks.decide_note")


def notes_url(playbook: PlaybookVersion) -> str:
    """Return the address of the notes on the page of a playbook."""
    return f"{reverse('playbooks:playbook', args=[playbook.key, playbook.version])}#notes"
