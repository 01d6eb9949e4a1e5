"""The files of one record: list, add, take off."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from duobiao.documents.actions.attach_document import attach_document, detach_document
from duobiao.documents.actions.store_upload import store_upload
from duobiao.documents.queries import chain_of_visible, files_shown, get_document
from duobiao.identity.http import actor_of
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.timeline.registry import subject_of
from duobiao.web.forms import once
from duobiao.web.http import done, is_fragment_request, render
from duobiao.web.uploads import refuse_too_large

CHANGED = "files-changed"


@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, kind: str, ref: str) -> HttpResponse:
    """Show the files of a record, or add the sent ones."""
    subject = Ref(kind, ref)
    chain_of_visible(subject=subject, user=actor_of(request))
    if request.method == "POST":
        _add(request, subject)
        return done(request, to=_page_of(subject), fires=CHANGED, toast=_("File added"), stay=True)
    if not is_fragment_request(request):
        return redirect(_page_of(subject))
    return render(request, "documents/_files.html", {"shown": files_shown(subject, user=actor_of(request))})


@require_POST
def remove(request: HttpRequest, kind: str, ref: str, document: str) -> HttpResponse:
    """Take a file off a record."""
    subject, actor = Ref(kind, ref), actor_of(request)
    chain_of_visible(subject=subject, user=actor)
    detach_document(document=get_document(ref=document, user=actor), subject=subject, actor=actor, now=timezone.now())
    return done(request, to=_page_of(subject), fires=CHANGED, toast=_("File removed"), stay=True)


def _add(request: HttpRequest, subject: Ref) -> None:
    actor, now = actor_of(request), timezone.now()
    refuse_too_large(request)
    uploads = request.FILES.getlist("file")
    if not uploads:
        raise Invalid(_("Choose a file first."), fields={"file": _("Choose a file first.")})
    with once(request) as submission:
        if submission.first:
            for upload in uploads:
                document = store_upload(name=upload.name or "", chunks=upload.chunks(), actor=actor, now=now)
                attach_document(document=document, subject=subject, actor=actor, now=now)


def _page_of(subject: Ref) -> str:
    found = subject_of(subject)
    return found.url(subject.ref) if found is not None else "/"
