"""Edit the parts of a draft: its frame, its rates, its stages and their entries."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from duobiao.kernel.refusals import NotFound
from duobiao.playbooks.domain import editing
from duobiao.playbooks.domain.editing import Doc, NoSuchPlace
from duobiao.playbooks.domain.people_editing import has_own_relations
from duobiao.playbooks.domain.shape import GROUP_NAMES, ROWS
from duobiao.playbooks.forms.frame import FrameForm, PartForm, RatesForm, StageForm
from duobiao.playbooks.forms.people import RelationForm
from duobiao.playbooks.forms.rows import ItemForm, LineForm, PointForm, accept_forms, with_origin
from duobiao.playbooks.models import PlaybookDraft
from duobiao.playbooks.queries.draft_choices import buyer_choices, evidence_choices, item_choices
from duobiao.playbooks.queries.draft_rows import row_flaws, stage_flaws, words_in
from duobiao.playbooks.views.draft_page import all_flaws, change_by_button, draft_page, editable_draft, saved
from duobiao.playbooks.views.draft_places import draft_url


@require_http_methods(["GET", "HEAD", "POST"])
def edit_frame(request: HttpRequest, ref: str) -> HttpResponse:
    """Edit name, use and gating of the whole playbook."""
    _actor, draft = editable_draft(request, ref)
    form, status = FrameForm(initial={**FrameForm.initial_of(draft.document), "version": draft.version}), 200
    if request.method == "POST":
        form, status = FrameForm(request.POST), 422
        if form.is_valid():
            values = form.values()
            answer = saved(
                request, draft, form, lambda doc: editing.with_frame(doc, values),
                to=draft_url(draft), toast=_("Playbook saved"),
            )  # fmt: skip
            if isinstance(answer, HttpResponse):
                return answer
            status = answer
    flaws = [flaw.message for flaw in all_flaws(draft) if flaw.place[:1] in (("title",), ("summary",))]
    context = {"form": form, "panel_flaws": flaws, "panel_back": draft_url(draft)}
    return draft_page(request, draft, panel="playbooks/_edit_frame.html", context=context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_rates(request: HttpRequest, ref: str) -> HttpResponse:
    """Edit the rate before the first stage and after each."""
    _actor, draft = editable_draft(request, ref)
    held = draft.document.get("rates", [])
    stages = [words_in(stage.get("title")) for stage in draft.document.get("stages", [])]
    initial = {"version": draft.version}
    form, status = RatesForm(rates=held, stages=stages, initial=initial), 200
    if request.method == "POST":
        form, status = RatesForm(request.POST, rates=held, stages=stages, initial=initial), 422
        if form.is_valid():
            rates = form.values()
            answer = saved(
                request, draft, form, lambda doc: editing.with_rates(doc, rates),
                to=draft_url(draft), toast=_("Rates saved"),
            )  # fmt: skip
            if isinstance(answer, HttpResponse):
                return answer
            status = answer
    flaws = [flaw.message for flaw in all_flaws(draft) if flaw.place[:1] == ("rates",)]
    context = {"form": form, "panel_flaws": flaws, "panel_back": draft_url(draft)}
    return draft_page(request, draft, panel="playbooks/_edit_rates.html", context=context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_stage(request: HttpRequest, ref: str, stage: int) -> HttpResponse:
    """Edit a stage: names, purpose, the buyer's stages it goes with, role and focus."""
    _actor, draft = editable_draft(request, ref)
    held = _stage(draft, stage)
    buyers = buyer_choices(draft.document)
    initial = {**StageForm.initial_of(held), "version": draft.version}
    form, status = StageForm(initial=initial, buyers=buyers), 200
    if request.method == "POST":
        form, status = StageForm(request.POST, buyers=buyers), 422
        if form.is_valid():
            values = form.values(held)
            answer = saved(
                request, draft, form, lambda doc: editing.with_stage(doc, stage, values),
                to=draft_url(draft, stage), toast=_("Stage saved"),
            )  # fmt: skip
            if isinstance(answer, HttpResponse):
                return answer
            status = answer
    context = {
        "form": form,
        "panel_flaws": stage_flaws(stage, all_flaws(draft)),
        "panel_back": draft_url(draft, stage),
    }
    return draft_page(request, draft, stage=stage, panel="playbooks/_edit_stage.html", context=context, status=status)


@require_POST
def add_stage(request: HttpRequest, ref: str, stage: int) -> HttpResponse:
    """Add an empty stage after another, 0 for the first place; go on with its form."""
    _actor, draft = editable_draft(request, ref)
    to = reverse("playbooks:edit_stage", args=[draft.ref, stage + 1])
    return change_by_button(
        request, draft, lambda doc: editing.with_new_stage(doc, stage),
        to=to, toast=_("Stage added"),
    )  # fmt: skip


@require_POST
def move_stage(request: HttpRequest, ref: str, stage: int) -> HttpResponse:
    """Let a stage change places with the next one, or with the one before."""
    _actor, draft = editable_draft(request, ref)
    step = _step(request)
    return change_by_button(
        request, draft, lambda doc: editing.with_stage_moved(doc, stage, step),
        to=draft_url(draft, max(1, stage + step)), toast=_("Stage moved"),
    )  # fmt: skip


