"""The studio over all playbooks: versions, drafts, cloning, import and export, comparison, retiring, tools in use."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import NotFound, Refusal
from duobiao.playbooks.actions.open_draft import clone_playbook, import_playbook
from duobiao.playbooks.actions.retire_version import offer_version, retire_version
from duobiao.playbooks.actions.tick_tool import tick_tool
from duobiao.playbooks.forms.studio import CloneForm, DocumentForm
from duobiao.playbooks.models import PlaybookDraft, PlaybookVersion
from duobiao.playbooks.queries import (
    DEFAULT_PLAYBOOK,
    compiled_playbook,
    get_version,
    offered_ids,
    offered_version,
    text_of,
    version_title,
)
from duobiao.playbooks.queries.comparison import compared
from duobiao.playbooks.queries.draft_rows import words_in
from duobiao.playbooks.queries.drafts import draft_of, next_number, open_drafts
from duobiao.playbooks.queries.export import exported
from duobiao.playbooks.queries.sides import Side, side_of
from duobiao.web.api import found_or_404
from duobiao.web.http import done, page_or_fragment, render


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version on the page of all versions.

    Attributes:
        offered: New deals are opened by it.
        by: Who published it; "" for what was shipped.
    """

    record: PlaybookVersion
    title: str
    stages: int
    items: int
    offered: bool
    by: str
    at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft on the page of all versions.

    Attributes:
        number: Of the version it would become.
        base: Name of the version it began as; "" where it was imported.
    """

    record: PlaybookDraft
    title: str
    number: int
    base: str


def found_version(key: str, version: int) -> PlaybookVersion:
    """Return a version.

    Raises:
        NotFound: there is none.
    """
    return found_or_404(get_version(key, version) if 0 < version < 2**31 else None)


def version_url(record: PlaybookVersion) -> str:
    """Return the page of a version."""
    return reverse("playbooks:playbook", args=[record.key, record.version])


@require_safe
def studio(request: HttpRequest) -> HttpResponse:
    """Show all versions of all playbooks, and the drafts."""
    policy.require(actor_of(request), "playbooks.edit")
    offered = set(offered_ids())
    rows = PlaybookVersion.objects.select_related("created_by").order_by("key", "-version")
    context = {"versions": [_line(row, offered) for row in rows], "drafts": [_draft_line(row) for row in open_drafts()]}
    return render(request, "playbooks/studio.html", context)


def _draft_line(row: PlaybookDraft) -> DraftLine:
    return DraftLine(
        record=row,
        title=words_in(row.document.get("title")) or row.key,
        number=next_number(row.key),
        base=version_title(row.base) if row.base is not None else "",
    )


def _line(row: PlaybookVersion, offered: set[int]) -> VersionLine:
    playbook = compiled_playbook(row.pk).playbook
    return VersionLine(
        record=row,
        title=text_of(playbook.title, get_language()),
        stages=playbook.last,
        items=len(playbook.items),
        offered=row.pk in offered,
        by=row.created_by.name if row.created_by is not None else "",
        at=row.created_at,
        url=version_url(row),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def clone(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """Open a draft with everything a version asks for."""
    actor = actor_of(request)
    policy.require(actor, "playbooks.edit")
    playbook = found_version(key, version)
    form, status = CloneForm(initial={"key": playbook.key}), 200
    if request.method == "POST":
        form, status = CloneForm(request.POST), 422
        if form.is_valid():
            try:
                draft = clone_playbook(playbook=playbook, **form.cleaned_data, actor=actor, now=timezone.now())
            except Refusal as refusal:
                status = refused(form, refusal)
            else:
                return done(request, to=reverse("playbooks:draft", args=[draft.ref]), toast=_("Draft opened"))
    context = {"form": form, "playbook": playbook, "back": version_url(playbook), "open": draft_of(key)}
    context |= {"base_title": version_title(playbook)}
    return page_or_fragment(
        request, page="playbooks/clone.html", fragment="playbooks/_clone.html", context=context, status=status
    )


@require_http_methods(["GET", "HEAD", "POST"])
def import_(request: HttpRequest) -> HttpResponse:
    """Open a draft from a YAML document."""
    actor = actor_of(request)
    policy.require(actor, "playbooks.edit")
    form, status, problems = DocumentForm(), 200, []
    if request.method == "POST":
        form, status = DocumentForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                draft = import_playbook(source=form.source(), actor=actor, now=timezone.now())
            except Refusal as refusal:
                status, problems = refused(form, refusal), refusal.details.get("problems", [])
            else:
                return done(request, to=reverse("playbooks:draft", args=[draft.ref]), toast=_("Draft opened"))
    action, back = reverse("playbooks:import"), reverse("playbooks:studio")
    context = {"form": form, "problems": problems, "action": action, "back": back, "draft": None}
    return render(request, "playbooks/document.html", context, status=status)


@require_safe
def export(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """Hand a version out as YAML."""
    policy.require(actor_of(request), "playbooks.view")
    playbook = found_version(key, version)
    name = f"{playbook.key}.v{playbook.version}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(exported(playbook.document), content_type="application/yaml; charset=utf-8", headers=headers)


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show what differs between two versions; either may be a draft for whoever may edit."""
    actor = actor_of(request)
    policy.require(actor, "playbooks.view")
    usual = found_or_404(offered_version(DEFAULT_PLAYBOOK))
    earlier = get_version(usual.key, usual.version - 1) or usual
    before = side_of(request.GET.get("before", earlier.ref)[:80], actor)
    after = side_of(request.GET.get("after", usual.ref)[:80], actor)
    if before is None or after is None:
        raise NotFound(_("There is no such record."))
    rows = PlaybookVersion.objects.order_by("key", "-version").only("key", "version")
    drafts = open_drafts() if policy.allows(actor, "playbooks.edit") else []
    choices = [(row.ref, version_title(row)) for row in rows] + [(row.ref, _draft_name(row)) for row in drafts]
    context = {
        "before": before,
        "after": after,
        "names": [_side_name(before), _side_name(after)],
        "choices": choices,
        "compared": compared(before.playbook, after.playbook),
    }
    return render(request, "playbooks/compare.html", context)


