"""Edit the buyer's track of a draft: its stages, their marks, resets and proposed outcomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from duobiao.kernel.refusals import NotFound
from duobiao.playbooks.domain import track_editing as editing
from duobiao.playbooks.domain.editing import NoSuchPlace
from duobiao.playbooks.domain.problems import Path
from duobiao.playbooks.forms.rows import with_origin
from duobiao.playbooks.forms.track import BuyerStageForm, MarkForm, ProposalForm, ResetForm, TrackRowForm
from duobiao.playbooks.models import PlaybookDraft
from duobiao.playbooks.queries.draft_choices import evidence_choices
from duobiao.playbooks.queries.track_rows import stage_words, track_flaws, track_source
from duobiao.playbooks.views.draft_page import all_flaws, change_by_button, draft_page, editable_draft, saved
from duobiao.playbooks.views.draft_places import track_url


@require_POST
def own_track(request: HttpRequest, ref: str) -> HttpResponse:
    """Write the track that a draft takes over into it, so that it can be changed."""
    _actor, draft = editable_draft(request, ref)
    return change_by_button(
        request, draft, lambda doc: editing.with_own_track(doc, track_source(doc)),
        to=track_url(draft), toast=_("The buyer's track is the draft's own now"),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def edit_buyer_stage(request: HttpRequest, ref: str, stage: int) -> HttpResponse:
    """Edit a stage of the buyer: names, and who acts in it."""
    _actor, draft = editable_draft(request, ref)
    try:
        held = editing.buyer_stage_at(draft.document, stage)
    except NoSuchPlace as error:
        raise NotFound(_("There is no such record.")) from error
    form, status = BuyerStageForm(initial={**BuyerStageForm.initial_of(held), "version": draft.version}), 200
    if request.method == "POST":
        form, status = BuyerStageForm(request.POST), 422
        if form.is_valid():
            told = {name: value for name, value in held.items() if name != "origin"}
            written = with_origin({**told, **form.values()}, held)
            change = partial(editing.with_buyer_stage, stage=stage, values=written)
            answer = saved(request, draft, form, change, to=track_url(draft), toast=_("Stage saved"))
            if isinstance(answer, HttpResponse):
                return answer
            status = answer
    context = {
        "form": form,
        "buyer_stage": stage,
        "panel_flaws": track_flaws(("buyer_stages", stage - 1), all_flaws(draft)),
        "panel_back": track_url(draft),
        "track_open": stage,
    }
    return draft_page(request, draft, panel="playbooks/_edit_buyer_stage.html", context=context, status=status)


@require_POST
def add_buyer_stage(request: HttpRequest, ref: str) -> HttpResponse:
    """Add a stage at the end of the buyer's track."""
    _actor, draft = editable_draft(request, ref)
    return change_by_button(
        request, draft, editing.with_new_buyer_stage, to=track_url(draft), toast=_("Stage added")
    )  # fmt: skip


@require_POST
def remove_buyer_stage(request: HttpRequest, ref: str, stage: int) -> HttpResponse:
    """Take a stage of the buyer out with its marks."""
    _actor, draft = editable_draft(request, ref)
    return change_by_button(
        request, draft, lambda doc: editing.without_buyer_stage(doc, stage),
        to=track_url(draft), toast=_("Stage removed"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    """Which entry of the track is edited.

    Attributes:
        stage: Of the buyer, 0 for what belongs to the whole track.
        place: Counted from 0; None for a new one.
    """

    draft: PlaybookDraft
    stage: int
    name: str
    place: int | None
    held: Mapping[str, Any]

    @property
    def where(self) -> Path:
        """Its place in the document."""
        above: Path = ("buyer_stages", self.stage - 1) if self.stage else ()
        return (*above, self.name) if self.place is None else (*above, self.name, self.place)


@require_http_methods(["GET", "HEAD", "POST"])
def add_track_row(request: HttpRequest, ref: str, stage: int, name: str) -> HttpResponse:
    """Add a mark, a reset or a proposed outcome."""
    _actor, draft = editable_draft(request, ref)
    try:
        editing.track_rows(draft.document, stage, name)
    except NoSuchPlace as error:
        raise NotFound(_("There is no such record.")) from error
    return _edit(request, _Row(draft, stage, name, None, {}))


@require_http_methods(["GET", "HEAD", "POST"])
def edit_track_row(request: HttpRequest, ref: str, stage: int, name: str, place: int) -> HttpResponse:
    """Edit a mark, a reset or a proposed outcome."""
    _actor, draft = editable_draft(request, ref)
    try:
        held = editing.track_row_at(draft.document, stage, name, place)
    except NoSuchPlace as error:
        raise NotFound(_("There is no such record.")) from error
    return _edit(request, _Row(draft, stage, name, place, held))


@require_POST
def remove_track_row(request: HttpRequest, ref: str, stage: int, name: str, place: int) -> HttpResponse:
    """Take a mark, a reset or a proposed outcome out."""
    _actor, draft = editable_draft(request, ref)
    return change_by_button(
        request, draft, lambda doc: editing.without_track_row(doc, stage, name, place),
        to=track_url(draft), toast=_("Entry removed"),
    )  # fmt: skip


def _edit(request: HttpRequest, row: _Row) -> HttpResponse:
    form, status = _form(request, row), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            change = partial(editing.with_track_row, stage=row.stage, name=row.name, place=row.place, row=form.row())
            answer = saved(request, row.draft, form, change, to=track_url(row.draft), toast=_("Entry saved"))
            if isinstance(answer, HttpResponse):
                return answer
            status = answer
    parts = [row.draft.ref, row.stage, row.name]
    context = {
        "form": form,
        "row": None,
        "track_row": row,
        "action": reverse("playbooks:add_track_row", args=parts)
        if row.place is None
        else reverse("playbooks:edit_track_row", args=[*parts, row.place]),
        "panel_flaws": [] if row.place is None else track_flaws(row.where, all_flaws(row.draft)),
        "panel_back": track_url(row.draft),
        "track_open": row.stage,
    }
    return draft_page(request, row.draft, panel="playbooks/_edit_track_row.html", context=context, status=status)


def _form(request: HttpRequest, row: _Row) -> TrackRowForm:
    given = request.POST if request.method == "POST" else None
    initial = {**TrackRowForm.initial_of(row.held), "version": row.draft.version}
    evidence = evidence_choices()
    if row.name == "marks":
        return MarkForm(given, initial=initial, evidence=evidence)
    if row.name == "resets":
        return ResetForm(given, initial=initial, evidence=evidence, stages=stage_words(row.draft.document))
    return ProposalForm(given, initial=initial, evidence=evidence)
