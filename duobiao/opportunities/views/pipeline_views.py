"""Saved views: keep the present one, look at all, rename, share, begin with, delete; and all filters on one page."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.refusals import Refusal
from duobiao.opportunities.actions.change_view import change_view
from duobiao.opportunities.actions.delete_view import delete_view
from duobiao.opportunities.actions.save_view import save_view
from duobiao.opportunities.forms.pipeline import FilterForm, ViewForm
from duobiao.opportunities.models import SavedView
from duobiao.opportunities.queries.saved_views import LAYOUTS, own_view, read_state, stored, views_of
from duobiao.opportunities.views.pipeline_frame import head_of, layout_url, open_frame
from duobiao.web.api import found_or_404
from duobiao.web.http import done, page_or_fragment


@require_safe
def views(request: HttpRequest) -> HttpResponse:
    """Show the person's own views and those shared with them."""
    actor = actor_of(request)
    found = views_of(actor)
    context = {
        "own": [view for view in found if view.user_id == actor.pk],
        "shared": [view for view in found if view.user_id != actor.pk],
    }
    return page_or_fragment(
        request, page="opportunities/views.html", fragment="opportunities/_views.html", context=context
    )


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filters, order and columns of a page; ``replace`` names one of the own views to overwrite."""
    actor = actor_of(request)
    given = request.POST if request.method == "POST" else request.GET
    state = read_state(QueryDict(given.get("query", "")[:4000]), views_of(actor))
    layout = given.get("layout", "")
    layout = layout if layout in LAYOUTS else "list"
    form, status = ViewForm(), 200
    if request.method == "POST":
        replaced = _replaced(actor, request.POST.get("replace", ""))
        form, status = ViewForm(_with_name(request.POST, replaced)), 422
        if form.is_valid():
            try:
                view = save_view(
                    name=form.cleaned_data["name"],
                    shared=replaced.shared if replaced else form.cleaned_data["shared"],
                    query=stored(state),
                    columns=state.columns,
                    layout=layout,
                    replace=replaced,
                    actor=actor,
                    now=timezone.now(),
                )
            except Refusal as refusal:
                status = refused(form, refusal)
            else:
                url = f"{layout_url(layout)}?view={view.ref}"
                return done(request, to=url, toast=_("View “%(name)s” saved") % {"name": view.name})
    context = {"form": form, "query": given.get("query", ""), "layout": layout, "back": layout_url(layout)}
    return page_or_fragment(
        request,
        page="opportunities/save_view.html",
        fragment="opportunities/_save_view.html",
        context=context,
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Rename one of the own views, share it, begin with it."""
    actor = actor_of(request)
    view = found_or_404(own_view(actor, ref))
    initial = {"name": view.name, "shared": view.shared, "is_default": view.is_default}
    form, status = ViewForm(initial=initial), 200
    if request.method == "POST":
        form, status = ViewForm(request.POST), 422
        if form.is_valid():
            try:
                change_view(view=view, **form.cleaned_data, actor=actor, now=timezone.now())
            except Refusal as refusal:
                status = refused(form, refusal)
            else:
                return done(request, to="opportunities:views", toast=_("View saved"))
    return page_or_fragment(
        request,
        page="opportunities/edit_view.html",
        fragment="opportunities/_edit_view.html",
        context={"form": form, "saved": view},
        status=status,
    )


@require_POST
def delete(request: HttpRequest, ref: str) -> HttpResponse:
    """Delete one of the own views."""
    actor = actor_of(request)
    view = found_or_404(own_view(actor, ref))
    delete_view(view=view, actor=actor, now=timezone.now())
    return done(request, to="opportunities:views", toast=_("View “%(name)s” deleted") % {"name": view.name})


@require_safe
def filters(request: HttpRequest) -> HttpResponse:
    """Show every filter at once; the form leads back to the layout."""
    layout = request.GET.get("layout", "")
    frame = open_frame(request, layout if layout in LAYOUTS else "list")
    head = head_of(frame)
    form = FilterForm(frame.filters, choices=head.choices, stages=head.stages, playbooks=head.playbook_choices)
    context = {"form": form, "frame": frame, "head": head, "filters": frame.filters, "action": layout_url(frame.layout)}
    return page_or_fragment(
        request, page="opportunities/filters.html", fragment="opportunities/_filters.html", context=context
    )


def _replaced(actor: User, ref: str) -> SavedView | None:
    return found_or_404(own_view(actor, ref)) if ref else None


def _with_name(given: QueryDict, replaced: SavedView | None) -> QueryDict:
    """Return the fields sent; an overwritten view keeps its name."""
    if replaced is None:
        return given
    filled = given.copy()
    filled["name"] = replaced.name
    return filled
