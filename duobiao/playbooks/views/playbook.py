"""A playbook to read: both tracks, what each stage asks for, and where each line comes from."""

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
from duobiao.playbooks.domain.lanes import our_places
from duobiao.playbooks.domain.model import KNOWN_METHODS, Accept, BuyerStage, Item, Playbook, Stage, Until
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import (
    DEFAULT_PLAYBOOK,
    catalogue,
    compiled_playbook,
    focus_words,
    get_version,
    notes_of,
    text_of,
)
from duobiao.web.components import Tab
from duobiao.web.http import render


@dataclass(frozen=True, slots=True)
class AcceptLine:
    """One kind of evidence that suffices.

    Attributes:
        holds: How long it holds, in words.
        methods: Purchase methods for which it suffices; empty: all.
    """

    title: str
    hint: str
    key: str
    grade: int
    holds: str
    methods: tuple[str, ...]


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
class BuyerLine:
    """A stage of the buyer: number and name, who acts, and what shows that it has begun."""

    title: str
    owner: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StageCard:
    """A stage of ours and the buyer's stages it goes with.

    Attributes:
        place: Where its node stands on the map, in half columns of the buyer's eight.
        covers: The buyer's stages it goes with, in words; "" where both tracks are paired.
        focus: Who the seller is and what to concentrate on; None where the playbook does not say.
        control_points: Kind, title and item of the reviews.
    """

    number: int
    title: str
    purpose: str
    place: int
    covers: str
    buyers: tuple[BuyerLine, ...]
    focus: tuple[str, str] | None
    control_points: tuple[tuple[str, str, str], ...]
    rate_before: int
    rate: int
    groups: tuple[tuple[str, tuple[ItemLine, ...]], ...]
    appraisal: tuple[str, ...]
    tools: tuple[str, ...]
    work: tuple[str, ...]


@require_safe
def newest(_request: HttpRequest) -> HttpResponse:
    """Lead to the newest version of the standard playbook."""
    version = _found(get_version(DEFAULT_PLAYBOOK))
    return redirect("playbooks:playbook", key=version.key, version=version.version)


@require_safe
def playbook(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """Show one version."""
    actor = actor_of(request)
    require(actor, "playbooks.view")
    found = _found(get_version(key, version) if 0 < version < 2**31 else None)
    shown = compiled_playbook(found.pk).playbook
    language = get_language()
    places = our_places([stage.covers for stage in shown.stages])
    context = {
        "version": found,
        "title": text_of(shown.title, language),
        "summary": text_of(shown.summary, language) if shown.summary else "",
        "kpis": [text_of(note.title, language) for note in shown.kpis],
        "buyers": [_buyer(buyer, language) for buyer in shown.buyer_stages],
        "stages": [_card(shown, stage, place) for stage, place in zip(shown.stages, places, strict=True)],
        "others": _others(found),
        "notes": notes_of(found.key),
        "add_note_url": reverse("playbooks:note_improvement", args=[key, version])
        if allows(actor, "playbooks.note")
        else "",
    }
    return render(request, "playbooks/playbook.html", context)


def _others(shown: PlaybookVersion) -> list[Tab]:
    """Return every playbook in its newest version, and the one shown."""
    newest = {row.key: row for row in PlaybookVersion.objects.order_by("key", "version").only("key", "version")}
    rows = sorted(newest.values(), key=lambda row: (row.key != DEFAULT_PLAYBOOK, row.key))
    return [
        Tab(
            text_of(compiled_playbook(row.pk).playbook.title, get_language()),
            reverse("playbooks:playbook", args=[row.key, row.version]),
            current=row.key == shown.key,
        )
        for row in rows
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


def _card(shown: Playbook, stage: Stage, place: int) -> StageCard:
    language = get_language()
    names = {
        "M": _("Milestone: all of them open the stage"),
        "S": _("Success standard: all of them complete it"),
        "P": _("Process conditions"),
        "R": _("Relationship conditions"),
        "I": _("Information conditions"),
    }
    lines = [_item(item) for item in stage.items]
    return StageCard(
        number=stage.number,
        title=text_of(stage.title, language),
        purpose=text_of(stage.purpose, language),
        place=place,
        covers="" if shown.is_paired else _covers(stage),
        buyers=tuple(_buyer(buyer, language) for buyer in shown.covered(stage)),
        focus=focus_words(stage, language),
        control_points=tuple(
            (str(point.kind), text_of(point.title, language), point.item) for point in stage.control_points
        ),
        rate_before=shown.rates[stage.number - 1],
        rate=shown.rates[stage.number],
        groups=tuple((name, tuple(line for line in lines if line.kind == kind)) for kind, name in names.items()),
        appraisal=tuple(text_of(note.title, language) for note in stage.appraisal),
        tools=tuple(text_of(note.title, language) for note in stage.tools),
        work=tuple(text_of(note.title, language) for note in stage.work),
    )


def _covers(stage: Stage) -> str:
    first, last = stage.covers
    if first == last:
        return _("with buyer stage %(n)s") % {"n": first}
    return _("with buyer stages %(first)s–%(last)s") % {"first": first, "last": last}


def _item(item: Item) -> ItemLine:
    return ItemLine(
        key=item.key,
        kind=str(item.kind),
        title=text_of(item.title, get_language()),
        gates=item.gates,
        origin=item.origin,
        accepts=tuple(_accept(accept) for accept in item.accepts),
        leaves_out=tuple(method_name(method) for method in KNOWN_METHODS if not item.applies_to(method)),
    )


def _accept(accept: Accept) -> AcceptLine:
    evidence = catalogue()[accept.evidence]
    methods = [method for method in KNOWN_METHODS if accept.methods is not None and method in accept.methods]
    return AcceptLine(
        title=text_of(evidence.title, get_language()),
        hint=text_of(evidence.hint, get_language()),
        key=accept.evidence,
        grade=int(accept.min_grade),
        holds=_holds(accept),
        methods=tuple(method_name(method) for method in methods),
    )


def _holds(accept: Accept) -> str:
    if accept.valid_days is not None:
        return _("holds %(days)d days") % {"days": accept.valid_days}
    if accept.until is Until.PROOF:
        return _("holds until the day it names")
    if accept.until is Until.YEAR_END:
        return _("holds until the end of the budget year")
    return _("does not expire")


def method_name(method: str) -> str:
    """Return the name of a purchase method."""
    names = {
        "OPEN_TENDER": _("open tender"),
        "INVITED_TENDER": _("invited tender"),
        "NEGOTIATION": _("competitive negotiation"),
        "CONSULTATION": _("competitive consultation"),
        "INQUIRY": _("request for quotation"),
        "COMPARISON": _("comparison of quotations"),
        "AUCTION": _("reverse auction"),
        "SINGLE_SOURCE": _("single source"),
        "DIRECT": _("direct purchase"),
        "FRAMEWORK": _("framework agreement"),
    }
    return names[str(method)]
