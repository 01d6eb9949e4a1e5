"""A playbook to read: both tracks, what each stage asks for, and where each line comes from."""

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from duobiao.identity.http import actor_of
from duobiao.identity.policy import allows, require
from duobiao.kernel.refusals import NotFound
from duobiao.playbooks.domain.checks import GROUP_OF
from duobiao.playbooks.domain.model import KNOWN_METHODS, Accept, BuyerStage, Item, Playbook, Stage
from duobiao.playbooks.domain.people import Judged
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import (
    DEFAULT_PLAYBOOK,
    catalogue,
    compiled_playbook,
    focus_words,
    get_version,
    notes_of,
    offered_version,
    summary_words,
    text_of,
    ticked_tools,
)
from duobiao.playbooks.queries.drafts import draft_of
from duobiao.playbooks.queries.item_words import LISTS, accept_holds, method_names, supplier_words
from duobiao.playbooks.queries.people_words import JUDGED, PEOPLE, asked_words
from duobiao.playbooks.queries.playbook_map import ControlCell, control_cells, playbook_map
from duobiao.web.components import Tab
from duobiao.web.http import render


@dataclass(frozen=True, slots=True)
class AcceptLine:
    """One kind of evidence that suffices.

    Attributes:
        holds: How long it holds, in words.
        methods: Purchase methods for which it suffices; empty: all.
        supplier: Which record supplies it.
    """

    title: str
    hint: str
    key: str
    grade: int
    holds: str
    methods: tuple[str, ...]
    supplier: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item with what suffices for it."""

    key: str
    kind: str
    title: str
    gates: bool
    origin: str
    accepts: tuple[AcceptLine, ...]
    leaves_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToolLine:
    """A form or tool, and whether the company really uses it."""

    key: str
    title: str
    used: bool


@dataclass(frozen=True, slots=True)
class BuyerLine:
    """A stage of the buyer: number and name, who acts, and what shows that it has begun."""

    title: str
    owner: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StageCard:
    """A stage of ours and the buyer's stages it goes with.

    Attributes:
        focus: Who the seller is and what to concentrate on; None where the playbook does not say.
        control_points: The reviews, with what each proves.
        appraisal: Lines with their share in percent; "" where all weigh the same.
        tools: Forms, and whether the company really uses them.
        relations: With whom, and how far we must have come with them.
    """

    number: int
    title: str
    purpose: str
    buyers: tuple[BuyerLine, ...]
    focus: tuple[str, str] | None
    control_points: tuple[ControlCell, ...]
    rate_before: int
    rate: int
    groups: tuple[tuple[str, tuple[ItemLine, ...]], ...]
    appraisal: tuple[tuple[str, str], ...]
    tools: tuple[ToolLine, ...]
    work: tuple[str, ...]
    relations: tuple[tuple[str, str], ...]


@require_safe
def newest(_request: HttpRequest) -> HttpResponse:
    """Lead to the version of the standard playbook that new deals are opened by."""
    version = _found(offered_version(DEFAULT_PLAYBOOK))
    return redirect("playbooks:playbook", key=version.key, version=version.version)


@require_safe
def playbook(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """Show one version."""
    actor = actor_of(request)
    require(actor, "playbooks.view")
    found = _found(get_version(key, version) if 0 < version < 2**31 else None)
    shown = compiled_playbook(found.pk).playbook
    language = get_language()
    used = ticked_tools(found.key)
    context = {
        "version": found,
        "title": text_of(shown.title, language),
        "summary": summary_words(shown, language),
        "kpis": [text_of(note.title, language) for note in shown.kpis],
        "map": playbook_map(shown, url=lambda number: f"#stage-{number}"),
        "stages": [_card(shown, stage, used) for stage in shown.stages],
        "half_lives": [(str(JUDGED[subject]), shown.half_lives[subject]) for subject in Judged],
        "own_half_lives": bool(found.document.get("half_lives")),
        "own_relations": shown.own_relations,
        "others": _others(found),
        "versions": _versions(found),
        "improvements": list(found.improvements.order_by("created_at", "pk")),
        "notes": notes_of(found.key),
        "add_note_url": reverse("playbooks:note_improvement", args=[key, version])
        if allows(actor, "playbooks.note")
        else "",
        "may_edit": allows(actor, "playbooks.edit"),
        "may_retire": allows(actor, "playbooks.retire"),
    }
    context["open_draft"] = draft_of(key) if context["may_edit"] else None
    return render(request, "playbooks/playbook.html", context)


def _versions(shown: PlaybookVersion) -> list[Tab]:
    """Return all versions of a playbook, the newest first."""
    rows = PlaybookVersion.objects.filter(key=shown.key).order_by("-version").only("key", "version", "retired_at")
    return [
        Tab(
            _("version %(n)s") % {"n": row.version},
            reverse("playbooks:playbook", args=[row.key, row.version]),
            current=row.version == shown.version,
            icon="archive" if row.is_retired else "",
        )
        for row in rows
    ]


def _others(shown: PlaybookVersion) -> list[Tab]:
    """Return every playbook in the version that is offered, else in its newest, and the one shown."""
    rows = PlaybookVersion.objects.order_by("key", "version").only("key", "version", "retired_at")
    newest = {row.key: row for row in sorted(rows, key=lambda row: (not row.is_retired, row.version))}
    found = sorted(newest.values(), key=lambda row: (row.key != DEFAULT_PLAYBOOK, row.key))
    return [
        Tab(
            text_of(compiled_playbook(row.pk).playbook.title, get_language()),
            reverse("playbooks:playbook", args=[row.key, row.version]),
            current=row.key == shown.key,
        )
        for row in found
    ]


def _found(row: PlaybookVersion | None) -> PlaybookVersion:
    if row is None:
        raise NotFound(_("There is no such record."))
    return row


def _buyer(buyer: BuyerStage, language: str | None) -> BuyerLine:
    return BuyerLine(
        title=f"{buyer.number} {text_of(buyer.title, language)}",
        owner=text_of(buyer.owner, language),
        marks=tuple(text_of(catalogue()[mark.evidence].title, language) for mark in buyer.marks),
    )


def _card(shown: Playbook, stage: Stage, used: Collection[str]) -> StageCard:
    language = get_language()
    names = {str(kind): str(LISTS[group]) for kind, group in GROUP_OF.items()}
    lines = [_item(item) for item in stage.items]
    return StageCard(
        number=stage.number,
        title=text_of(stage.title, language),
        purpose=text_of(stage.purpose, language),
        buyers=tuple(_buyer(buyer, language) for buyer in shown.covered(stage)),
        focus=focus_words(stage, language),
        control_points=control_cells(stage),
        rate_before=shown.rates[stage.number - 1],
        rate=shown.rates[stage.number],
        groups=tuple((name, tuple(line for line in lines if line.kind == kind)) for kind, name in names.items()),
        appraisal=_appraisal(stage),
        tools=tuple(ToolLine(note.key, text_of(note.title, language), note.key in used) for note in stage.tools),
        work=tuple(text_of(note.title, language) for note in stage.work),
        relations=tuple((str(PEOPLE[row.who]), asked_words(row.of, row.cells)) for row in stage.relations),
    )


def _appraisal(stage: Stage) -> tuple[tuple[str, str], ...]:
    total = sum(note.weight for note in stage.appraisal)
    even = len({note.weight for note in stage.appraisal}) < 2
    return tuple(
        (text_of(note.title, get_language()), "" if even else f"{round(100 * note.weight / total)}%")
        for note in stage.appraisal
    )


def _item(item: Item) -> ItemLine:
    return ItemLine(
        key=item.key,
        kind=str(item.kind),
        title=text_of(item.title, get_language()),
        gates=item.gates,
        origin=item.origin,
        accepts=tuple(_accept(accept) for accept in item.accepts),
        leaves_out=tuple(method_names([method for method in KNOWN_METHODS if not item.applies_to(method)])),
    )


def _accept(accept: Accept) -> AcceptLine:
    evidence = catalogue()[accept.evidence]
    return AcceptLine(
        title=text_of(evidence.title, get_language()),
        hint=text_of(evidence.hint, get_language()),
        key=accept.evidence,
        grade=int(accept.min_grade),
        holds=accept_holds(accept),
        methods=tuple(method_names(accept.methods)),
        supplier=supplier_words(accept.evidence),
    )
