"""The brief before a visit over the API: as JSON, and as the Word file of its page."""

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from duobiao.engagement.actions.call_checks import zone_for
from duobiao.engagement.actions.choose_pack import choose_pack
from duobiao.engagement.models import Visit
from duobiao.engagement.queries.brief import brief_of
from duobiao.engagement.queries.brief_parts import brief_paper
from duobiao.engagement.queries.met import MetPerson
from duobiao.engagement.queries.pack import pack_of
from duobiao.engagement.queries.records import get_visit
from duobiao.engagement.schemas import Named, Version
from duobiao.identity.api_support import StrictSchema
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.days import local_day
from duobiao.knowledge.models import ReferenceCase, TechnologyOverview
from duobiao.web.papers import paper_response

router = Router()


class BriefQuestionOut(Schema):
    """A question for the visit."""

    kind: str
    words: str


class KnownOut(Schema):
    """One of the 8 + 4 items; empty while unknown."""

    name: str
    value: str


class FitOut(Schema):
    """A case or an overview and how well it fits, 0 to 100."""

    ref: str
    title: str
    points: int
    why: str
    chosen: bool


class PackOut(Schema):
    """What fits a visit, the best first, and what it takes along."""

    visit: str
    version: int
    cases: list[FitOut]
    overviews: list[FitOut]


class PackIn(StrictSchema):
    """What the visit takes along, by reference."""

    version: Version = Field(description="Of the visit you saw.")
    cases: list[Named] = Field(default_factory=list, max_length=10)
    overviews: list[Named] = Field(default_factory=list, max_length=10)


class MetNoteOut(Schema):
    """Something to know of a person: open needs, P0 to be verified, what they are against, open objections."""

    title: str
    lines: list[str]


class MetPersonOut(Schema):
    """A person who is met; what is not known is empty."""

    contact: str
    name: str
    person: str | None = Field(description="Reference on the decision chain; null while they are not on it.")
    part: str
    stance: str
    wants: str
    looks_at: str
    said: str
    bring: list[str]
    notes: list[MetNoteOut]

    @classmethod
    def of(cls, met: MetPerson) -> "MetPersonOut":
        """Build from a person who is met."""
        known = ("part", "stance", "wants", "looks_at", "said")
        return cls(
            contact=met.contact.ref,
            name=met.contact.name,
            person=met.chain.ref if met.chain is not None else None,
            bring=met.chain.bring if met.chain is not None else [],
            notes=[MetNoteOut(title=note.title, lines=list(note.lines)) for note in met.notes],
            **{name: getattr(met.chain, name, "") for name in known},
        )


class VisitBriefOut(Schema):
    """What a seller reads before going."""

    visit: str
    known: int
    total: int
    handler: str | None
    people: list[MetPersonOut]
    asks: list[BriefQuestionOut]
    facts: list[KnownOut]
    calls: list[str]
    visits: list[str]
    missing: list[str]


@router.get(
    "/visits/{ref}/brief", response=VisitBriefOut, operation_id="get_brief", summary="Read the brief of a visit"
)
def read_brief(request: HttpRequest, ref: str) -> VisitBriefOut:
    """What is known, what is missing and what to ask."""
    actor, now = actor_of(request), timezone.now()
    visit = get_visit(ref=ref, user=actor)
    brief = brief_of(visit, on=local_day(now, zone_for(actor)))
    return VisitBriefOut(
        visit=visit.ref,
        known=brief.ring.known,
        total=brief.ring.total,
        handler=brief.handler.ref if brief.handler is not None else None,
        people=[MetPersonOut.of(met) for met in brief.people],
        asks=[BriefQuestionOut(kind=ask.kind, words=ask.words) for ask in brief.asks],
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


@router.get("/visits/{ref}/pack", response=PackOut, operation_id="get_pack", summary="Read the pack of a visit")
def read_pack(request: HttpRequest, ref: str) -> PackOut:
    """Cases and overviews by how well they fit the customer, with the reason."""
    actor = actor_of(request)
    return _pack(get_visit(ref=ref, user=actor), actor)


@router.put("/visits/{ref}/pack", response=PackOut, operation_id="choose_pack", summary="Choose the pack of a visit")
def put_pack(request: HttpRequest, ref: str, payload: PackIn) -> PackOut:
    """Set what the visit takes along."""
    actor = actor_of(request)
    visit = get_visit(ref=ref, user=actor)
    choose_pack(visit=visit, actor=actor, now=timezone.now(), **payload.model_dump())
    return _pack(get_visit(ref=ref, user=actor), actor)


def _pack(visit: Visit, actor: User) -> PackOut:
    pack = pack_of(visit, actor)
    return PackOut(
        visit=visit.ref,
        version=visit.version,
        cases=[_fit(row.entry, row.points, row.why, pack.chosen) for row in pack.cases],
        overviews=[_fit(row.entry, row.points, row.why, pack.chosen) for row in pack.overviews],
    )


def _fit(entry: ReferenceCase | TechnologyOverview, points: int, why: str, chosen: set[str]) -> FitOut:
    return FitOut(ref=entry.ref, title=entry.title, points=points, why=why, chosen=entry.ref in chosen)
