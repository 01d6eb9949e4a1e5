"""The library over the API: cases and technology overviews."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from duobiao.documents.queries import get_document
from duobiao.identity.api_support import Page, PageOut, PageQuery, StrictSchema, page_of
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.knowledge.actions.keep_entries import RIGHT, add_entry, archive_entry, edit_entry
from duobiao.knowledge.models import ReferenceCase, TechnologyOverview
from duobiao.knowledge.queries.library import cases_matching, get_entry, overviews_matching

router = Router(tags=["knowledge"])
Long = Annotated[str, Field(max_length=2000)]
Title = Annotated[str, Field(max_length=160)]
Name = Annotated[str, Field(max_length=120)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Named = Annotated[str, Field(max_length=40)]


class CaseFields(StrictSchema):
    """Fields of a case; what is left out stays."""

    title: Title | None = None
    client: Name | None = Field(None, description="The real name, for us alone.")
    named_as: Name | None = Field(None, description="What may be said outside.")
    industry: Annotated[str, Field(max_length=60)] | None = None
    size: Annotated[str, Field(max_length=15)] | None = Field(
        None, description="LOCAL, REGIONAL, NATIONAL or MULTINATIONAL."
    )
    challenges: Long | None = Field(None, description="One a line.")
    work: Long | None = None
    result: Long | None = None
    finished_on: date | None = None
    witness: Annotated[str, Field(max_length=200)] | None = None
    document: Named | None = None


class CasePatch(CaseFields):
    """Fields to change."""

    version: Version


class OverviewFields(StrictSchema):
    """Fields of an overview; what is left out stays."""

    title: Title | None = None
    industries: Annotated[str, Field(max_length=600)] | None = Field(None, description="One a line.")
    points: Long | None = Field(None, description="One a line.")
    source: Annotated[str, Field(max_length=200)] | None = None
    as_of: date | None = None
    document: Named | None = None


class OverviewPatch(OverviewFields):
    """Fields to change."""

    version: Version


class ArchiveIn(StrictSchema):
    """Whether it is no longer offered."""

    version: Version
    archived: bool = True


class CaseOut(Schema):
    """A reference case."""

    ref: str
    title: str
    client: str
    named_as: str
    industry: str
    size: str
    challenges: str
    work: str
    result: str
    finished_on: date | None
    witness: str
    document: str | None
    owner: str
    archived_at: datetime | None
    version: int


class OverviewOut(Schema):
    """A technology overview."""

    ref: str
    title: str
    industries: str
    points: str
    source: str
    as_of: date
    document: str | None
    owner: str
    archived_at: datetime | None
    version: int


class LibraryQuery(PageQuery):
    """Which entries."""

    q: str = Field("", max_length=60)
    industry: str = Field("", max_length=60)
    archived: bool = False


def _out(entry: Any, schema: type[Schema]) -> Any:
    links = {"document": entry.document.ref if entry.document is not None else None, "owner": entry.owner.ref}
    return schema(**links, **{name: getattr(entry, name) for name in schema.model_fields if name not in links})


def _given(request: HttpRequest, payload: StrictSchema) -> dict[str, Any]:
    actor = actor_of(request)
    values = payload.model_dump(exclude_unset=True, exclude={"version", "document"})
    ref = getattr(payload, "document", None)
    document = get_document(ref=ref, user=actor) if ref else None
    return {"values": values, "document": document, "actor": actor, "now": timezone.now()}


@router.get("/cases", response=PageOut[CaseOut], operation_id="list_cases", summary="List reference cases")
def list_cases(request: HttpRequest, query: Query[LibraryQuery]) -> dict[str, Any]:
    """List cases by title."""
    actor = actor_of(request)
    require(actor, "knowledge.view")
    rows = cases_matching(actor, text=query.q, industry=query.industry, archived=query.archived)
    page: Page[ReferenceCase] = page_of(rows, page=query, sort="title")
    return {"items": [_out(row, CaseOut) for row in page.items], "next": page.next}


@router.post("/cases", response={201: CaseOut}, operation_id="add_case", summary="Add a reference case")
def post_case(request: HttpRequest, payload: CaseFields) -> Status[Any]:
    """Add a case; title, named_as, industry, challenges and result are needed."""
    return Status(201, _out(add_entry(ReferenceCase, **_given(request, payload)), CaseOut))


@router.get("/cases/{ref}", response=CaseOut, operation_id="get_case", summary="Read a reference case")
def read_case(request: HttpRequest, ref: str) -> Any:
    """One case."""
    return _out(get_entry(ReferenceCase, ref=ref, user=actor_of(request)), CaseOut)


@router.patch("/cases/{ref}", response=CaseOut, operation_id="edit_case", summary="Change a reference case")
def patch_case(request: HttpRequest, ref: str, payload: CasePatch) -> Any:
    """Change the fields that the body names."""
    held = get_entry(ReferenceCase, ref=ref, user=actor_of(request))
    return _out(edit_entry(held, version=payload.version, **_given(request, payload)), CaseOut)


@router.post("/cases/{ref}/archive", response=CaseOut, operation_id="archive_case", summary="Stop offering a case")
def post_archive_case(request: HttpRequest, ref: str, payload: ArchiveIn) -> Any:
    """Stop offering a case, or offer it again."""
    actor = actor_of(request)
    require(actor, RIGHT)
    held = get_entry(ReferenceCase, ref=ref, user=actor)
    return _out(archive_entry(held, actor=actor, now=timezone.now(), **payload.model_dump()), CaseOut)


@router.get(
    "/technology-overviews", response=PageOut[OverviewOut], operation_id="list_overviews", summary="List overviews"
)
def list_overviews(request: HttpRequest, query: Query[LibraryQuery]) -> dict[str, Any]:
    """List technology overviews by title."""
    actor = actor_of(request)
    require(actor, "knowledge.view")
    rows = overviews_matching(actor, text=query.q, industry=query.industry, archived=query.archived)
    page: Page[TechnologyOverview] = page_of(rows, page=query, sort="title")
    return {"items": [_out(row, OverviewOut) for row in page.items], "next": page.next}


@router.post(
    "/technology-overviews", response={201: OverviewOut}, operation_id="add_overview", summary="Add an overview"
)
def post_overview(request: HttpRequest, payload: OverviewFields) -> Status[Any]:
    """Add a technology overview; every field but the file is needed."""
    return Status(201, _out(add_entry(TechnologyOverview, **_given(request, payload)), OverviewOut))


@router.get(
    "/technology-overviews/{ref}", response=OverviewOut, operation_id="get_overview", summary="Read an overview"
)
def read_overview(request: HttpRequest, ref: str) -> Any:
    """One technology overview."""
    return _out(get_entry(TechnologyOverview, ref=ref, user=actor_of(request)), OverviewOut)


@router.patch(
    "/technology-overviews/{ref}", response=OverviewOut, operation_id="edit_overview", summary="Change an overview"
)
def patch_overview(request: HttpRequest, ref: str, payload: OverviewPatch) -> Any:
    """Change the fields that the body names."""
    held = get_entry(TechnologyOverview, ref=ref, user=actor_of(request))
    return _out(edit_entry(held, version=payload.version, **_given(request, payload)), OverviewOut)


@router.post(
    "/technology-overviews/{ref}/archive",
    response=OverviewOut,
    operation_id="archive_overview",
    summary="Stop offering an overview",
)
def post_archive_overview(request: HttpRequest, ref: str, payload: ArchiveIn) -> Any:
    """Stop offering an overview, or offer it again."""
    actor = actor_of(request)
    require(actor, RIGHT)
    held = get_entry(TechnologyOverview, ref=ref, user=actor)
    return _out(archive_entry(held, actor=actor, now=timezone.now(), **payload.model_dump()), OverviewOut)
