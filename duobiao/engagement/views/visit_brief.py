"""The brief of a visit as a Word file."""

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from duobiao.engagement.actions.call_checks import zone_for
from duobiao.engagement.queries.brief_parts import brief_paper
from duobiao.engagement.queries.records import get_visit
from duobiao.identity.http import actor_of
from duobiao.kernel.days import local_day
from duobiao.web.papers import paper_response


@require_safe
def visit_brief(request: HttpRequest, ref: str) -> FileResponse:
    """Hand out the brief as a file to edit, print and take along."""
    actor, now = actor_of(request), timezone.now()
    visit = get_visit(ref=ref, user=actor)
    return paper_response(*brief_paper(visit, on=local_day(now, zone_for(actor)), now=now))
