"""Exports: ask for everything one sees, see how far it is, download it."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.integrations.actions.make_export import KEEP, VERB, ask_for_export, fetch_export
from duobiao.integrations.models import Export
from duobiao.integrations.queries.archive import columns_of
from duobiao.kernel.refusals import Refusal
from duobiao.web.api import found_or_404
from duobiao.web.downloads import file_response
from duobiao.web.forms import once
from duobiao.web.http import done, render
from duobiao.web.tables import tables

SHOWN = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """Show the own exports and what one holds; begin a new one."""
    actor = actor_of(request)
    policy.require(actor, VERB)
    refusal, status = None, 200
    if request.method == "POST":
        try:
            with once(request) as submission:
                if submission.first:
                    ask_for_export(with_files=request.POST.get("files") == "1", actor=actor, now=timezone.now())
            return done(request, to="integrations:exports", toast=_("The export is being made"))
        except Refusal as caught:
            refusal, status = caught, caught.status
    now = timezone.now()
    rows = Export.objects.filter(user=actor).order_by("-created_at", "-pk")[:SHOWN]
    context = {
        "exports": [(row, row.may_be_fetched(now)) for row in rows],
        "busy": next((row for row in rows if row.is_busy), None),
        "refusal": refusal,
        "tables": [(table.title, len(columns_of(table))) for table in tables()],
        "keep_days": KEEP.days,
        "sees_all": policy.scope_of(actor, "customers.view") is policy.Scope.ALL,
    }
    return render(request, "integrations/exports.html", context, status=status)


@require_safe
def export_progress(request: HttpRequest, ref: str) -> HttpResponse:
    """Say how far an export is; when it has come to its end, the page is loaded anew."""
    export = _own(request, ref)
    response = render(request, "integrations/_export_progress.html", {"busy": export})
    if not export.is_busy:
        response["HX-Refresh"] = "true"
    return response


@never_cache
@require_safe
def export_file(request: HttpRequest, ref: str) -> HttpResponseBase:
    """Hand the archive out to its person."""
    export = fetch_export(export=_own(request, ref), actor=actor_of(request), now=timezone.now())
    return file_response(export.path, name=f"duobiao-{export.created_at:%Y%m%d}-{export.ref}.zip")


def _own(request: HttpRequest, ref: str) -> Export:
    actor = actor_of(request)
    policy.require(actor, VERB)
    return found_or_404(Export.objects.filter(user=actor, ref=ref).first())
