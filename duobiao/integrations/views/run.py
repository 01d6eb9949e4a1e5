"""One import: what it will do, how far it is, what became of it."""

from tempfile import TemporaryFile
from typing import IO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.integrations.actions.create_import import VERB, delete_files, discard_import
from duobiao.integrations.actions.preview_import import preview_import
from duobiao.integrations.actions.start_import import start_import
from duobiao.integrations.domain.targets import Target
from duobiao.integrations.models import ImportRun, RunState
from duobiao.integrations.queries.error_file import error_csv, error_lines, first_errors
from duobiao.integrations.queries.fields import TITLES
from duobiao.kernel.refusals import Refusal
from duobiao.web.api import found_or_404
from duobiao.web.http import done, render

SHOWN_FAULTS = 50


def find_run(request: HttpRequest, ref: str) -> ImportRun:
    """Return the import.

    Raises:
        NotAllowed: the person may not import.
        NotFound: there is no such import.
    """
    policy.require(actor_of(request), VERB)
    return found_or_404(ImportRun.objects.select_related("actor").filter(ref=ref).first())


@require_safe
def show(request: HttpRequest, ref: str) -> HttpResponse:
    """Show an import as its state asks for."""
    return _page(request, find_run(request, ref))


@require_safe
def progress(request: HttpRequest, ref: str) -> HttpResponse:
    """Say how far it is; when it has come to its end, the page is loaded anew."""
    run = find_run(request, ref)
    response = render(request, "integrations/_progress.html", {"run": run})
    if not run.is_busy:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def start(request: HttpRequest, ref: str) -> HttpResponse:
    """Queue the dry run, or the import itself."""
    run = find_run(request, ref)
    dry_run = request.POST.get("dry_run") == "1"
    try:
        start_import(run=run, dry_run=dry_run, actor=actor_of(request), now=timezone.now())
    except Refusal as refusal:
        return _page(request, run, refusal=refusal, status=refusal.status)
    return done(request, to=_url(run))


@require_POST
def discard(request: HttpRequest, ref: str) -> HttpResponse:
    """Throw a draft away."""
    discard_import(run=find_run(request, ref), actor=actor_of(request))
    return done(request, to="integrations:imports", toast=_("Import discarded"))


@require_POST
def delete_uploads(request: HttpRequest, ref: str) -> HttpResponse:
    """Delete the uploaded files; what became of the rows stays."""
    run = find_run(request, ref)
    try:
        delete_files(run=run, actor=actor_of(request), now=timezone.now())
    except Refusal as refusal:
        return _page(request, run, refusal=refusal, status=refusal.status)
    return done(request, to=_url(run), toast=_("Files deleted"))


@require_safe
def errors(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Hand out every refused row."""
    run = find_run(request, ref)
    file = _nameless_file()
    file.writelines(text.encode() for text in error_csv(error_lines(run)))
    file.seek(0)
    return _named(FileResponse(file), f"{run.ref}-errors.csv", "text/csv; charset=utf-8")


@require_safe
def mapping_file(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Hand out the mapping, to be used again."""
    run = find_run(request, ref)
    return _named(HttpResponse(run.mapping), f"{run.source or run.ref}.yaml", "application/yaml; charset=utf-8")


def _nameless_file() -> IO[bytes]:
    """Open a file that goes when it is closed, as the response that sends it does."""
    return TemporaryFile()


def _url(run: ImportRun) -> str:
    return reverse("integrations:import", args=[run.ref])


def _page(request: HttpRequest, run: ImportRun, *, refusal: Refusal | None = None, status: int = 200) -> HttpResponse:
    previews, problems = [], refusal
    if run.state == RunState.DRAFT and run.mapping and refusal is None:
        try:
            previews = preview_import(run=run, actor=actor_of(request), now=timezone.now())
        except Refusal as caught:
            problems = caught
    context = {
        "run": run,
        "files": list(run.files.select_related("document").order_by("name")),
        "previews": previews,
        "problems": problems,
        "faults": first_errors(run, most=SHOWN_FAULTS) if run.totals else [],
        "titles": {target.value: TITLES[target] for target in Target},
        "shown_faults": SHOWN_FAULTS,
    }
    return render(request, "integrations/import.html", context, status=status)


def _named(response: HttpResponseBase, name: str, content_type: str) -> HttpResponseBase:
    response["Content-Type"] = content_type
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
