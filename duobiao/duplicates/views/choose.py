"""Choose the other entry of a pair that the search did not propose."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from duobiao.duplicates.queries.found import likely_others
from duobiao.duplicates.registry import kind_of
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import NotFound
from duobiao.web.http import page_or_fragment


@require_safe
def choose(request: HttpRequest, kind: str, ref: str) -> HttpResponse:
    """List which entries may be the same as this one, or those whose names hold the words; each leads to the comparison."""
    actor, how = actor_of(request), kind_of(kind)
    record = how.seen_by(actor).filter(ref=ref).first() if how is not None else None
    if how is None or record is None:
        raise NotFound(_("There is no such entry, or you may not see it."))
    require(actor, how.verb, record)
    question = request.GET.get("q", "").strip()[:60]
    others = likely_others(how, record, text=question, user=actor)
    lines = how.headline(others)
    context = {
        "kind": how,
        "record": record,
        "question": question,
        "others": [(row, lines.get(row.ref, "")) for row in others],
        "here": request.path,
        "back": how.url(ref),
    }
    return page_or_fragment(request, page="duplicates/choose.html", fragment="duplicates/_choose.html", context=context)
