"""A draft: look at it, publish or discard it, replace it by YAML, take improvements up."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import NotFound, Refusal
from duobiao.playbooks.actions.attach_note import attach_note
from duobiao.playbooks.actions.end_draft import discard_draft, publish_draft
from duobiao.playbooks.actions.save_draft import document_from, save_draft
from duobiao.playbooks.forms.studio import DocumentForm
from duobiao.playbooks.models import PlaybookDraft
from duobiao.playbooks.queries import compiled_playbook, get_note, version_title
from duobiao.playbooks.queries.comparison import Compared, compared
from duobiao.playbooks.queries.draft_rows import words_in
from duobiao.playbooks.queries.drafts import all_problems, flaws_of, get_draft, next_number
from duobiao.playbooks.queries.export import exported, lines_of
from duobiao.playbooks.views.draft_page import draft_page, editable_draft, seen_version
from duobiao.playbooks.views.draft_places import draft_url, place_url, seen_stage
from duobiao.web.api import found_or_404
from duobiao.web.http import done, page_or_fragment, render


@dataclass(frozen=True, slots=True)
class FlawLine:
    """One problem on the page of publishing.

    Attributes:
        where: Its place, as people say it.
        line: In the exported YAML.
        url: The form in which it is mended.
    """

    where: str
    line: int
    message: str
    url: str


@require_safe
def draft(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a draft and the stage that is looked at; a published one leads to its version."""
    _actor, held = editable_draft(request, ref)
    if held.published is not None:
        return redirect("playbooks:playbook", key=held.published.key, version=held.published.version)
    if not held.is_open:
        raise NotFound(_("There is no such record."))
    return draft_page(request, held, stage=seen_stage(request.GET.get("stage", "")) or 1)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, ref: str) -> HttpResponse:
    """Check a draft strictly, show what it changes, and publish it."""
    actor = actor_of(request)
    policy.require(actor, "playbooks.publish")
    held = found_or_404(get_draft(ref))
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            version = publish_draft(draft=held, version=seen_version(request), actor=actor, now=timezone.now())
        except Refusal as found:
            refusal = found
        else:
            to = reverse("playbooks:playbook", args=[version.key, version.version])
            return done(request, to=to, toast=_("Version %(n)s published") % {"n": version.version})
    context = {
        "draft": held,
        "title": words_in(held.document.get("title")) or held.key,
        "number": next_number(held.key),
        "flaws": _flaw_lines(held),
        "compared": _since_base(held),
        "base_title": version_title(held.base) if held.base else "",
        "notes": list(held.notes.order_by("created_at", "pk")),
        "refusal": refusal,
    }
    return render(request, "playbooks/publish.html", context, status=refusal.status if refusal is not None else 200)


def _flaw_lines(held: PlaybookDraft) -> list[FlawLine]:
    flaws = flaws_of(held.document, all_problems(held)[1])
    if not flaws:
        return []
    line_of = lines_of(held.document)
    rows = [
        FlawLine(flaw.where, line_of(flaw.place), flaw.message, place_url(held, flaw.place)) for flaw in flaws[:200]
    ]
    return sorted(rows, key=lambda row: row.line)


def _since_base(held: PlaybookDraft) -> Compared | None:
    if held.base is None:
        return None
    return compared(compiled_playbook(held.base.pk).playbook, all_problems(held)[0])


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask, then give a draft up."""
    actor, held = editable_draft(request, ref)
    if request.method == "POST":
        discard_draft(draft=held, version=seen_version(request), actor=actor, now=timezone.now())
        return done(request, to="playbooks:studio", toast=_("Draft discarded"))
    title = words_in(held.document.get("title")) or held.key
    context = {"draft": held, "back": draft_url(held), "title": title}
    return page_or_fragment(request, page="playbooks/discard.html", fragment="playbooks/_discard.html", context=context)


@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, ref: str) -> HttpResponse:
    """Replace a draft by a YAML document."""
    actor, held = editable_draft(request, ref)
    form, status, problems = DocumentForm(initial={"version": held.version}), 200, []
    if request.method == "POST":
        form, status = DocumentForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                document = document_from(form.source())
                version = form.cleaned_data["version"] or 0
                save_draft(draft=held, version=version, document=document, actor=actor, now=timezone.now())
            except Refusal as refusal:
                status, problems = refused(form, refusal), refusal.details.get("problems", [])
            else:
                return done(request, to=draft_url(held), toast=_("Draft replaced"))
    action, back = reverse("playbooks:replace_draft", args=[held.ref]), draft_url(held)
    context = {"form": form, "problems": problems, "action": action, "back": back, "draft": held}
    return render(request, "playbooks/document.html", context, status=status)


@require_POST
def attach(request: HttpRequest, ref: str, note: str) -> HttpResponse:
    """Take an accepted improvement up, or let it go again."""
    actor, held = editable_draft(request, ref)
    attached = request.POST.get("attached") == "1"
    attach_note(draft=held, note=found_or_404(get_note(note)), attached=attached, actor=actor, now=timezone.now())
    toast = _("Improvement taken up") if attached else _("Improvement let go")
    return done(request, to=f"{draft_url(held)}#notes", toast=toast)


@require_safe
def export(request: HttpRequest, ref: str) -> HttpResponse:
    """Hand a draft out as YAML."""
    _actor, held = editable_draft(request, ref)
    name = f"{held.key}.draft.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(exported(held.document), content_type="application/yaml; charset=utf-8", headers=headers)
