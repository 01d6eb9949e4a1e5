"""Turn a finding of the process map into an improvement note: the figures are counted anew and kept with it."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.kernel.refusals import Refusal
from duobiao.opportunities.domain.figures import LEAST_SAMPLE, Spread
from duobiao.opportunities.domain.histories import Edge
from duobiao.opportunities.queries.figures import scope_of
from duobiao.opportunities.queries.process import Blocker, Process, process_of
from duobiao.opportunities.views.pipeline_figures import Links
from duobiao.opportunities.views.pipeline_frame import Frame, open_frame, with_parameters
from duobiao.playbooks.actions.note_improvement import Figure, note_improvement
from duobiao.playbooks.forms import NoteForm
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import get_version, version_title
from duobiao.web.forms import once
from duobiao.web.http import done, page_or_fragment


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, in words."""

    title: str
    text: str
    figures: tuple[Figure, ...]


@require_http_methods(["GET", "HEAD", "POST"])
def note_finding(request: HttpRequest) -> HttpResponse:
    """Ask for title and text, then keep the note with its figures; a finding that is no more leads back to the map."""
    frame = open_frame(request, "process")
    policy.require(frame.actor, "playbooks.note")
    scope = scope_of(frame.visible, frame.filters, frame.today)
    process = process_of(frame.visible, scope, today=frame.today)
    asked = request.GET.get("finding", "")
    finding = _finding(process, Links(frame, scope), asked)
    playbook = get_version(scope.filters.playbook)
    if finding is None or playbook is None:
        return redirect(frame.link("process"))
    back = frame.link("process")
    return answer_note(request, frame, finding, playbook=playbook, action=_here(frame, asked), back=back)


def answer_note(
    request: HttpRequest, frame: Frame, finding: Finding, *, playbook: PlaybookVersion, action: str, back: str
) -> HttpResponse:
    """Show the form of a note, or keep the note with the figures of its finding."""
    form, status = NoteForm(initial={"title": finding.title, "text": finding.text}), 200
    if request.method == "POST":
        form, status = NoteForm(request.POST), 422
        if form.is_valid():
            try:
                with once(request) as submission:
                    if submission.first:
                        note_improvement(
                            playbook=playbook,
                            **form.cleaned_data,
                            evidence=finding.figures,
                            actor=frame.actor,
                            now=timezone.now(),
                        )
            except Refusal as refusal:
                status = refused(form, refusal)
            else:
                return done(request, to=back, toast=_("Improvement noted; it stands on the page of the playbook"))
    context = {"form": form, "playbook": playbook, "figures": finding.figures, "action": action, "back": back}
    context["base_title"] = version_title(playbook)
    return page_or_fragment(
        request, page="playbooks/note.html", fragment="playbooks/_note.html", context=context, status=status
    )


def _here(frame: Frame, asked: str) -> str:
    return with_parameters(frame.link("note_finding"), finding=asked)


def _finding(process: Process, links: Links, asked: str) -> Finding | None:
    kind, _dash, rest = asked.partition("-")
    if kind == "item":
        blocker = next((found for found in process.blockers if found.item == rest), None)
        return _of_item(blocker, process, links) if blocker else None
    edge = next((found for found in process.edges if f"{found.before}-{found.after}" == rest), None)
    return _of_edge(edge, process, links) if edge and kind == "moved" else None


def _of_edge(edge: Edge, process: Process, links: Links) -> Finding:
    names = {name.number: name.short for name in process.scope.stages}
    before, after = names.get(edge.before, str(edge.before)), names.get(edge.after, str(edge.after))
    words = _("Fewer projects back from %(before)s to %(after)s") if edge.is_backward else _("%(before)s to %(after)s")
    moved = links.happened(f"moved-{edge.before}-{edge.after}")
    figures = (
        _period(process),
        Figure(_("projects from %(before)s to %(after)s") % {"before": before, "after": after}, str(edge.deals), moved),
        *_waited(_("waited before, median days"), edge.waited),
    )
    return Finding(words % {"before": before, "after": after}, "", figures)


def _of_item(blocker: Blocker, process: Process, links: Links) -> Finding:
    item = blocker.item
    figures = (
        _period(process),
        Figure(_("open projects whose gate lacks it"), str(blocker.lacking), links.now(lacks=item)),
        *_waited(_("standing there, median days"), blocker.waited),
        Figure(_("projects that fell because it ran out"), str(blocker.expired), links.happened(f"expired-{item}")),
        Figure(_("projects for which it was waived"), str(blocker.waived), links.happened(f"waived-{item}")),
    )
    return Finding(f"{item} {blocker.title}"[:120], "", figures)


def _period(process: Process) -> Figure:
    period = process.scope.period
    return Figure(_("period"), f"{period.since.isoformat()} – {period.until.isoformat()}")


def _waited(words: str, days: Spread) -> tuple[Figure, ...]:
    return (Figure(words, f"{days.median:g}"),) if days.count >= LEAST_SAMPLE else ()
