"""The organisation as a tree that is edited on one page."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from duobiao.identity import policy
from duobiao.identity.actions.create_unit import create_unit
from duobiao.identity.actions.delete_unit import delete_unit
from duobiao.identity.actions.move_unit import move_unit
from duobiao.identity.actions.rename_unit import rename_unit
from duobiao.identity.forms import UnitForm, refused
from duobiao.identity.http import actor_of
from duobiao.identity.models import Unit, User
from duobiao.identity.queries import nested, unit_tree
from duobiao.kernel.refusals import Refusal
from duobiao.web.api import found_or_404
from duobiao.web.http import done, page_or_fragment

PAGE = "identity:units"


@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """Show the tree; ``?edit=`` opens one unit."""
    _administrator(request)
    unit = Unit.objects.select_related("parent").filter(ref=request.GET.get("edit", "")).first()
    return _page(request, editing=unit)


@require_POST
def new_unit(request: HttpRequest) -> HttpResponse:
    """Add a unit."""
    actor = _administrator(request)
    form, status = UnitForm(request.POST), 422
    if form.is_valid():
        try:
            name, parent = form.cleaned_data["name"], form.chosen_parent()
            create_unit(name=name, parent=parent, actor=actor, now=timezone.now())
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            return done(request, to=PAGE, toast=_("Unit added"))
    return _page(request, new_form=form, status=status)


@require_POST
def edit_unit(request: HttpRequest, ref: str) -> HttpResponse:
    """Rename or move a unit."""
    actor = _administrator(request)
    unit = _unit(ref)
    form, status = UnitForm(request.POST), 422
    if form.is_valid():
        try:
            _change(unit, form, actor)
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            return done(request, to=PAGE, toast=_("Unit changed"))
    return _page(request, editing=_unit(ref), edit_form=form, status=status)


@require_POST
def remove_unit(request: HttpRequest, ref: str) -> HttpResponse:
    """Delete an empty unit."""
    actor = _administrator(request)
    unit = _unit(ref)
    form, status = UnitForm({"name": unit.name, "version": request.POST.get("version", "")}), 422
    if form.is_valid():
        try:
            delete_unit(unit=unit, version=form.cleaned_data["version"] or 0, actor=actor, now=timezone.now())
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            return done(request, to=PAGE, toast=_("Unit deleted"))
    return _page(request, editing=unit, edit_form=form, status=status)


def _change(unit: Unit, form: UnitForm, actor: User) -> None:
    version, now = form.cleaned_data["version"] or 0, timezone.now()
    if form.cleaned_data["name"] != unit.name:
        rename_unit(unit=unit, name=form.cleaned_data["name"], version=version, actor=actor, now=now)
        version += 1
    parent = form.chosen_parent()
    if parent != unit.parent:
        move_unit(unit=unit, parent=parent, version=version, actor=actor, now=now)


def _page(
    request: HttpRequest,
    *,
    editing: Unit | None = None,
    edit_form: forms.Form | None = None,
    new_form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    if editing is not None and edit_form is None:
        parent = editing.parent.ref if editing.parent else ""
        edit_form = UnitForm(initial={"name": editing.name, "parent": parent, "version": editing.version})
    rows, below = unit_tree(), request.GET.get("below", "")
    context = {
        "tree": nested(rows),
        "count": len(rows),
        "editing": editing,
        "edit_form": edit_form,
        "new_form": new_form or UnitForm(initial={"parent": below}, auto_id="new_%s"),
    }
    return page_or_fragment(
        request, page="identity/units.html", fragment="identity/_units.html", context=context, status=status
    )


def _administrator(request: HttpRequest) -> User:
    actor = actor_of(request)
    policy.require(actor, "identity.units")
    return actor


def _unit(ref: str) -> Unit:
    return found_or_404(Unit.objects.select_related("parent").filter(ref=ref).first())
