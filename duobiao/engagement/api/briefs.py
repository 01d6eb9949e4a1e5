"""The brief before a visit over the API: as JSON, and as the Word file of its page."""

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from duobiao.engagement.actions.call_checks import zone_for
from duobiao.engagement.queries.brief import brief_of
from duobiao.engagement.queries.brief_parts import brief_paper
from duobiao.engagement.queries.records import get_visit
from duobiao.identity.http import actor_of
from duobiao.kernel.days import local_day
from duobiao.web.papers import paper_response

router = Router()


class AskOut(Schema):
    """A question for the visit."""

    kind: str
    words: str


class KnownOut(Schema):
    """One of the 8 + 4 items; empty while unknown."""

    name: str
    value: str


class BriefOut(Schema):
    """What a seller reads before going."""

    visit: str
    known: int
    total: int
    handler: str | None
    asks: list[AskOut]
    facts: list[KnownOut]
    calls: list[str]
    visits: list[str]
    missing: list[str]


@router.get("/visits/{ref}/brief", response=BriefOut, operation_id="get_brief", summary="Read the brief of a visit")
def read_brief(request: HttpRequest, ref: str) -> BriefOut:
    """What is known, what is missing and what to ask."""
    actor, now = actor_of(request), timezone.now()
    visit = get_visit(ref=ref, user=actor)
    brief = brief_of(visit, on=local_day(now, zone_for(actor)))
    return BriefOut(
        visit=visit.ref,
        known=brief.ring.known,
        total=brief.ring.total,
        handler=brief.handler.ref if brief.handler is not None else None,
        asks=[AskOut(kind=ask.kind, words=ask.words) for ask in brief.asks],
        facts=[KnownOut(name=fact.name, value=fact.value) for fact in brief.facts],
        calls=[call.ref for call in brief.calls],
        visits=[earlier.ref for earlier in brief.visits],
        missing=[row.item for row in brief.outlook.missing],
    )


@router.get("/visits/{ref}/brief/file", operation_id="download_brief", summary="Download the brief as a Word file")
def download_brief(request: HttpRequest, ref: str) -> FileResponse:
    """The brief as a Word file, in your language."""
    actor, now = actor_of(request), timezone.now()
    visit = get_visit(ref=ref, user=actor)
    return paper_response(*brief_paper(visit, on=local_day(now, zone_for(actor)), now=now))