def _side_name(side: Side) -> str:
    record = side.record
    if isinstance(record, PlaybookDraft):
        return _draft_name(record)
    return version_title(record)


def _draft_name(draft: PlaybookDraft) -> str:
    return _("%(title)s, draft") % {"title": words_in(draft.document.get("title")) or draft.key}


@require_POST
def retire(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """Stop offering a version for new deals."""
    playbook = found_version(key, version)
    retire_version(playbook=playbook, actor=actor_of(request), now=timezone.now())
    return done(request, to=version_url(playbook), toast=_("Version retired; its deals stay"))


@require_POST
def offer(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """Offer a retired version for new deals again."""
    playbook = found_version(key, version)
    offer_version(playbook=playbook, actor=actor_of(request), now=timezone.now())
    return done(request, to=version_url(playbook), toast=_("Version offered again"))


@require_POST
def tick(request: HttpRequest, key: str, version: int, stage: int) -> HttpResponse:
    """Note which forms of a stage the company really uses."""
    actor, playbook = actor_of(request), found_version(key, version)
    policy.require(actor, "playbooks.edit")
    stages = compiled_playbook(playbook.pk).playbook.stages
    if not 0 < stage <= len(stages):
        raise NotFound(_("There is no such record."))
    used = set(request.POST.getlist("used"))
    for tool in stages[stage - 1].tools:
        tick_tool(playbook=playbook, tool=tool.key, used=tool.key in used, actor=actor, now=timezone.now())
    return done(request, to=f"{version_url(playbook)}#stage-{stage}", toast=_("Forms in use noted"))
