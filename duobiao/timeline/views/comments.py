"""Comments on any record, and whom one may mention there."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, NotFound
from duobiao.timeline import registry
from duobiao.timeline.actions.add_comment import add_comment
from duobiao.timeline.fragments import comments_context
from duobiao.timeline.people import signed_in
from duobiao.timeline.queries import mentionable
from duobiao.web.forms import once
from duobiao.web.http import done, is_fragment_request, page_or_fragment


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest, kind: str, ref: str) -> HttpResponse:
    """Show the comments on a record, or add one."""
    user, subject = signed_in(request), Ref(kind, ref)
    known = registry.subject_of(subject)
    found = known.find(user, ref) if known is not None else None
    if known is None or found is None:
        raise NotFound(_("There is no such record."))
    error, body, status = "", "", 200
    if request.method == "POST":
        body = request.POST.get("body", "")
        try:
            with once(request) as submission:
                if submission.first:
                    add_comment(subject=subject, body=body, actor=user, now=timezone.now())
                    submission.result = known.url(ref)
        except Invalid as refusal:
            error, status = str(refusal.message), refusal.status
        else:
            if not is_fragment_request(request):
                return done(request, to=submission.result or known.url(ref))
            body = ""
    context = comments_context(request, subject, draft=body, error=error)
    context |= {"label": known.label(found), "back": known.url(ref)}
    return page_or_fragment(
        request, page="timeline/comments.html", fragment="timeline/_comments.html", context=context, status=status
    )


@require_safe
def mentionable_people(request: HttpRequest) -> JsonResponse:
    """Offer people for ``@``, limited to those who may see the record."""
    subject = Ref(request.GET.get("kind", ""), request.GET.get("ref", ""))
    found = mentionable(signed_in(request), subject, request.GET.get("q", "")[:60])
    return JsonResponse({"people": [{"name": person.name, "handle": person.handle} for person in found]})
