"""Analyses over the API: industries, sheets, entries, actions."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from duobiao.identity.api_support import PageOut, PageQuery, found_or_404, page_of, user_by_ref
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.api.common import deal_of, today
from duobiao.planning.actions.act_on_pair import Todo, act_on_pair
from duobiao.planning.actions.note_entry import change_entry, differ, note_entry, remove_entry, strike
from duobiao.planning.actions.sheets import open_industry
from duobiao.planning.api.sheet_schemas import (
    DefinitionOut,
    EntryIn,
    EntryPut,
    EntryWords,
    IndustryIn,
    IndustryOut,
    PairIn,
    SheetBriefOut,
    SheetEntryOut,
    SheetOut,
    StrikeIn,
)
from duobiao.planning.domain.sheets import Definition
from duobiao.planning.models import Industry, SheetEntry
from duobiao.planning.queries.definitions import definitions, find_definition
from duobiao.planning.queries.industries import industries
from duobiao.planning.queries.sheets import briefs, sheet_shown
from duobiao.planning.queries.subjects import Subject, find_subject, subject_of

router = Router()
SHEET = "/analyses/{about}/{ref}/{definition}"


@router.get(
    "/analysis-sheets",
    response=list[DefinitionOut],
    operation_id="list_sheet_definitions",
    summary="Read the kinds of analyses",
)
def get_definitions(request: HttpRequest) -> list[DefinitionOut]:
    """Read the kinds of sheets: sections, fields, scores, of what they are kept."""
    actor_of(request)
    return [DefinitionOut.of(found) for found in definitions().values()]


@router.get("/industries", response=PageOut[IndustryOut], operation_id="list_industries", summary="List industries")
def get_industries(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """List the industries of which sheets are kept, by name."""
    require(actor_of(request), "planning.view")
    page = page_of(industries(), page=query, sort="name")
    return {"items": [_industry(row) for row in page.items], "next": page.next}


@router.post("/industries", response={201: IndustryOut}, operation_id="open_industry", summary="Analyse an industry")
def post_industry(request: HttpRequest, payload: IndustryIn) -> Status[IndustryOut]:
    """Keep sheets of an industry from now on; one that is kept already is returned."""
    made = open_industry(name=payload.name, actor=actor_of(request), now=timezone.now())
    return Status(201, _industry(made))


@router.get(
    "/analyses/{about}/{ref}",
    response=list[SheetBriefOut],
    operation_id="list_analyses",
    summary="List the analyses of an industry, customer or project",
)
def get_briefs(request: HttpRequest, about: str, ref: str) -> list[SheetBriefOut]:
    """List all sheets of a subject in one line each; `about` is `industry`, `customer` or `deal`."""
    actor = actor_of(request)
    return [
        SheetBriefOut(
            definition=brief.definition.key,
            title=brief.title,
            value=brief.result.value,
            own=brief.own,
            taken_over=brief.taken_over,
            changed_at=brief.changed_at,
        )
        for brief in briefs(find_subject(about, ref, actor), actor)
    ]


@router.get(SHEET, response=SheetOut, operation_id="get_analysis", summary="Read an analysis")
def get_sheet(request: HttpRequest, about: str, ref: str, definition: str) -> SheetOut:
    """Read a sheet: what was taken over, changed, struck out and added; scores; actions."""
    actor, subject, found = _named(request, about, ref, definition)
    return SheetOut.of(sheet_shown(subject, found, actor, on=today(request)))


@router.post(f"{SHEET}/entries", response={201: SheetEntryOut}, operation_id="note_entry", summary="Note an entry")
def post_entry(request: HttpRequest, about: str, ref: str, definition: str, payload: EntryIn) -> Status[SheetEntryOut]:
    """Note something in a section."""
    actor, subject, found = _named(request, about, ref, definition)
    said, now = payload.said(), timezone.now()
    made = note_entry(subject=subject, definition=found, section=payload.section, said=said, actor=actor, now=now)
    return Status(201, SheetEntryOut.of(made))


@router.post(
    f"{SHEET}/entries/{{entry}}/differ",
    response={201: SheetEntryOut},
    operation_id="differ_from_entry",
    summary="Say what differs from an entry above",
)
def post_difference(
    request: HttpRequest, about: str, ref: str, definition: str, entry: str, *, payload: EntryWords
) -> Status[SheetEntryOut]:
    """Write down how a subject differs from an entry that it takes over."""
    actor, subject, found = _named(request, about, ref, definition)
    base, now = _entry(entry), timezone.now()
    made = differ(subject=subject, definition=found, base=base, said=payload.said(), actor=actor, now=now)
    return Status(201, SheetEntryOut.of(made))


@router.post(
    f"{SHEET}/entries/{{entry}}/strike",
    response={201: SheetEntryOut},
    operation_id="strike_entry",
    summary="Say that an entry above does not hold here",
)
def post_strike(
    request: HttpRequest, about: str, ref: str, definition: str, entry: str, *, payload: StrikeIn
) -> Status[SheetEntryOut]:
    """Strike an entry out that would be taken over."""
    actor, subject, found = _named(request, about, ref, definition)
    base, now = _entry(entry), timezone.now()
    made = strike(subject=subject, definition=found, base=base, reason=payload.reason, actor=actor, now=now)
    return Status(201, SheetEntryOut.of(made))


@router.put("/analysis-entries/{ref}", response=SheetEntryOut, operation_id="change_entry", summary="Change an entry")
def put_entry(request: HttpRequest, ref: str, payload: EntryPut) -> SheetEntryOut:
    """Change an own entry."""
    entry, actor = _own(request, ref), actor_of(request)
    changed = change_entry(entry=entry, version=payload.version, said=payload.said(), actor=actor, now=timezone.now())
    return SheetEntryOut.of(changed)


@router.delete(
    "/analysis-entries/{ref}", response={204: None}, operation_id="remove_entry", summary="Take an entry off"
)
def delete_entry(request: HttpRequest, ref: str) -> Status[None]:
    """Take an own entry off; what stands above holds again."""
    remove_entry(entry=_own(request, ref), actor=actor_of(request), now=timezone.now())
    return Status(204, None)


@router.post(
    f"{SHEET}/actions", response={201: SheetOut}, operation_id="act_on_pair", summary="Turn a pair into a task"
)
def post_action(request: HttpRequest, about: str, ref: str, definition: str, payload: PairIn) -> Status[SheetOut]:
    """Set two entries against each other and put a task on a project; answers the sheet."""
    actor, subject, found = _named(request, about, ref, definition)
    require(actor, subject.verb, subject.record)
    act_on_pair(
        subject=subject,
        definition=found,
        pair=payload.pair.upper(),
        inner=_entry(payload.inner, field="inner"),
        outer=_entry(payload.outer, field="outer"),
        todo=Todo(
            opportunity=deal_of(request, payload.opportunity),
            title=payload.title,
            owner=user_by_ref(actor, payload.owner, field="owner"),
            due_on=payload.due_on,
        ),
        actor=actor,
        now=timezone.now(),
    )
    return Status(201, SheetOut.of(sheet_shown(subject, found, actor, on=today(request))))


def _named(request: HttpRequest, about: str, ref: str, definition: str) -> tuple[User, Subject, Definition]:
    actor = actor_of(request)
    subject = find_subject(about, ref, actor)
    return actor, subject, find_definition(definition, subject.about)


def _entry(ref: str, *, field: str = "") -> SheetEntry:
    """Return an entry by its reference; the action says whether it stands on the sheet."""
    rows = SheetEntry.objects.filter(ref=ref, removed_at__isnull=True).select_related("overrides", "author")
    found = rows.first()
    if found is None and field:
        message = _("There is no such entry.")
        raise Invalid(message, fields={field: message})
    return found_or_404(found)


def _own(request: HttpRequest, ref: str) -> SheetEntry:
    related = ("sheet__industry", "sheet__customer", "sheet__opportunity", "overrides", "author")
    entry = found_or_404(SheetEntry.objects.filter(ref=ref, removed_at__isnull=True).select_related(*related).first())
    subject_of(entry.sheet, actor_of(request))
    return entry


def _industry(row: Industry) -> IndustryOut:
    return IndustryOut(ref=row.ref, name=row.name, created_at=row.created_at)
