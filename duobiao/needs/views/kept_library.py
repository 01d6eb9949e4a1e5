"""The library kept by the company: all questions and tactics, their forms, undoing the last change."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import Refusal
from duobiao.needs.actions.keep_library import KEEP, Written, keep_entry, undo_entry
from duobiao.needs.forms.library import EntryForm
from duobiao.needs.models import LibraryKind
from duobiao.needs.queries.kept import Entry, versions_of
from duobiao.needs.queries.kept_entries import entries, entry_of
from duobiao.needs.views.common import FORM_METHODS, posted
from duobiao.web.forms import once
from duobiao.web.http import done, render


@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """Show all entries with their versions, for those who keep them."""
    policy.require(actor_of(request), KEEP)
    kinds = [(kind, entries(kind)) for kind in (LibraryKind.SPIN, LibraryKind.TACTIC)]
    return render(request, "needs/kept_library.html", {"kinds": kinds})


@require_http_methods(FORM_METHODS)
def new_entry(request: HttpRequest, sort: str) -> HttpResponse:
    """Write a question or tactic of our own."""
    policy.require(actor_of(request), KEEP)
    if sort not in LibraryKind.values:
        raise Http404
    return _form(request, sort, None)


@require_http_methods(FORM_METHODS)
def edit_entry(request: HttpRequest, sort: str, key: str) -> HttpResponse:
    """Change an entry; every change is a version."""
    policy.require(actor_of(request), KEEP)
    entry = entry_of(sort, key) if sort in LibraryKind.values else None
    if entry is None:
        raise Http404
    return _form(request, sort, entry)


@require_POST
def undo(request: HttpRequest, sort: str, key: str) -> HttpResponse:
    """Undo the last change of an entry."""
    version = request.POST.get("version", "")
    undo_entry(
        sort=sort, key=key, version=int(version) if version.isdecimal() and len(version) < 10 else 0,
        actor=actor_of(request), now=timezone.now(),
    )  # fmt: skip
    return done(request, to=reverse("needs:kept_library"), toast=_("Last change undone"))


def _form(request: HttpRequest, sort: str, entry: Entry | None) -> HttpResponse:
    initial: dict[str, Any] = {"version": 0}
    if entry is not None:
        names = ("slot", "industry", "text", "how", "removed")
        initial = {name: getattr(entry, name) for name in names} | {"version": entry.number}
    form = EntryForm(posted(request), sort=sort, initial=initial)
    back, status = reverse("needs:kept_library"), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with once(request) as submission:
                    if submission.first:
                        held = dict(form.cleaned_data)
                        version = held.pop("version") or 0
                        keep_entry(
                            sort=sort, key=entry.key if entry else "", written=Written(**held), version=version,
                            actor=actor_of(request), now=timezone.now(),
                        )  # fmt: skip
                return done(request, to=back, toast=_("Kept as a new version"))
            except Refusal as refusal:
                status = refused(form, refusal)
    context = {
        "form": form,
        "entry": entry,
        "kind": LibraryKind(sort),
        "versions": versions_of(sort, entry.key) if entry is not None else (),
        "back": back,
        "here": request.path,
    }
    return render(request, "needs/library_entry.html", context, status=status)