@require_POST
def remove_stage(request: HttpRequest, ref: str, stage: int) -> HttpResponse:
    """Take a stage out with all its items."""
    _actor, draft = editable_draft(request, ref)
    return change_by_button(
        request, draft, lambda doc: editing.without_stage(doc, stage),
        to=draft_url(draft, max(1, stage - 1)), toast=_("Stage removed"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    """Which entry is edited.

    Attributes:
        place: Counted from 0; None for a new one.
    """

    draft: PlaybookDraft
    stage: int
    name: str
    place: int | None
    held: Mapping[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
def add_row(request: HttpRequest, ref: str, stage: int, name: str) -> HttpResponse:
    """Add an entry to a list of a stage."""
    _actor, draft = editable_draft(request, ref)
    _stage(draft, stage)
    if name not in ROWS or (name == "relations" and not has_own_relations(draft.document)):
        raise NotFound(_("There is no such record."))
    return _edit(request, _Row(draft, stage, name, None, {}))


@require_http_methods(["GET", "HEAD", "POST"])
def edit_row(request: HttpRequest, ref: str, stage: int, name: str, place: int) -> HttpResponse:
    """Edit an entry of a list of a stage."""
    _actor, draft = editable_draft(request, ref)
    try:
        held = editing.row_at(draft.document, stage, name, place)
    except NoSuchPlace as error:
        raise NotFound(_("There is no such record.")) from error
    return _edit(request, _Row(draft, stage, name, place, held))


@require_POST
def move_row(request: HttpRequest, ref: str, stage: int, name: str, place: int) -> HttpResponse:
    """Let an entry change places with the next one, or with the one before."""
    _actor, draft = editable_draft(request, ref)
    step = _step(request)
    return change_by_button(
        request, draft, lambda doc: editing.with_row_moved(doc, stage, name, place, step),
        to=draft_url(draft, stage), toast=_("Entry moved"),
    )  # fmt: skip


@require_POST
def remove_row(request: HttpRequest, ref: str, stage: int, name: str, place: int) -> HttpResponse:
    """Take an entry out of a list of a stage."""
    _actor, draft = editable_draft(request, ref)
    return change_by_button(
        request, draft, lambda doc: editing.without_row(doc, stage, name, place),
        to=draft_url(draft, stage), toast=_("Entry removed"),
    )  # fmt: skip


def _stage(draft: PlaybookDraft, stage: int) -> Doc:
    try:
        return editing.stage_at(draft.document, stage)
    except NoSuchPlace as error:
        raise NotFound(_("There is no such record.")) from error


def _step(request: HttpRequest) -> int:
    return -1 if request.POST.get("step") == "-1" else 1


def _edit(request: HttpRequest, row: _Row) -> HttpResponse:
    if row.name in GROUP_NAMES:
        return _edit_item(request, row)
    initial = {"version": row.draft.version}
    given = request.POST if request.method == "POST" else None
    if row.name == "relations":
        form: PointForm | LineForm | RelationForm = RelationForm(
            given, initial={**RelationForm.initial_of(row.held), **initial}
        )
    elif row.name == "control_points":
        point = {**PointForm.initial_of(row.held), **initial}
        form = PointForm(given, initial=point, items=item_choices(row.draft.document))
    else:
        line = {**LineForm.initial_of(row.held), **initial}
        form = LineForm(given, initial=line, weighed=row.name == "appraisal")
    if given is None or not form.is_valid():
        return _row_page(request, row, form, status=200 if given is None else 422)
    return _keep(request, row, form, with_origin(form.row(), row.held))


def _edit_item(request: HttpRequest, row: _Row) -> HttpResponse:
    given = request.POST if request.method == "POST" else None
    initial = {**ItemForm.initial_of(row.held, row.name), "version": row.draft.version}
    if row.place is None:
        initial["key"] = editing.free_item_key(row.draft.document, stage=row.stage, group=row.name)
    form = ItemForm(given, initial=initial)
    proofs = accept_forms(given, row.held, evidence_choices())
    valid = [part.is_valid() for part in (form, *proofs)]
    if not all(valid):
        return _row_page(request, row, form, proofs=proofs, status=200 if given is None else 422)
    written = form.row([proof.proof() for proof in proofs if not proof.is_empty])
    into = form.cleaned_data["group"]
    return _keep(request, row, form, with_origin(written, row.held), into=into, proofs=proofs)


def _keep(
    request: HttpRequest, row: _Row, form: PartForm, written: Doc, *, into: str = "", proofs: Any = ()
) -> HttpResponse:
    change = partial(editing.with_row, stage=row.stage, name=row.name, place=row.place, row=written, into=into)
    answer = saved(request, row.draft, form, change, to=draft_url(row.draft, row.stage), toast=_("Entry saved"))
    if isinstance(answer, HttpResponse):
        return answer
    return _row_page(request, row, form, proofs=proofs, status=answer)


def _row_page(request: HttpRequest, row: _Row, form: PartForm, *, proofs: Any = (), status: int = 200) -> HttpResponse:
    flaws = [] if row.place is None else row_flaws(row.stage, row.name, row.place, all_flaws(row.draft))
    context = {
        "form": form,
        "proofs": proofs,
        "row": row,
        "row_count": len(_stage(row.draft, row.stage).get(row.name, [])),
        "panel_flaws": flaws,
        "panel_back": draft_url(row.draft, row.stage),
    }
    panel = "playbooks/_edit_item.html" if row.name in GROUP_NAMES else "playbooks/_edit_line.html"
    return draft_page(request, row.draft, stage=row.stage, panel=panel, context=context, status=status)
