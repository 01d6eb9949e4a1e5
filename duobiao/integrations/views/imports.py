"""The way in: past imports, and the form that begins a new one."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.integrations.actions.create_import import VERB, create_import
from duobiao.integrations.models import ImportRun
from duobiao.integrations.queries.mappings import read_mapping, shipped_mappings
from duobiao.kernel.refusals import Invalid, Refusal
from duobiao.web.forms import once
from duobiao.web.http import done, render
from duobiao.web.uploads import refuse_too_large

SHOWN = 30
BUILD, UPLOAD = "build", "upload"
LARGEST_MAPPING = 200_000


@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Show past imports, or keep the files of a new one."""
    actor = actor_of(request)
    policy.require(actor, VERB)
    if request.method != "POST":
        return _page(request)
    refuse_too_large(request)
    try:
        with once(request) as submission:
            if submission.first:
                run = _create(request, actor)
                page = "integrations:import" if run.mapping else "integrations:mapping"
                submission.result = reverse(page, args=[run.ref])
    except Refusal as refusal:
        return _page(request, refusal=refusal, status=422)
    return done(request, to=submission.result)


def _create(request: HttpRequest, actor: User) -> ImportRun:
    files = request.FILES.getlist("files")
    return create_import(files=files, mapping=_mapping(request), actor=actor, now=timezone.now())


def _mapping(request: HttpRequest) -> str:
    choice = request.POST.get("mapping", BUILD)
    if choice == UPLOAD:
        upload = request.FILES.get("mapping_file")
        if upload is None:
            raise Invalid(_("Choose the file with the mapping."), fields={"mapping": _("missing")})
        try:
            return bytes(upload.read(LARGEST_MAPPING + 1)).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Invalid(_("The mapping is not UTF-8 text. Save it as UTF-8."), fields={"mapping": ""}) from error
    return shipped_mappings().get(choice, "")


def _page(request: HttpRequest, *, refusal: Refusal | None = None, status: int = 200) -> HttpResponse:
    runs = ImportRun.objects.select_related("actor").prefetch_related("files").order_by("-created_at", "-pk")[:SHOWN]
    context = {
        "runs": runs,
        "shipped": [(name, read_mapping(text).title or name) for name, text in shipped_mappings().items()],
        "mapping": request.POST.get("mapping", BUILD),
        "refusal": refusal,
    }
    return render(request, "integrations/imports.html", context, status=status)
