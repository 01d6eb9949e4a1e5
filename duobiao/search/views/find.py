"""Search: a page with all results, and the fragment that the palette shows while somebody types."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.search import registry
from duobiao.search.queries import find as find_hits
from duobiao.search.queries import found_by_kind
from duobiao.web.http import is_fragment_request, render

PER_KIND_PALETTE = 5
PER_KIND_PAGE = 20
LONGEST_QUESTION = 200
MOST_HITS = 200


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Show what the person may see and the question names."""
    actor = actor_of(request)
    require(actor, "search.find")
    question = request.GET.get("q", "").replace("\x00", "")[:LONGEST_QUESTION].strip()
    if is_fragment_request(request):
        groups = found_by_kind(user=actor, text=question, per_kind=PER_KIND_PALETTE)
        return render(request, "search/_found.html", {"groups": groups, "question": question})
    chosen = request.GET.get("kind", "")
    groups = found_by_kind(user=actor, text=question, per_kind=PER_KIND_PAGE)
    known = {kind.kind: kind for kind in registry.kinds()}
    hits = find_hits(user=actor, text=question, limit=MOST_HITS, kinds=[chosen]) if chosen in known else []
    context = {"question": question, "groups": groups, "chosen": known.get(chosen), "hits": hits}
    return render(request, "search/find.html", context)
